"""A list to choose one value from, folded up; it carries an arrow, which the style sheet alone would leave out."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox

ARROW, FROM_RIGHT, STROKE = 4.0, 16.0, 1.5  # pixels: half the arrow's width, where its middle is, its line


class ChoiceBox(QComboBox):
    """Reads as something that opens."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The box as the style draws it, and an arrow in the colour of its text."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        pen = QPen(self.palette().color(group, QPalette.ColorRole.Text), STROKE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = self.width() - FROM_RIGHT, self.height() / 2
        painter.drawPolyline(
            [QPointF(x - ARROW, y - ARROW / 2), QPointF(x, y + ARROW / 2), QPointF(x + ARROW, y - ARROW / 2)]
        )
