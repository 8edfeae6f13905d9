"""The four stages: alignment, pre-training, broad fine-tuning, long context. One next-token loss, no relevance label.

What they read comes from a source: films out of the pool, or films and questions of one's own (`video_data.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from torch import nn

from engine.training.architecture import COMPRESSOR_SYSTEM, ROUTER_SENTENCE, TempoNet
from engine.training.batches import Batch, Films
from engine.training.binding import level_words
from engine.training.drawn import draft_example
from engine.training.loop import frozen
from engine.training.pool import Pool
from engine.training.presets import Mix
from engine.training.teaching import teach

if TYPE_CHECKING:
    from engine.training.run import Run

STAGES = ("stage0", "stage1", "stage2", "stage3")
CHECK_ASKS, CHECK_SEGMENTS = 4, 16


class Source(Protocol):
    """Where films come from."""

    def films(
        self, rng: np.random.Generator, mix: Mix, *, number: int, seed: tuple[int, ...], length: int = 0
    ) -> Films:
        """The batch `number` of a stage, counted over all processes; films of `length` segments, 0: any of the mix."""


class DrawnFilms:
    """Films out of a pool, with questions made up about them."""

    def __init__(self, pool: Pool, *, among: int = 1, held_out: bool = False) -> None:
        """`among` so many processes; `held_out`: asked in the wordings of the test."""
        self._pool, self._among, self._held_out = pool, among, held_out

    def films(
        self, rng: np.random.Generator, mix: Mix, *, number: int, seed: tuple[int, ...], length: int = 0
    ) -> Films:
        """Films that nobody has seen in this order, as many as make the mix's budget of segments, or the part of it
        that falls to one among several processes."""
        count = length or int(rng.choice(mix.segments))
        shares = {"choice": 1.0} if rng.random() < mix.lettered else mix.shares
        examples = tuple(
            draft_example(rng, self._pool, segments=count, asks=mix.asks, shares=shares, held_out=self._held_out)
            for _ in range(max(1, mix.budget // (count * self._among)))
        )
        return Films(examples, system_of(rng, mix), mix.keeping, seed, mix.fixed)


def system_of(rng: np.random.Generator, mix: Mix) -> str:
    """What the compressor is told; at times also to judge relevance, as when it is asked."""
    return COMPRESSOR_SYSTEM + (ROUTER_SENTENCE if rng.random() < mix.routed else "")


def film_stage(run: Run, name: str, parts: Callable[[TempoNet], list[nn.Parameter]]) -> None:
    """Train one of the four stages, unless it is done."""
    if run.done(name):
        return
    number = STAGES.index(name)
    stage = run.preset.stages[number]
    if not run.begun(name):  # a checkpoint holds all of the network
        _start(run, number)
        level_words(run.network.decoder, run.words, run.network.bound_layers)
    fixed = set() if stage.projected else {id(one) for one in run.network.projector.parameters()}
    frozen(run.network, [one for one in parts(run.network) if id(one) not in fixed])

    def batch(step: int) -> Batch:
        together = step // run.process.count
        mix = stage.mixes[together % len(stage.mixes)]
        length = int(np.random.default_rng((14, number, together)).choice(mix.segments))  # they wait for each other
        rng = np.random.default_rng((13, number, step))
        return run.source.films(rng, mix, number=step, seed=(29, number, step), length=length)

    def checks() -> list[Batch]:
        segments = min(CHECK_SEGMENTS if number > 1 else 2, max(max(mix.segments) for mix in stage.mixes))
        mix = Mix(
            (segments,), run.preset.check_films * segments, CHECK_ASKS, routed=1.0, keeping=stage.mixes[0].keeping
        )
        whole = run.check_source.films(np.random.default_rng((31, number)), mix, number=0, seed=(37, number))
        return [Films((one,), whole.system, mix.keeping, (37, n)) for n, one in enumerate(whole.examples)]

    teach(
        run,
        name,
        run.learner(),
        batch,
        pace=stage.pace,
        saved=run.network,
        checks=checks if run.checked else None,
        check_learner=run.learner(check=True) if run.checked else None,
    )


def _start(run: Run, number: int) -> None:
    if number == 0:
        run.begin()
    else:
        run.network.load_state_dict(run.weights(STAGES[number - 1]))


def aligned(network: TempoNet) -> list[nn.Parameter]:
    """What stage 0 trains."""
    return [network.memory, *network.projector.parameters()]


def all_but_vision(network: TempoNet) -> list[nn.Parameter]:
    """What the other stages train."""
    return [*aligned(network), *network.svlm.language_model.parameters(), *decoder_parts(network)]


def decoder_parts(network: TempoNet) -> list[nn.Parameter]:
    """What may learn in the decoder: all but the layers that are bound, which are sharp in few directions, and which
    an optimiser that steps in all of them unlearns within a hundred steps."""
    bound = {id(one) for layer in network.decoder.model.layers[: network.bound_layers] for one in layer.parameters()}
    return [one for one in network.decoder.parameters() if id(one) not in bound]


def stage0(run: Run) -> None:
    """Alignment: memory tokens and projector only, films of one to four segments."""
    film_stage(run, "stage0", aligned)


def stage1(run: Run) -> None:
    """Pre-training: films of one to eight segments."""
    film_stage(run, "stage1", all_but_vision)


def stage2(run: Run) -> None:
    """Broad fine-tuning: films of two to sixteen segments."""
    film_stage(run, "stage2", all_but_vision)


def stage3(run: Run) -> None:
    """Long context: films of hundreds of segments, in turn with short ones."""
    film_stage(run, "stage3", all_but_vision)
