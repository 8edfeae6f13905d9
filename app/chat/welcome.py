"""Before the first question: what could be asked, which model answers, the way back to what was set aside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.chat.buttons import TextRow, plain_button
from app.chat.labels import wrapped
from app.chat.model_card import ModelCard
from app.counting import count
from app.knowledge import Knowledge
from app.style import mark
from app.theme import Palette


class Suggestions(QWidget):
    """Questions to press, under a title."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        mark(self._title, kind="label")
        self.rows: list[TextRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)

    def offer(self, title: str, questions: Sequence[str]) -> None:
        """Other questions; none hide it."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [TextRow(question, name=f"Ask: {question}") for question in questions]
        for row in self.rows:
            row.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.words))
            self._column.addWidget(row)
        self._title.setText(title)
        self.setVisible(bool(questions))


class Aside(QFrame):
    """A conversation that was set aside, until the next question is asked."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="card")
        self._words = wrapped("", kind="small", tone="2")
        self.button = plain_button("Bring it back", self.wanted.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.addWidget(self._words)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def offer(self, questions: int) -> None:
        """How many questions it has; none hides it."""
        self._words.setText(f"The conversation of {count(questions, 'question')} was set aside.")
        self.setVisible(questions > 0)


class Welcome(QWidget):
    """All of it, one below the other."""

    def __init__(self, knowledge: Knowledge, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.aside = Aside()
        self.suggestions = Suggestions()
        self.card = ModelCard(knowledge, palette)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self.aside, self.suggestions, self.card):
            column.addWidget(part)
