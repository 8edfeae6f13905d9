"""Wishes in, one at a time out: what is wished for while another question runs waits its turn."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.asking.waiting import Line, Wish

FAILED = "The question before failed."


class Queue(QObject):
    """Knows whether the engine is busy, and decides when the next question goes."""

    wanted = Signal(object)  # a Wish: to be asked now, for nothing runs
    stop_wanted = Signal()
    changed = Signal(object)  # the Line

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line = Line()
        self._busy = False

    @property
    def line(self) -> Line:
        """What waits."""
        return self._line

    @property
    def busy(self) -> bool:
        """True while the engine works for somebody."""
        return self._busy

    def ask(self, wish: Wish) -> None:
        """Now if nothing runs or waits, else last. A line that is held lets others pass."""
        if self._busy or (len(self._line) and not self._line.held):
            self._change(self._line.with_last(wish))
        else:
            self.wanted.emit(wish)

    def ask_now(self, wish: Wish) -> None:
        """Before all others; what runs is stopped."""
        if self._busy:
            self._change(self._line.with_first(wish).go_on())
            self.stop_wanted.emit()
        else:
            self.wanted.emit(wish)

    def set_busy(self, busy: bool) -> None:
        """The next one goes when the engine is free."""
        self._busy = busy
        if not busy:
            QTimer.singleShot(0, self, self._next)  # whoever else hears that it is free does so first

    def hold(self, why: str) -> None:
        """What waits stays, and does not go by itself."""
        self._change(self._line.hold(why))

    def release(self, why: str) -> None:
        """If that was the reason it is none any more."""
        if self._line.held == why:
            self.go_on()

    def go_on(self) -> None:
        """Move on again."""
        self._change(self._line.go_on())
        self._next()

    def pull(self, place: int) -> None:
        """Ask one that waits now."""
        wish = self._line.wishes[place]
        self._change(self._line.without(place))
        self.ask_now(wish)

    def to_front(self, place: int) -> None:
        """Ask one that waits before the others."""
        self._change(self._line.with_in_front(place))

    def take_out(self, place: int) -> Wish:
        """One fewer; returns it."""
        wish = self._line.wishes[place]
        self._change(self._line.without(place))
        return wish

    def leave_film(self, why: str) -> None:
        """What waits was meant for another film: it is not asked about this one by itself."""
        self._change(self._line.elsewhere().hold(why))

    def make_all_new(self) -> None:
        """The questions that some were to take the place of are gone."""
        self._change(self._line.all_new())

    def _next(self) -> None:
        if not self._busy and len(self._line) and not self._line.held:
            self.wanted.emit(self.take_out(0))

    def _change(self, line: Line) -> None:
        if line != self._line:
            self._line = line
            self.changed.emit(line)
