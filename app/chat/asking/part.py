"""The lower part of the chat: the composer, and above it what waits. One wish at a time goes out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.asking.composer import Composer
from app.chat.asking.queue import Queue
from app.chat.asking.waiting import Wish
from app.chat.asking.waiting_list import WaitingList
from app.theme import Palette

Range = tuple[float, float] | None


class AskingPart(QWidget):
    """Composer, queue, waiting list, and how they go together."""

    wanted = Signal(object)  # a Wish: to be asked now, for nothing runs
    stop_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queue = Queue(self)
        self.waiting = WaitingList(palette)
        self.composer = Composer(palette)
        self.setFocusProxy(self.composer.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.waiting)
        column.addWidget(self.composer)
        queue, waiting = self.queue, self.waiting
        self._range: Range = None
        self.composer.sent.connect(self.ask)
        self.composer.urgent.connect(lambda question, turn: queue.ask_now(self._wish(question, turn)))
        self.composer.stop_wanted.connect(self.stop_wanted)
        queue.wanted.connect(self.wanted)
        queue.stop_wanted.connect(self.stop_wanted)
        queue.changed.connect(waiting.show_line)
        waiting.now_wanted.connect(queue.pull)
        waiting.front_wanted.connect(queue.to_front)
        waiting.remove_wanted.connect(queue.take_out)
        waiting.edit_wanted.connect(self._edit)
        waiting.go_on_wanted.connect(queue.go_on)
        waiting.emptied.connect(self.composer.box.setFocus)

    @property
    def range(self) -> Range:
        """The part of the film that is asked about; None for all of it."""
        return self._range

    def set_range(self, seconds: Range) -> None:
        """Another part from the next question on; what waits was asked about the one before."""
        self._range = seconds
        self.composer.chips.set_range(seconds)

    def ask(self, question: str, turn: int = 0) -> None:
        """A question about the part of the film that is chosen now, in place of another one if there is a `turn`."""
        self.queue.ask(self._wish(question, turn))

    def _wish(self, question: str, turn: int) -> Wish:
        return Wish(question, turn, range_seconds=self._range)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self.waiting.apply_palette(palette)
        self.composer.apply_palette(palette)

    def _edit(self, place: int) -> None:
        """Back into the box, to be sent again; what was typed there waits in its stead."""
        composer = self.composer
        composer.leave_edit()
        typed = composer.box.text
        wish = self.queue.take_out(place)
        if typed:
            self.ask(typed)
        if wish.turn:
            composer.box.put("")
            composer.edit(wish.turn, wish.question)
        else:
            composer.box.put(wish.question)
            composer.box.setFocus()
