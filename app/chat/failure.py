"""What went wrong with a question, in words, with what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.chat.buttons import plain_button
from app.chat.flow import Flow
from app.chat.labels import wrapped
from app.conversation import Exchange
from app.style import mark

LEAST_FRAMES = 4


class Failure(QFrame):
    """A message, an advice, one or two ways on."""

    retry_wanted = Signal()
    lighter_wanted = Signal(int)  # with so many frames at most
    model_wanted = Signal()

    def __init__(self, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="error")
        self.setAccessibleName(f"{exchange.message} {exchange.advice}".strip())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        for text, kind, tone in ((exchange.message, "control", "1"), (exchange.advice, "small", "2")):
            if text:
                column.addWidget(wrapped(text, kind=kind, tone=tone))
        ways = Flow(gap=8)
        ways.addWidget(plain_button("Try again", self.retry_wanted.emit))
        frames = exchange.lighter_frames
        if frames >= LEAST_FRAMES:
            ways.addWidget(plain_button(f"Try with {frames} frames", lambda: self.lighter_wanted.emit(frames)))
        if exchange.no_model:
            ways.addWidget(plain_button("Choose a model", self.model_wanted.emit))
        column.addLayout(ways)
