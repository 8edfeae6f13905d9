"""Questions asked before, walked through with the arrow keys like a shell's. Pure."""

from __future__ import annotations

from collections.abc import Iterable

_KEPT = 100


class Recalled:
    """The questions, newest last, and where one stands among them."""

    def __init__(self) -> None:
        self._questions: list[str] = []
        self._place = 0  # one past the newest: nothing is recalled

    def add(self, question: str) -> None:
        """Asked just now. The same once more moves to the end."""
        self._questions = [*(past for past in self._questions if past != question), question][-_KEPT:]
        self.leave()

    def fill(self, questions: Iterable[str]) -> None:
        """Those of a conversation of the past go before what was asked since."""
        since = self._questions
        self._questions = []
        for question in (*questions, *since):
            self.add(question)

    def leave(self) -> None:
        """Something else was typed."""
        self._place = len(self._questions)

    @property
    def now(self) -> str:
        """The one recalled; empty for none."""
        return self._questions[self._place] if self._place < len(self._questions) else ""

    def step(self, way: int) -> str | None:
        """The one before (-1) or after (1); None if there is none that way, empty past the newest."""
        place = self._place + way
        if not 0 <= place <= len(self._questions):
            return None
        self._place = place
        return self.now
