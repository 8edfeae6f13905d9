"""Keeps the bounds of playing and says when one is reached, to the picture where pictures tell, else by the clock."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.player.bounds import Bounds, Loop, Span

_OUTLASTS_SECONDS = 0.05  # a picture that stays so much longer than the limit does not wait for the next one
_GRAIN = 0.002  # seconds: Qt and containers count milliseconds


class Limits(QObject):
    """The bounds in force."""

    changed = Signal(object)  # Bounds
    reached = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bounds = Bounds()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.reached)

    @property
    def now(self) -> Bounds:
        """The span being played, and the loop."""
        return self._bounds

    def set(self, bounds: Bounds) -> None:
        """Other bounds."""
        changed, self._bounds = bounds != self._bounds, bounds
        self._timer.stop()
        if changed:
            self.changed.emit(bounds)

    def set_span(self, span: Span | None) -> None:
        """Play this once, or everything."""
        self.set(replace(self._bounds, span=span))

    def set_loop(self, loop: Loop | None) -> None:
        """Play this again and again, or nothing."""
        self.set(replace(self._bounds, loop=loop))

    def left_by(self, seconds: float) -> None:
        """A seek goes there; a span that does not hold it is over."""
        if self._bounds.span is not None and not self._bounds.holds(seconds):
            self.set_span(None)

    def stops(self, start: float, *, after: float) -> bool:
        """True if the picture that begins at `start` may not be shown after the one of `after`."""
        limit = self._bounds.limit(after)
        return limit is not None and start >= limit - _GRAIN

    def watch(self, seconds: float | None, *, until: float, speed: float) -> None:
        """A picture is on screen from `seconds` to `until`: where it outlasts the limit, no later one will tell.

        None while nothing plays."""
        limit = None if seconds is None else self._bounds.limit(seconds)
        if seconds is not None and limit is not None and until > limit + _OUTLASTS_SECONDS:
            self._timer.start(round(max(limit - seconds, 0.0) / speed * 1000))
        else:
            self._timer.stop()
