"""Training films out of the pool: scenes under the times of their place in a film, with questions and true answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.training.asking.asked import Asked, Desk
from engine.training.asking.kinds import ask, desk_for
from engine.training.asking.truth import Clock, Truth
from engine.training.clips import Clip, Example, sample_times, timed
from engine.training.pool import Family, Pool
from engine.training.world.composing import compose
from engine.training.world.plan import Film, Scene

OFFSETS, OFFSET_ODDS = (1, 25, 240), (0.45, 0.45, 0.1)  # segments before the film starts: none, up to a minute, any
TRIES = 40


@dataclass(frozen=True, slots=True)
class Draft:
    """A film out of the pool."""

    film: Film
    clip: Clip
    clock: Clock

    def desk(self, rng: np.random.Generator, *, held_out: bool = False) -> Desk:
        """Where questions about it are made up."""
        return desk_for(rng, self.film, self.clock, held_out=held_out, truth=Truth(self.film))


class Pooled:
    """A source of scenes for `compose`: picks from a pool, and notes which pairs were picked."""

    def __init__(self, rng: np.random.Generator, pool: Pool) -> None:
        self._rng, self._pool = rng, pool
        self._used: set[str] = set()
        self._stars: dict[str, tuple[Family, tuple[int, ...]]] = {}
        self.rows: list[np.ndarray] = []

    def star(self, setting: str) -> str:
        """The star of a family in this setting; "" if the pool has none that was not shown."""
        for _ in range(TRIES):
            family, firsts = self._any(setting)
            star = _star(family)
            if star and star not in self._used:
                self._used.add(star)
                self._stars[star] = (family, firsts)
                return star
        return ""

    def scene(self, setting: str, *, star: str = "", most: int, odd: bool = False) -> Scene:
        """A pooled scene, cut short where it is too long."""
        scene, first = self._with_star(star) if star else self._new(setting)
        seconds = min(scene.seconds, most)
        seconds -= odd and seconds % 2 == 0
        scene = shortened(scene, seconds)
        self._used |= set(_things(scene))
        self.rows.append(np.arange(first, first + seconds))
        return scene

    def _with_star(self, star: str) -> tuple[Scene, int]:
        family, firsts = self._stars[star]
        there = [place for place, scene in enumerate(family) if star in _things(scene)]
        fresh = [place for place in there if not (set(_things(family[place])) - {star}) & self._used]
        place = int(self._rng.choice(fresh or there))
        return family[place], firsts[place]

    def _new(self, setting: str) -> tuple[Scene, int]:
        for _ in range(TRIES):
            family, firsts = self._any(setting)
            place = int(self._rng.integers(len(family)))
            if not set(_things(family[place])) & self._used:
                break  # else the world is used up, and things come back
        return family[place], firsts[place]

    def _any(self, setting: str) -> tuple[Family, tuple[int, ...]]:
        families = self._pool.by_setting.get(setting) or self._pool.families
        return families[int(self._rng.integers(len(families)))]


def draft_film(rng: np.random.Generator, pool: Pool, *, segments: int) -> Draft:
    """A film of `segments`; in half of the cases it starts later than at 0, as a range of a longer film does."""
    source = Pooled(rng, pool)
    film = compose(rng, source, seconds=2 * segments, settings=tuple(pool.by_setting))
    start = 2 * int(rng.integers(OFFSETS[int(rng.choice(len(OFFSETS), p=OFFSET_ODDS))]))
    seconds = start + sample_times(segments, frame_rate=int(rng.choice((10, 12, 24, 25, 30, 60))))
    clip = timed(seconds, np.concatenate(source.rows))
    return Draft(film, clip, Clock(clip.centre_times, start))


def draft_example(
    rng: np.random.Generator, pool: Pool, *, segments: int, asks: int, shares: Mapping[str, float],
    held_out: bool = False,
) -> Example:  # fmt: skip
    """A film with questions, `held_out` in the wordings of the test."""
    draft = draft_film(rng, pool, segments=segments)
    desk = draft.desk(rng, held_out=held_out)
    asked = [ask(desk, shares) for _ in range(asks)]
    return Example(draft.clip, tuple((one.question, one.answer) for one in asked), tuple(one.kind for one in asked))


def bears(asked: Asked, place: int) -> bool:
    """Whether a segment, seen by itself, is one that the question is about."""
    return place in asked.bearing


def shortened(scene: Scene, seconds: int) -> Scene:
    """Its first `seconds`."""
    return scene if seconds >= scene.seconds else scene.part(0, seconds)


def _star(family: Family) -> str:
    """What most of a family's scenes show, "" if nothing comes twice."""
    shown = Counter(thing for scene in family for thing in _things(scene))
    star, times = shown.most_common(1)[0] if shown else ("", 0)
    return star if times > 1 else ""


def _things(scene: Scene) -> tuple[str, ...]:
    return tuple(actor.thing for actor in scene.actors)
