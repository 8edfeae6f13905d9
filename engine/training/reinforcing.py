"""`python -m engine.training further`: the policies of `further.py` learned on a finished run, and compared with the
run's own router on films that it never met.

Leaves `router-2.pt`, `-4` and `-6` (for a half, a quarter and a sixth of the tokens), `ending.pt` and `further.json`.
The published model stays as it is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from torch import Tensor

from engine.evaluation.statistics import estimate, paired
from engine.training.architecture import write_json
from engine.training.batches import Films
from engine.training.further import Compared, Ending, Policy, Reinforced, Router, compared
from engine.training.loop import Pace, frozen, train
from engine.training.presets import Mix
from engine.training.run import Run
from engine.training.stages import DrawnFilms

log = logging.getLogger(__name__)

SHARE_OF_STAGE3 = 1 / 6  # of its steps
RATE = 3e-3
BUDGETS = (1 / 2, 1 / 4, 1 / 6)  # of all tokens, one router for each; an eighth is one token for everybody
CHECKS = 5  # times as many batches as a check of the stages looks at
PRICE = 0.5  # nats for all tokens of all segments; what an ending pays
RESULTS = "further.json"


def further(run: Run) -> None:
    """Train one router for each budget and an ending, and compare each with the run's own router."""
    stage = run.preset.stages[-1]
    run.network.load_state_dict(run.weights("stage3"))
    frozen(run.network, [])
    pace = Pace(max(2, round(SHARE_OF_STAGE3 * stage.pace.steps)), RATE, decay=0.0)
    mix = replace(middling(stage.mixes), routed=1.0)
    most, own = run.network.memory_tokens, own_direction(run)
    learner, checker = run.learner(), run.learner(check=True)

    def batch(step: int) -> Films:
        return run.source.films(np.random.default_rng((41, step)), mix, number=step, seed=(43, step))

    policies: dict[str, Policy] = {
        f"router-{round(1 / share)}": Router(own, most=most, share=share) for share in BUDGETS
    }
    policies["ending"] = Ending(len(own))
    for name, policy in policies.items():
        if not run.done(name):
            taught = Reinforced(learner, policy, price=PRICE if isinstance(policy, Ending) else 0.0)
            train(
                name,
                taught,
                batch,
                lambda module, drawn: module(drawn),
                folder=run.folder,
                pace=pace,
                saved=policy,
                checkpoint_seconds=run.checkpoint_seconds,
            )
        policy.load_state_dict(run.weights(name))
    source = DrawnFilms(run.check_pool, held_out=True)
    checks = [
        source.films(np.random.default_rng((47, number)), mix, number=number, seed=(53, number))
        for number in range(CHECKS * run.preset.check_films)
    ]
    found = compared(checker, policies, Router(own, most=most, share=1.0), checks)
    told = {name: figures(rows) for name, rows in found.items()}
    for name, numbers in told.items():
        log.info("%s: %s", name, json.dumps(numbers))
    write_json(run.folder / RESULTS, told)


def figures(rows: Sequence[Compared]) -> dict[str, object]:
    """Right answers with their intervals, by how much the policy is ahead, and how likely that is by chance."""
    films = [row.film for row in rows]
    ahead = [float(row.policy) - float(row.router) for row in rows]
    means = {
        "policy": estimate([float(row.policy) for row in rows], films),
        "router": estimate([float(row.router) for row in rows], films),
        "ahead": estimate(ahead, films),
    }
    told: dict[str, object] = {name: [one.mean, one.low, one.high] for name, one in means.items()}
    kept = {name: float(np.mean([getattr(row, f"{name}_kept") for row in rows])) for name in ("policy", "router")}
    return {**told, "p": paired(ahead, films), "kept": kept, "questions": len(rows)}


def own_direction(run: Run) -> Tensor:
    """The direction in which the published router reads relevance: Yes against No, before the four stages [width]."""
    table = run.weights("svlm")["embed_tokens.weight"]
    yes, no = (run.words.encode(word)[0] for word in ("Yes", "No"))
    return (table[yes] - table[no]).float()


def middling(mixes: Sequence[Mix]) -> Mix:
    """The one with the longest films but one, where there are two lengths: shares have room to differ there, and a film
    that is longer costs more than it tells."""
    by_length = sorted({max(mix.segments): mix for mix in mixes}.items())
    return by_length[-2:][0][1]
