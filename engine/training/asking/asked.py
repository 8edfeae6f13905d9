"""The record of a question with its truth, and the desk at which questions about one film are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.training.asking.phrasing import phrased
from engine.training.asking.truth import Clock, Span, Truth
from engine.training.world.plan import Actor, Film


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a film, the answer, and what makes other answers right.

    A right answer names `names` and no other thing, `spans` and no other time, says `value` (or one of `accepted`).
    """

    kind: str
    question: str
    answer: str
    names: tuple[str, ...] = ()
    spans: tuple[tuple[float, float], ...] = ()  # seconds of the film
    value: str = ""
    accepted: tuple[str, ...] = ()
    segments: tuple[int, ...] = ()  # that bear on it
    routed: tuple[int, ...] = ()  # those that look so by themselves, where that is not the same
    ordered: bool = False  # the names, or values, in this order
    absent: bool = False  # what is asked about does not appear
    unknown: bool = False  # nor is it anything that this world holds
    about: str = ""  # the kind that a question with letters, or without an answer, is made from

    @property
    def bearing(self) -> tuple[int, ...]:
        """Segments that, seen by themselves, are ones that the question is about."""
        return self.routed or self.segments


@dataclass(frozen=True)
class Desk:
    """Everything that it takes to ask about one film."""

    rng: np.random.Generator
    truth: Truth
    clock: Clock
    names: Sequence[str]  # all things of the world
    held_out: bool = False  # wordings and nouns of the test

    @property
    def film(self) -> Film:
        """The film."""
        return self.truth.film

    def phrased(self, kind: str, **slots: object) -> str:
        """One way to ask."""
        return phrased(self.rng, kind, held_out=self.held_out, **slots)  # type: ignore[arg-type]

    def pick(self, choices: Sequence[str]) -> str | None:
        """One of them, or None of none."""
        return str(choices[int(self.rng.integers(len(choices)))]) if choices else None

    def second(self) -> int:
        """Any second of the film."""
        return int(self.rng.integers(self.film.seconds))

    def moment(self, second: int) -> int:
        """The second as it is told."""
        return self.clock.offset + second

    def spans(self, spans: Sequence[Span]) -> tuple[tuple[float, float], ...]:
        """Spans as they are told."""
        offset = self.clock.offset
        return tuple((float(offset + start), float(offset + end)) for start, end in spans)

    def absent(self) -> str:
        """A thing of the world that the film does not show."""
        missing = [name for name in self.names if name not in self.truth.cast]
        return str(missing[int(self.rng.integers(len(missing)))])

    def solo(self, *, single: bool = False) -> list[Actor]:
        """Actors of things that one actor plays in one go; `single` leaves groups out."""
        actors = [self.truth.actor(thing) for thing in self.truth.once]
        return [actor for actor in actors if not single or actor.count == 1]
