"""The numbers of a run from nothing: how large the model is, how long each step of the recipe is trained, and on what.

The bundled model was made in laps; what each took is told in `docs/nano`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.training.architecture import MICRO as MICRO_SHAPE
from engine.training.architecture import Shape
from engine.training.keeping import MOSTLY, PARTLY, Keeping
from engine.training.loop import Pace

# How often each kind is asked, where a film can answer it.
SHARES: dict[str, float] = {
    "when": 1.5, "whether": 1.0, "what": 2.0, "caption": 0.8, "text": 1.2, "colour": 1.2, "count": 1.2, "motion": 1.2,
    "where": 0.8, "together": 1.2, "often": 1.3, "after": 1.5, "before": 1.5, "first": 0.8, "last": 0.8, "earlier": 1.0,
    "longer": 1.0, "more": 0.8, "summary": 1.2, "absent": 1.0, "unknown": 0.6,
}  # fmt: skip


# Of the decoder's notes: what two steps of thought are needed for is learnt last.
NOTED_SHARES = {**SHARES, "before": 3.0, "after": 2.5, "together": 2.0, "count": 1.5, "more": 1.2, "caption": 1.2}
# Beyond a few segments the moment is what is hard to find, and what everybody asks for.
TOLD = {**SHARES, "story": 0.7, "when": 4.0, "whether": 2.0, "caption": 1.5, "often": 1.5}
# Of the pre-training: everything told, and questions that want names, numbers, colours and movements; the others are
# learnt sooner.
EARLY = {
    **SHARES, "story": 3.0, "what": 3.0, "together": 2.0, "count": 2.0, "motion": 2.0, "more": 1.5, "colour": 1.5,
    "when": 0.8, "summary": 0.8, "often": 0.6, "absent": 0.6, "whether": 0.5, "unknown": 0.3,
}  # fmt: skip

# Once nothing but time is wanting: lists, which take longest to be whole, and what a film does not show.
LISTS = {
    **SHARES, "what": 2.5, "together": 2.0, "after": 2.0, "before": 2.0, "first": 1.3, "last": 1.3, "when": 2.0,
    "summary": 2.5, "absent": 1.8, "more": 1.2, "caption": 1.0,
}  # fmt: skip

LETTERED = 0.08  # of the steps ask with letters to choose from, and only so: one long question pads all others


@dataclass(frozen=True, slots=True)
class Mix:
    """What a step reads: films of one of these lengths, `budget` segments in all, `asks` questions on each."""

    segments: tuple[int, ...]
    budget: int
    asks: int
    routed: float = 0.5  # how often the compressor is told to judge relevance, as it is when asked
    keeping: Keeping = PARTLY
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    lettered: float = LETTERED
    fixed: bool = False  # only projector and decoder learn: a long film costs half as much


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four: steps take their mixes in turn."""

    pace: Pace
    mixes: tuple[Mix, ...]
    projected: bool = True  # whether the projector learns; small entries of it are what bound layers read


@dataclass(frozen=True, slots=True)
class Preset:
    """All of it."""

    name: str
    shape: Shape
    shards: int  # of the pool
    check_shards: int  # of the pool of unseen combinations that checks look at
    families: int  # a shard
    vision: Pace
    vision_batch: int  # pairs of pictures
    svlm: Pace
    svlm_segments: int
    decoder: Pace
    decoder_segments: int  # in all films of a step
    stages: tuple[Stage, Stage, Stage, Stage]
    check_films: int = 24
    blur: float = 0.0  # of the pool's visual tokens, while the four stages and the small VLM read them

    def scaled(self, scale: float) -> Preset:
        """As many steps as `scale` says, to try it out."""

        def paced(pace: Pace) -> Pace:
            return replace(pace, steps=max(2, round(pace.steps * scale)))

        return replace(
            self,
            shards=max(1, round(self.shards * scale)),
            vision=paced(self.vision),
            svlm=paced(self.svlm),
            decoder=paced(self.decoder),
            stages=tuple(replace(stage, pace=paced(stage.pace)) for stage in self.stages),  # type: ignore[arg-type]
        )


