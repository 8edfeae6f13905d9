"""The sample film of the first start, six questions about it, and what is true.

Its seed is apart from every training seed and from those of the evaluation, and was not chosen by answers. `_neat` is
newer: it came when the model had answered 5 of six questions drawn without it, and 4 of six with its first half.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import numpy as np

from engine.training.architecture import write_json
from engine.training.asking.asked import Asked, Desk
from engine.training.asking.kinds import ask_kind, desk_for
from engine.training.asking.truth import Clock, Truth
from engine.training.clips import sample_times, timed
from engine.training.world.combination import TEST
from engine.training.world.composing import sample_film
from engine.training.world.films import Coding, write_film
from engine.training.world.plan import Film

SEED = 20_261_129
SEGMENTS = 30
CODING = Coding(options=(("crf", "24"), ("preset", "slow")), width=640, height=384, sound=True)
# The kinds that a first visit is offered: those that the model is mostly right about, and one that it must decline.
SUGGESTED = ("when", "where", "text", "often", "earlier", "unknown")
DRAWS = 20  # of wordings
NEAT = re.compile("[A-Z].*[?.]")


def sample_plan() -> tuple[Film, tuple[Asked, ...]]:
    """One minute by artists that training knows, and a question of each suggested kind."""
    rng = np.random.default_rng(SEED)
    while True:  # until a film can be asked all of them
        film = sample_film(rng, segments=SEGMENTS, split=TEST)
        times = timed(sample_times(SEGMENTS, frame_rate=CODING.rate), np.zeros(film.seconds))
        desk = desk_for(rng, film, Clock(times.centre_times))
        asked = [one for kind in SUGGESTED if (one := _neat(desk, kind))]
        if len(asked) == len(SUGGESTED):
            return film, tuple(asked)


def _neat(desk: Desk, kind: str) -> Asked | None:
    """A question that is written as one writes to be read, for among the wordings are hasty ones, and that one moment
    answers."""
    drawn = (ask_kind(desk, kind) for _ in range(DRAWS))
    return next((one for one in drawn if one and NEAT.fullmatch(one.question) and len(one.spans) < 2), None)


def write_sample(folder: Path) -> None:
    """`sample.mp4` and `sample.json` in `folder`."""
    film, asked = sample_plan()
    folder.mkdir(parents=True, exist_ok=True)
    write_film(film, folder / "sample.mp4", CODING)
    truth = [asdict(one) for one in asked]
    spans = {thing: [list(span) for span in found] for thing, found in Truth(film).runs_of.items()}
    write_json(folder / "sample.json", {"questions": [one.question for one in asked], "truth": truth, "spans": spans})
