"""Films put together: a source of scenes and a length in, a `Film` out.

A film has chapters, each in one setting, most with a star: a thing that comes back in several of the chapter's scenes,
never in two in a row. All other things are shown once, as far as the world has enough of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from engine.errors import ModelError
from engine.training.world.lettering import fonts_fetched, fonts_here
from engine.training.world.plan import Film, Scene
from engine.training.world.scenes import LENGTH_ODDS, LENGTHS, SETTINGS, Stagehand
from engine.training.world.sprites import styles_here
from engine.training.world.styles import HELD_OUT, TRAINED

SHORTEST_CHAPTER = 8  # seconds
SECONDS_A_SCENE = float(np.dot(LENGTHS, LENGTH_ODDS))
STARLESS = 0.15
MOST_RETURNS = 5
BACK_ON_GRID = 0.7  # how often a scene sees to it that the next cut lies between two segments again


class Source(Protocol):
    """Where scenes come from: drawn anew, or out of a pool."""

    def star(self, setting: str) -> str:
        """A thing for the leading part in a setting."""

    def scene(self, setting: str, *, star: str = "", most: int, odd: bool = False) -> Scene:
        """A scene of `most` seconds at most, of an odd number of them if asked for."""


class Fresh:
    """Scenes that nobody has seen."""

    def __init__(self, hand: Stagehand) -> None:
        self.hand = hand

    def star(self, setting: str) -> str:
        """A thing that was not shown yet; the scene itself sees to what belongs to which split."""
        hand = self.hand
        free = [name for name in hand.names if name not in hand.used]
        if len(free) < len(hand.names) // 10:  # the world is used up: things come back
            hand.used.clear()
            free = list(hand.names)
        for name in hand.rng.permutation(free).tolist():
            if hand.fits(name, setting):
                hand.used.add(name)
                return str(name)
        return str(free[0])

    def scene(self, setting: str, *, star: str = "", most: int, odd: bool = False) -> Scene:
        """As `Stagehand.scene`."""
        hand = self.hand
        if len(hand.used) > 0.9 * len(hand.names):
            hand.used.clear()
        length = int(hand.rng.choice((1, 3))) if odd else int(hand.rng.choice(LENGTHS, p=LENGTH_ODDS))
        return hand.scene(setting, star=star, seconds=min(length, most))


def compose(rng: np.random.Generator, source: Source, *, seconds: int, settings: Sequence[str] = SETTINGS) -> Film:
    """A film of exactly `seconds`."""
    scenes: list[Scene] = []
    lengths = _chapters(rng, seconds)
    order = [settings[place % len(settings)] for place in rng.permutation(max(len(lengths), len(settings)))]
    for setting, length in zip(order, lengths, strict=False):
        scenes += _chapter(rng, source, setting, length)
    return Film(tuple(scenes))


def sample_film(
    rng: np.random.Generator, *, segments: int, split: str, held_out_style: bool = False, artists: Sequence[str] = ()
) -> Film:
    """A film of `segments` two-second segments, by artists that training knows or, held out, by one it does not.

    Raises `ModelError` if those that are held out were not fetched.
    """
    here = artists or styles_here(HELD_OUT if held_out_style else TRAINED)
    if held_out_style and not (here and fonts_fetched(held_out=True)):
        raise ModelError(
            "The artist and the font that are kept for the test are not on this machine.",
            advice="Run `python -m engine.training fetch`.",
        )
    hand = Stagehand(
        rng=rng,
        split=split,
        artists=tuple(map(str, rng.permutation(np.array(here)))),
        fonts=fonts_here(held_out=held_out_style),
    )
    return compose(rng, Fresh(hand), seconds=2 * segments)


def _chapters(rng: np.random.Generator, seconds: int) -> list[int]:
    """Lengths of the chapters: one to four, more in longer films."""
    most = min(4, seconds // SHORTEST_CHAPTER)
    count = int(rng.integers(1 if seconds < 6 * SHORTEST_CHAPTER else 2, most + 1)) if most > 1 else 1
    spare = (seconds - count * SHORTEST_CHAPTER) // 2 if count > 1 else 0
    cuts = np.sort(rng.integers(0, spare + 1, count - 1)) if count > 1 else np.array([], int)
    parts = np.diff([0, *cuts, spare]) if count > 1 else np.array([0])
    lengths = [SHORTEST_CHAPTER * (count > 1) + 2 * int(part) for part in parts]
    lengths[-1] += seconds - sum(lengths)
    return lengths


def _chapter(rng: np.random.Generator, source: Source, setting: str, seconds: int) -> list[Scene]:
    star = "" if rng.random() < STARLESS else source.star(setting)
    expected = max(1, round(seconds / SECONDS_A_SCENE))
    returns = 1 + int(rng.integers(0, min(MOST_RETURNS, (expected + 1) // 2) + 1))
    share = min(1.0, 2.0 * returns / expected)  # of the scenes that may hold the star: no two in a row
    scenes: list[Scene] = []
    left, there = seconds, False
    while left:
        there = bool(star) and not there and returns > 0 and rng.random() < share
        returns -= there
        odd = left % 2 == 1 and rng.random() < BACK_ON_GRID
        scenes.append(source.scene(setting, star=star if there else "", most=left, odd=odd))
        left -= scenes[-1].seconds
    return scenes
