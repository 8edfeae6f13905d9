"""How well a trained tower names what it sees: fresh scenes in, shares of things named right out, group by group.

The tower and the cell reader of step `vision` look at one pair of pictures of each scene; a thing is called what most
of its cells are called. Whatever the small VLM and the decoder learn, they name no more than this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from engine.evaluation.statistics import estimate
from engine.training.cell_reader import CellReader
from engine.training.network import patchify, see
from engine.training.pool import MOSTLY_SMALL, new_hand, shoot
from engine.training.run import Run
from engine.training.seeing import Lookout
from engine.training.world.combination import TRAIN, split_of
from engine.training.world.labels import ASPECTS, cells
from engine.training.world.plan import TURNS, Actor, Scene
from engine.training.world.scenes import LENGTH_ODDS, LENGTHS, SETTINGS
from engine.training.world.things import ALL_THINGS

SCENES, AT_ONCE = 1536, 128
THING = list(ASPECTS).index("thing")


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that was looked at; `scene` counts scenes."""

    scene: int
    groups: tuple[str, ...]
    right: bool


def eyesight(run: Run, *, split: str, scenes: int = SCENES) -> list[Named]:
    """Look at fresh scenes of a split. Raises `ModelError` if the run has no tower yet."""
    lookout = Lookout(run.network.svlm.visual, run.network.memory.shape[2])
    lookout.both.load_state_dict(run.weights("vision"))
    reader = lookout.both["reader"]
    assert isinstance(reader, CellReader)
    named: list[Named] = []
    for number in range(-(-scenes // AT_ONCE)):
        rng = np.random.default_rng((99, number))
        drawn = [_drawn(rng, split) for _ in range(min(AT_ONCE, scenes - number * AT_ONCE))]
        with torch.inference_mode():
            frames = torch.from_numpy(np.stack([pair for _, _, pair in drawn]))
            level, *_ = see(lookout.both["visual"], patchify(frames), lookout.grid)
            said = reader.logits(0, "thing", level).argmax(-1).numpy()
        for place, (scene, seconds, _) in enumerate(drawn):
            named += _judged(scene, cells(scene, seconds)[THING], said[place], number * AT_ONCE + place)
    return named


def table(named: list[Named]) -> str:
    """As Markdown, with 95 % intervals."""
    groups = Counter(group for one in named for group in one.groups)
    lines = ["| things | seen | named right (95 % interval) |", "|---|---:|---:|"]
    for group in ("all", *sorted(set(groups) - {"all"})):
        there = [one for one in named if group in one.groups]
        lines.append(f"| {group} | {len(there)} | {estimate([one.right for one in there], [o.scene for o in there])} |")
    scenes: dict[int, bool] = {}
    for one in named:
        scenes[one.scene] = scenes.get(one.scene, True) and one.right
    lines.append(f"| all of a scene | {len(scenes)} | {estimate(list(scenes.values()), list(scenes))} |")
    return "\n".join(lines)


def _drawn(rng: np.random.Generator, split: str) -> tuple[Scene, float, np.ndarray]:
    hand = new_hand(rng, split)
    scene = hand.scene(str(rng.choice(SETTINGS)), seconds=int(rng.choice(LENGTHS, p=LENGTH_ODDS)))
    second = int(rng.integers(scene.seconds))
    return scene, second + 0.5, next(shoot(rng, scene, [second], odds=MOSTLY_SMALL))


def _judged(scene: Scene, labels: np.ndarray, said: np.ndarray, number: int) -> Iterator[Named]:
    for actor in scene.actors:
        place = ALL_THINGS.index(actor.thing)
        here = said[labels == place]
        if len(here):
            called, _ = Counter(here.tolist()).most_common(1)[0]
            yield Named(number, tuple(_groups(actor, scene)), called == place)


def _groups(actor: Actor, scene: Scene) -> Iterator[str]:
    yield "all"
    beside = [scene.setting, *(one.thing for one in scene.actors if one is not actor), *filter(None, [actor.tint])]
    shown = all(split_of(actor.thing, one) == TRAIN for one in beside)
    yield "beside what training shows it with" if shown else "beside what training never shows it with"
    if actor.motion == TURNS:
        yield "turning"
    if actor.tint:
        yield "dyed"
    if len(scene.actors) == 1:
        yield "alone"
    yield f"drawn by {actor.look}"
