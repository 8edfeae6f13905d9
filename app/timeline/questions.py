"""Engine events and a person's choices in, which question's heat is shown and which one beside it out. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

from app.timeline.heatmap import Fold, Heatmap
from engine.events import Event
from engine.records import Answer

NOTHING = Heatmap()


class Questions:
    """The heatmaps of a conversation. Events belong to the question asked last, whichever is shown."""

    def __init__(self) -> None:
        self._past: dict[int, Heatmap] = {}
        self._fold = Fold(NOTHING)
        self._shown: int | None = None  # None: the one asked last
        self._beside: int | None = None  # None: the one before the one shown

    def begin(self, number: int) -> None:
        """A question was asked: it is the one shown."""
        self._keep()
        self._fold = Fold(Heatmap(question=number))
        self._shown = None

    def take(self, event: Event) -> bool:
        """Fold an event in. False if it changes nothing."""
        return self._fold.take(event)

    def restore(self, heatmaps: Iterable[Heatmap]) -> None:
        """Questions of an earlier conversation in place of those of this one; the last one is shown."""
        self._past = {heatmap.question: heatmap for heatmap in heatmaps}
        self._fold = Fold(self._past[max(self._past)] if self._past else NOTHING)
        self._shown = self._beside = None

    def show(self, number: int, answer: Answer | None = None) -> bool:
        """Show a question's heat again, `answer`'s in place of the one known. False if nothing is known of it."""
        if answer is not None and number == self.last.question:
            self._fold = Fold(Heatmap.from_answer(number, answer))
        elif answer is not None:
            self._past[number] = Heatmap.from_answer(number, answer)
        if number != self.last.question and number not in self._past:
            return False
        self._shown = None if number == self.last.question else number
        return True

    def compare(self, number: int | None) -> None:
        """Which question to show beside it; None: always the one before."""
        self._beside = number

    @property
    def last(self) -> Heatmap:
        """The question asked last."""
        return self._fold.now

    @property
    def now(self) -> Heatmap:
        """The question shown."""
        return self.last if self._shown is None else self._past[self._shown]

    @property
    def beside(self) -> Heatmap:
        """The question shown for comparison, or an empty one."""
        others = self.others
        if self._beside in others:
            return self._heat(self._beside)
        before = [number for number in others if number < self.now.question]
        return self._heat(max(before)) if before else NOTHING

    @property
    def compared(self) -> int | None:
        """What was chosen to stand beside."""
        return self._beside

    @property
    def others(self) -> tuple[int, ...]:
        """Questions with a heat that could stand beside the one shown."""
        known = {number for number, heatmap in self._past.items() if heatmap.shares}
        if self.last.shares:
            known.add(self.last.question)
        return tuple(sorted(known - {self.now.question}))

    def _heat(self, number: int | None) -> Heatmap:
        return self.last if number == self.last.question else self._past.get(number or 0, NOTHING)

    def _keep(self) -> None:
        if self.last.question:
            self._past[self.last.question] = self.last
