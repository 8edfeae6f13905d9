"""The box a question is typed into. Enter asks, Shift+Enter starts a new line, the arrows recall what was asked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.chat.asking.recalled import Recalled

_MOST_LINES = 5
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class QuestionBox(QPlainTextEdit):
    """The text itself. Every key typed here is text; Escape alone is passed on, if nobody here wants it."""

    sent = Signal(bool)  # True: now, before all that waits
    escaped = Signal()
    paged = Signal(int)  # scroll the conversation by so many pages
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recalled = Recalled()
        self.takes_escape = False
        self.setAccessibleName("Question")
        self.setAccessibleDescription("Each question is answered on its own, without those before it.")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    @property
    def text(self) -> str:
        """What is typed, without the room around it."""
        return self.toPlainText().strip()

    def put(self, text: str) -> None:
        """Other text, the caret behind it."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter sends, arrows recall in a box that is empty or shows what was recalled."""
        modifiers, key = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.key()
        if key in _ENTER and not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.sent.emit(bool(modifiers & Qt.KeyboardModifier.ControlModifier))
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit() if self.takes_escape else event.ignore()
        elif key in _PAGES and not modifiers:
            self.paged.emit(_PAGES[Qt.Key(key)])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not modifiers and self._recalls():
            self._recall(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the ring."""
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the ring."""
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def _recalls(self) -> bool:
        if self.toPlainText() == self.recalled.now:
            return True
        self.recalled.leave()
        return not self.toPlainText()

    def _recall(self, way: int) -> None:
        question = self.recalled.step(way)
        if question is not None:
            self.put(question)

    def _fit(self) -> None:
        """One line at first, as many as are typed, up to five: in a small window the conversation needs the room."""
        asked = int(self.document().size().height())
        lines = min(max(asked, 1), _MOST_LINES)
        more = Qt.ScrollBarPolicy.ScrollBarAsNeeded if asked > _MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(more)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 10)