# What films of 16 segments were answered worst about after stage 2 is asked more often in stage 3, and of long films
# the moment: there the decoder finds it last.
LONG = {**TOLD, "summary": 2.5, "what": 2.5, "after": 2.0, "before": 2.0, "together": 1.7, "count": 1.5, "story": 0.5}
FAR = {**LONG, "when": 4.0, "caption": 2.5, "often": 2.5, "before": 2.5, "together": 2.0}
SHORTEST = Mix((2, 4, 8), 32, asks=6, routed=0.9, keeping=MOSTLY, shares=LISTS)
SHORT = Mix((8, 16, 16), 32, asks=8, routed=0.9, keeping=MOSTLY, shares=LISTS, fixed=True)
MEDIUM = Mix((24, 32, 48, 64), 64, asks=5, routed=0.9, keeping=Keeping(0.8, 0.1), shares=FAR, lettered=0.12, fixed=True)
LONGEST = Mix(
    (64, 96, 128, 192, 256), 256, asks=2, routed=0.9, keeping=Keeping(0.9, 0.0), shares=FAR, lettered=0.12, fixed=True
)
NANO = Preset(
    name="nano",
    shape=Shape(),
    blur=0.15,
    shards=300,
    check_shards=3,
    families=40,
    vision=Pace(22000, 1.5e-3, matrix_rate=4e-3, check_every=1000, falling=0.45),
    vision_batch=64,
    svlm=Pace(15600, 1.5e-3, matrix_rate=4e-3, check_every=500, falling=0.5),
    svlm_segments=48,
    decoder=Pace(4000, 1.5e-3, matrix_rate=4e-3, check_every=500, falling=0.5),
    decoder_segments=96,
    stages=(
        Stage(Pace(100, 1e-4), (Mix((1, 2, 4), 48, asks=2),)),
        Stage(
            Pace(3000, 5e-4, matrix_rate=1.2e-3, check_every=250, falling=0.6),
            (Mix((1, 2, 4, 8), 24, asks=4, keeping=MOSTLY, shares=EARLY),),
            projected=False,
        ),
        Stage(
            Pace(1200, 5e-4, matrix_rate=1.2e-3, check_every=300, falling=0.8),
            (Mix((2, 4, 8), 32, asks=5, keeping=MOSTLY, shares=LISTS), Mix((8, 16, 16), 32, asks=4, shares=LISTS)),
            projected=False,
        ),
        Stage(
            Pace(1800, 4e-4, matrix_rate=1e-3, check_every=450, falling=0.9),
            (SHORTEST, SHORT, MEDIUM, SHORT, SHORTEST, MEDIUM, LONGEST),
            projected=False,
        ),
    ),
)
TINY_STEPS = Pace(6, 1e-3, matrix_rate=2e-3, warm_up=2, check_every=3)
MICRO = Preset(
    name="micro",
    shape=MICRO_SHAPE,
    shards=2,
    check_shards=1,
    families=6,
    vision=TINY_STEPS,
    vision_batch=4,
    svlm=TINY_STEPS,
    svlm_segments=4,
    decoder=TINY_STEPS,
    decoder_segments=8,
    stages=(
        Stage(TINY_STEPS, (Mix((1,), 2, asks=2),)),
        Stage(TINY_STEPS, (Mix((1, 2), 2, asks=2),)),
        Stage(TINY_STEPS, (Mix((4,), 4, asks=2),)),
        Stage(
            TINY_STEPS,
            (Mix((1, 2), 2, asks=1, routed=0.9), Mix((8,), 8, asks=1, routed=0.9, fixed=True)),
            projected=False,
        ),
    ),
    check_films=2,
)
PRESETS = {preset.name: preset for preset in (NANO, MICRO)}
