"""What is true about a film: when something is on screen and where it takes place, in seconds and segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from engine.training.world.plan import Actor, Film
from engine.training.world.things import ALL_THINGS

SEGMENT = 2  # seconds
Span = tuple[int, int]  # seconds of the film, the last one excluded
_PLACE = {name: place for place, name in enumerate(ALL_THINGS)}


@dataclass(frozen=True, slots=True)
class Clock:
    """How a film's time is told: the stamp of each segment as the decoder reads it, and when the film starts."""

    stamps: tuple[str, ...]  # "13.0", one a segment
    offset: int = 0  # second at which the first segment starts, where a film is part of a longer one

    def told(self, span: Span) -> str:
        """ "at 3.0 seconds" or "from 3.0 to 7.1 seconds"."""
        first, last = self.stamps[span[0] // SEGMENT], self.stamps[(span[1] - 1) // SEGMENT]
        return f"at {first} seconds" if first == last else f"from {first} to {last} seconds"


class Truth:
    """A film, looked through."""

    def __init__(self, film: Film) -> None:
        self.film = film

    @cached_property
    def cast(self) -> dict[str, list[Actor]]:
        """All actors by thing."""
        found: dict[str, list[Actor]] = {}
        for scene in self.film.scenes:
            for actor in scene.actors:
                found.setdefault(actor.thing, []).append(actor)
        return found

    @cached_property
    def runs_of(self) -> dict[str, list[Span]]:
        """When each thing is on screen."""
        seconds: dict[str, list[int]] = {}
        for second in range(self.film.seconds):
            for thing in self.things_at(second):
                seconds.setdefault(thing, []).append(second)
        return {thing: runs(shown) for thing, shown in seconds.items()}

    @cached_property
    def texts(self) -> dict[str, list[Span]]:
        """When each text is on screen."""
        seconds: dict[str, list[int]] = {}
        for second in range(self.film.seconds):
            if text := self.film.text_at(second):
                seconds.setdefault(text, []).append(second)
        return {text: runs(shown) for text, shown in seconds.items()}

    @cached_property
    def once(self) -> tuple[str, ...]:
        """Things that one actor plays in one go: what is asked about them has one answer."""
        return tuple(
            thing for thing, actors in self.cast.items() if len(actors) == 1 and len(self.runs_of.get(thing, ())) == 1
        )

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """Where the film takes place, one after the other."""
        return tuple(setting for setting, _ in groupby(scene.setting for scene in self.film.scenes))

    def actor(self, thing: str) -> Actor:
        """The only actor that plays the thing."""
        (actor,) = self.cast[thing]
        return actor

    def things_at(self, second: int) -> tuple[str, ...]:
        """What is on screen, each once, in the order in which answers list things."""
        return listing(actor.thing for actor in self.film.actors_at(second))


def listing(things: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the world's own order: where any order is right, an answer has to be one that can be foreseen."""
    return tuple(sorted(set(things), key=_PLACE.__getitem__))


def runs(seconds: Sequence[int]) -> list[Span]:
    """Ascending seconds as spans."""
    spans: list[Span] = []
    for second in seconds:
        if spans and spans[-1][1] == second:
            spans[-1] = (spans[-1][0], second + 1)
        else:
            spans.append((second, second + 1))
    return spans


def segments(spans: Sequence[Span]) -> tuple[int, ...]:
    """Segments that the spans touch, ascending."""
    return tuple(sorted({second // SEGMENT for start, end in spans for second in range(start, end)}))
