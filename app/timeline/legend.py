"""The colours with their numbers; always on screen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.counting import plural
from app.theme import Palette
from app.timeline.heat import STEPS, heat_map
from app.timeline.sheet import LEFTWARD, RIGHTWARD, face, text_width

_STEPS_WIDE = 96


class Legend(QWidget):
    """Low number, 32 steps, high number, unit."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._low, self._high, self._log = "k_min", "k_max", False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tell()

    def set_limits(self, low: int, high: int) -> None:
        """Tokens at the two ends."""
        limits = (str(low), str(high)) if high else ("k_min", "k_max")
        if limits != (self._low, self._high):
            self._low, self._high = limits
            self._tell()

    def set_log(self, log: bool) -> None:
        """Which scale lies between them."""
        if log != self._log:
            self._log = log
            self._tell()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """All of it."""
        words = text_width(self._low, 11, 500) + text_width(self._unit, 11, 500)
        return QSize(round(words) + _STEPS_WIDE + 28, 20)

    @property
    def _unit(self) -> str:
        return f"{self._high} {self._tokens} per segment{', log' if self._log else ''}"

    @property
    def _tokens(self) -> str:
        return plural(int(self._high) if self._high.isdecimal() else 0, "token")

    def _tell(self) -> None:
        kind = "logarithmic" if self._log else "linear"
        self.setAccessibleName(f"Legend: from {self._low} to {self._high} {self._tokens} per segment, {kind}")
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Low number, 32 steps, high number, unit."""
        painter = QPainter(self)
        painter.setFont(face(11, 500))
        painter.setPen(QColor(self._palette.text2))
        left = text_width(self._low, 11, 500) + 8
        painter.drawText(QRectF(0, 0, left - 6, 20), RIGHTWARD, self._low)
        for step, colour in enumerate(heat_map(dark=self._palette.dark)):
            painter.fillRect(QRectF(left + step * _STEPS_WIDE / STEPS, 6, _STEPS_WIDE / STEPS, 8), QColor(*colour))
        painter.drawText(QRectF(left + _STEPS_WIDE + 6, 0, 240, 20), LEFTWARD, self._unit)
        painter.end()
