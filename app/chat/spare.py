"""The next question's widgets, made and dressed while nobody waits: with them to ask takes 3 ms, without 8."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.chat.turn import Turn

_REST_MILLISECONDS = 20  # between two steps
_STEP_SECONDS = 0.002


class Spare(QObject):
    """One turn at most, hidden in the widget that it will stand in."""

    def __init__(self, make: Callable[[], Turn], stage: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make, self._stage = make, stage
        self._turn: Turn | None = None
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self, interval=_REST_MILLISECONDS)
        self._timer.timeout.connect(self._go_on)

    @property
    def ready(self) -> bool:
        """Nothing is left to do before it is wanted."""
        return self._turn is not None and not self._timer.isActive()

    def prepare(self) -> None:
        """Have one ready soon."""
        if self._turn is None and not self._timer.isActive():
            self._steps = self._made()
            self._timer.start()

    def take(self) -> Turn | None:
        """The turn, as far as it is; the caller's from now on."""
        turn, self._turn = self._turn, None
        self._timer.stop()
        return turn

    def discard(self) -> None:
        """In other colours it has to be made anew."""
        turn = self.take()
        if turn is not None:
            turn.deleteLater()

    def _go_on(self) -> None:
        until = time.monotonic() + _STEP_SECONDS
        for _ in self._steps:
            if time.monotonic() > until:
                return
        self._timer.stop()

    def _made(self) -> Iterator[None]:
        turn = self._turn = self._make()
        turn.hide()
        turn.setParent(self._stage)
        yield
        turn.take.prepare_view()
        yield
        for part in (turn, *turn.findChildren(QWidget)):
            part.ensurePolished()
            yield
