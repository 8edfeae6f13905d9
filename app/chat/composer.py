"""What the person types in; a question or a wish to stop out. Enter asks, Shift+Enter starts a new line."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from app.style import mark
from app.theme import Palette, icon

_MOST_LINES = 5


class QuestionBox(QPlainTextEdit):
    """The text itself. Every key typed here is text; Esc alone is passed on."""

    sent = Signal()
    focus_changed = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter sends."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
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


class Composer(QWidget):
    """Question box, the model in use, Send or Stop."""

    sent = Signal(str)
    stop_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = self._film = False
        self._frame = QFrame()
        mark(self._frame, panel="composer")
        self.box = QuestionBox()
        self.box.setAccessibleName("Question")
        self.box.setTabChangesFocus(True)
        self.box.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self.box.sent.connect(self._send)
        self.box.textChanged.connect(self._refresh)
        self.box.focus_changed.connect(lambda on: mark(self._frame, focused="yes" if on else "no"))
        self._model = QLabel("Tempo nano, knows a drawn world only")
        mark(self._model, kind="small", tone="2")
        self.send = QToolButton(toolTip="Ask (Enter)")
        self.send.setAccessibleName("Ask")
        self.send.setIconSize(QSize(18, 18))
        mark(self.send, button="send")
        self.send.clicked.connect(self._send)
        self.stop = QToolButton(text="Stop", toolTip="Stop (Esc)")
        self.stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        mark(self.stop, button="stop")
        self.stop.clicked.connect(self.stop_wanted)
        self._lay_out()
        self.apply_palette(palette)
        self._fit()
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._model, 1)
        row.addWidget(self.stop)
        row.addWidget(self.send)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(10, 4, 8, 6)
        column.setSpacing(2)
        column.addWidget(self.box)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 8)
        outer.addWidget(self._frame)

    def set_film(self, film: bool) -> None:
        """Without a film there is nothing to ask about."""
        self._film = film
        self._refresh()

    def suggest(self, question: str) -> None:
        """Type a question for the person, unless something is typed already; sending it is left to them."""
        if not self.box.toPlainText():
            self.box.setPlainText(question)
            self.box.moveCursor(QTextCursor.MoveOperation.End)
            self.box.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Stop takes the place of Send."""
        self._busy = busy
        self.stop.setEnabled(True)
        self._refresh()

    def set_model(self, text: str) -> None:
        """The model in use, in a few words."""
        self._model.setText(text)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self.send.setIcon(icon("arrow-up", palette.on_accent, disabled=palette.text3))
        self.stop.setIcon(icon("stop", palette.accent))

    def _send(self) -> None:
        text = self.box.toPlainText().strip()
        if text and self._film and not self._busy:
            self.box.clear()
            self.sent.emit(text)

    def _fit(self) -> None:
        """One line at first, as many as are typed, up to five: in a small window the conversation needs the room."""
        lines = min(max(int(self.box.document().size().height()), 1), _MOST_LINES)
        self.box.setFixedHeight(lines * self.box.fontMetrics().lineSpacing() + 10)

    def _refresh(self) -> None:
        self.stop.setVisible(self._busy)
        self.send.setVisible(not self._busy)
        self.send.setEnabled(self._film and bool(self.box.toPlainText().strip()))
        hint = "Ask about this film" if self._film else "Open a film, then ask about it"
        self.box.setPlaceholderText("Your next question can be typed while this one runs" if self._busy else hint)
