"""The moment on screen as text, and where another is typed: a click or a key turns the clock into a line to edit."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QStackedWidget, QToolButton, QWidget

from app.clock import clock
from app.player.typed_time import EXAMPLES
from app.style import mark

_NOTHING = "–:–"
_HINT_WIDTH = 300


class TimeField(QStackedWidget):
    """A clock that can be typed into."""

    typed = Signal(str)
    closed = Signal()  # the keys may go back to the film

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = QToolButton(text=_NOTHING, toolTip="Type a time (G)")
        self._now.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._now.setCursor(Qt.CursorShape.IBeamCursor)
        mark(self._now, kind="strong")
        self._now.clicked.connect(self.edit)
        self._line = _Line()
        self._line.setAccessibleName("Go to a time")
        self._line.returnPressed.connect(lambda: self.typed.emit(self._line.text()))
        self._line.textEdited.connect(lambda _: self._hint.hide())
        self._line.left.connect(self.close_editor)
        self._hint = _Hint()
        for page in (self._now, self._line):
            page.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._longest = _NOTHING
        self._fit()

    @property
    def editing(self) -> bool:
        """True while a time is typed."""
        return self.currentWidget() is self._line

    @property
    def hint(self) -> str:
        """What is said about the last thing typed; empty if nothing."""
        return "" if self._hint.isHidden() else self._hint.text

    def set_length(self, seconds: float | None) -> None:
        """Make room for the film's longest time; None without a film."""
        self._now.setEnabled(seconds is not None)
        self._longest = _NOTHING if seconds is None else "8" * len(clock(seconds))
        self.set_seconds(None if seconds is None else 0.0)
        self._fit()

    def set_seconds(self, seconds: float | None) -> None:
        """The moment on screen."""
        text = _NOTHING if seconds is None else clock(max(seconds, 0.0))
        if text != self._now.text():
            self._now.setText(text)
            self._now.setAccessibleName(f"Time {text}, type another")

    def edit(self) -> None:
        """Take a time."""
        if self._now.isEnabled():
            self._line.setText(self._now.text())
            self.setCurrentWidget(self._line)
            self._line.selectAll()
            self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refuse(self, sentence: str) -> None:
        """Say what is wrong with what was typed, and leave it there."""
        self._line.setAccessibleDescription(sentence)
        self._line.selectAll()
        self._hint.say(sentence, above=self)

    def close_editor(self) -> None:
        """Back to the clock."""
        if self.editing:
            self._hint.hide()
            self._line.setAccessibleDescription(EXAMPLES)
            self.setCurrentWidget(self._now)
            self.closed.emit()

    def _fit(self) -> None:
        self._now.ensurePolished()
        wide = self._now.fontMetrics().horizontalAdvance(self._longest)
        self.setFixedWidth(max(wide + 22, 64))
        self.setFixedHeight(32)


class _Line(QLineEdit):
    """A line that is left by Esc and by going elsewhere."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc is no wish to stop anything but typing."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Somebody clicked elsewhere; another window in front changes nothing."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.left.emit()


class _Hint(QFrame):
    """One sentence over a control."""

    def __init__(self) -> None:
        super().__init__()
        mark(self, panel="card")
        self._text = QLabel(wordWrap=True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._text, kind="small")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def say(self, sentence: str, *, above: QWidget) -> None:
        """Show it over a widget, inside its window."""
        window = above.window()
        self.setParent(window)
        self._text.setText(sentence)
        width = min(_HINT_WIDTH, window.width() - 16)
        self.setFixedWidth(width)
        self.adjustSize()
        corner = above.mapTo(window, QPoint(0, 0))
        x = min(max(corner.x(), 8), window.width() - width - 8)
        self.move(x, max(corner.y() - self.height() - 8, 8))
        self.show()
        self.raise_()
