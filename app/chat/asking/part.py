"""The lower part of the chat: the composer, and above it what waits. One wish at a time goes out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.asking.composer import Composer
from app.chat.asking.queue import Queue
from app.chat.asking.waiting import Wish
from app.chat.asking.waiting_list import WaitingList
from app.theme import Palette


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
        self.composer.sent.connect(lambda question, turn: queue.ask(Wish(question, turn)))
        self.composer.urgent.connect(lambda question, turn: queue.ask_now(Wish(question, turn)))
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
            self.queue.ask(Wish(typed))
        if wish.turn:
            composer.box.put("")
            composer.edit(wish.turn, wish.question)
        else:
            composer.box.put(wish.question)
            composer.box.setFocus()
