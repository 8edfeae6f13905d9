"""What the person types in; a question, or a wish to stop, out. Says what it will do with the text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.asking.box import QuestionBox
from app.chat.asking.chips import Chips
from app.chat.buttons import IconButton
from app.chat.labels import wrapped
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton

_NARROW = 400  # pixels


class Composer(QWidget):
    """Question box, chips, Send and Stop; above them what question is being edited."""

    sent = Signal(str, int)  # the question, and the number of the one it takes the place of (0: none)
    urgent = Signal(str, int)  # the same, but before all that runs and waits
    stop_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = self._film = False
        self._editing = 0
        self._draft = ""
        self._frame = QFrame()
        mark(self._frame, panel="composer")
        self.box = QuestionBox()
        self.box.sent.connect(self._send)
        self.box.escaped.connect(self.leave_edit)
        self.box.textChanged.connect(self._refresh)
        self.box.focus_changed.connect(lambda on: mark(self._frame, focused="yes" if on else "no"))
        self.chips = Chips(palette)
        self.send = ToolButton("", dress="send", size=18)
        self.send.clicked.connect(lambda: self._send(False))
        self.stop = ToolButton("Stop (Esc)", text="Stop", dress="stop")
        self.stop.clicked.connect(self.stop_wanted)
        self._edit_bar, self._edit_words, self._edit_close = self._make_edit_bar()
        self._lay_out()
        self.apply_palette(palette)
        self._refresh()

    def _make_edit_bar(self) -> tuple[QWidget, QWidget, IconButton]:
        bar, words = QWidget(), wrapped("", kind="small", tone="2")
        close = IconButton("x", "Leave the question as it was", tip="Leave the question as it was (Esc)")
        close.clicked.connect(self.leave_edit)
        row = QHBoxLayout(bar)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        bar.hide()
        return bar, words, close

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.chips, 1)
        row.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(10, 4, 8, 6)
        column.setSpacing(2)
        column.addWidget(self._edit_bar)
        column.addWidget(self.box)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 8)
        outer.addWidget(self._frame)

    @property
    def editing(self) -> int:
        """The number of the question that is being edited; 0 for none."""
        return self._editing

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a narrow pane the chips need the room of the word."""
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        narrow = self.width() < _NARROW
        self.stop.setToolButtonStyle(styles.ToolButtonIconOnly if narrow else styles.ToolButtonTextBesideIcon)

    def set_film(self, film: bool) -> None:
        """Without a film there is nothing to ask about."""
        self._film = film
        self.leave_edit()
        self._refresh()

    def suggest(self, question: str) -> None:
        """Type a question for the person, unless something is typed already; sending it is left to them."""
        if not self.box.toPlainText():
            self.box.put(question)
            self.box.setFocus()

    def edit(self, number: int, question: str) -> None:
        """Put a question into the box to be asked again, changed; what was typed comes back later."""
        if not self._editing:
            self._draft = self.box.toPlainText()
        self._editing = number
        self._edit_words.setText(f"Editing question {number}. Enter asks it again, Esc leaves it as it was.")
        self._edit_bar.show()
        self.box.takes_escape = True
        self.box.put(question)
        self.box.setFocus()
        self._refresh()

    def leave_edit(self) -> None:
        """Back to what was typed before."""
        if self._editing:
            self._end_edit()
            self.box.put(self._draft)

    def set_busy(self, busy: bool) -> None:
        """While an answer is on its way it can be stopped, and what is sent waits."""
        self._busy = busy
        self.stop.setEnabled(True)
        self._refresh()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self.chips.apply_palette(palette)
        self._edit_close.apply_palette(palette)
        self.send.setIcon(icon("arrow-up", palette.on_accent, disabled=palette.text3))
        self.stop.setIcon(icon("stop", palette.accent))

    def _send(self, urgent: bool) -> None:
        text, number = self.box.text, self._editing
        if not text or not self._film:
            return
        self.box.recalled.add(text)
        if number:
            self._end_edit()
        self.box.put(self._draft if number else "")
        (self.urgent if urgent and self._busy else self.sent).emit(text, number)

    def _end_edit(self) -> None:
        self._editing = 0
        self._edit_bar.hide()
        self.box.takes_escape = False

    def _refresh(self) -> None:
        typed = bool(self.box.text)
        self.stop.setVisible(self._busy)
        self.send.setVisible(typed or not self._busy)
        self.send.setEnabled(self._film and typed)
        tip = "Ask after the current answer (Enter), or now (Ctrl+Enter)" if self._busy else "Ask (Enter)"
        self.send.setToolTip(tip)
        self.send.setAccessibleName("Ask after the current answer" if self._busy else "Ask")
        hint = "Ask about this film" if self._film else "Open a film, then ask about it"
        self.box.setPlaceholderText("The next question waits its turn" if self._busy else hint)
