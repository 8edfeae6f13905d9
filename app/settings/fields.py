"""Where a value is typed or chosen. What is typed stays as it is until it is taken or refused."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget

from app.choice_box import ChoiceBox
from engine.errors import QuestionError
from engine.knobs import Knob

WIDTH = 168
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class TextField(QLineEdit):
    """A number or a range, as text; nothing typed means what the placeholder says. Arrow keys count up and down."""

    typed = Signal(str)
    committed = Signal(str)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._knob = knob
        self.base: float = 0  # where the arrow keys start when nothing is typed
        self.setFixedWidth(WIDTH)
        self.textEdited.connect(self.typed)
        self.editingFinished.connect(lambda: self.committed.emit(self.text()))

    def show_value(self, value: Any) -> None:
        """What is in force."""
        if self.text() != self._knob.text(value):
            self.setText(self._knob.text(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Up and Down change a number, as in a spin box."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is None or self._knob.bounds is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self.setText(self._stepped(steps))
        self.typed.emit(self.text())

    def _stepped(self, steps: int) -> str:
        try:
            value = self._knob.parse(self.text())
        except QuestionError:
            return self.text()
        low, high = self._knob.bounds or (0, 0)
        start = value if value is not None else self.base
        wanted = min(max(start + steps * self._knob.step, low), high)
        return self._knob.text(int(wanted) if self._knob.whole else round(wanted, 6))


class ChoiceField(ChoiceBox):
    """One of a few."""

    committed = Signal(object)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value, meaning in (knob.choices or {}).items():
            self.addItem(meaning, value)
        self.setFixedWidth(WIDTH)
        self.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda _: self.committed.emit(self.currentData()))

    def show_value(self, value: Any) -> None:
        """What is in force."""
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The wheel scrolls the page: it changes nothing in passing."""
        event.ignore()


class SwitchField(QCheckBox):
    """On or off: a knob that slides, and the word beside it."""

    committed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(lambda on: self.committed.emit(on))

    def show_value(self, value: Any) -> None:
        """What is in force."""
        self.setChecked(bool(value))

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as the other fields' text."""
        return QSize(80, 32)

    def hitButton(self, position: QPoint) -> bool:  # noqa: N802
        """All of it can be clicked."""
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Track, knob, word; a ring where the keys go."""
        painter, colours, on = QPainter(self), QApplication.palette(), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(3, self.height() / 2 - 8, 30, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color(colours.ColorRole.Link if on else colours.ColorRole.PlaceholderText))
        painter.drawRoundedRect(track, 8, 8)
        painter.setBrush(colours.color(colours.ColorRole.Base))
        painter.drawEllipse(QRectF(track.left() + (16 if on else 2), track.top() + 2, 12, 12))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.color(colours.ColorRole.Link), 2))
            painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), 10, 10)
        painter.setPen(colours.color(colours.ColorRole.Text))
        painter.drawText(self.rect().adjusted(44, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "On" if on else "Off")
