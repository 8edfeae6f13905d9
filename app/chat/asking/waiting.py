"""Questions that wait their turn: a line of wishes, every change a new line. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to ask, and how."""

    question: str
    turn: int = 0  # the number of the question it takes the place of; 0 for a new one
    frames: int = 0  # at most so many; 0 for what the settings say
    temperature: float = 0.0  # of another answer; 0 for what the settings say
    seed: int = 0
    range_seconds: tuple[float, float] | None = None  # about this part of the film only

    def drawn(self, temperature: float, seed: int) -> tuple[float, int]:
        """With what its answer is drawn where the settings say these; 0 and 0 for the likeliest wording."""
        if self.temperature:
            return self.temperature, self.seed
        return temperature, seed if temperature else 0

    def changes(self, now: tuple[float, float] | None) -> dict[str, Any]:
        """What it wants otherwise than the settings say, where the part of the film chosen by now is `now`."""
        drawn = {"temperature": self.temperature, "seed": self.seed} if self.temperature else {}
        lighter = {"max_frames": self.frames} if self.frames else {}
        elsewhere = {"range_seconds": self.range_seconds} if self.range_seconds != now else {}
        return {**drawn, **lighter, **elsewhere}


@dataclass(frozen=True, slots=True)
class Line:
    """What waits, first to be asked first. `held` says why it does not move on by itself; empty while it does."""

    wishes: tuple[Wish, ...] = ()
    held: str = ""

    def __len__(self) -> int:
        return len(self.wishes)

    def with_last(self, wish: Wish) -> Line:
        """One more at the end."""
        return replace(self, wishes=(*self.wishes, wish))

    def with_first(self, wish: Wish) -> Line:
        """One more in front of all."""
        return replace(self, wishes=(wish, *self.wishes))

    def without(self, place: int) -> Line:
        """One fewer. A line that runs empty is held by nothing."""
        wishes = (*self.wishes[:place], *self.wishes[place + 1 :])
        return Line(wishes, self.held if wishes else "")

    def with_in_front(self, place: int) -> Line:
        """One of them before all others."""
        return replace(self.without(place), wishes=(self.wishes[place], *self.without(place).wishes), held=self.held)

    def hold(self, why: str) -> Line:
        """Stop moving on; an empty line has nothing to hold."""
        return replace(self, held=why if self.wishes else "")

    def go_on(self) -> Line:
        """Move on again."""
        return replace(self, held="")

    def all_new(self) -> Line:
        """The questions to take the place of are gone: every wish becomes one of its own."""
        return replace(self, wishes=tuple(replace(wish, turn=0) for wish in self.wishes))

    def elsewhere(self) -> Line:
        """They were about parts of another film."""
        return replace(self, wishes=tuple(replace(wish, range_seconds=None) for wish in self.wishes))
