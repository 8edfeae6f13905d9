"""What every painting function gets: a painter, the palette, where lanes and moments lie, and what is on show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from app.theme import Palette, sized
from app.timeline.content import Content
from app.timeline.lanes import Lane, Lanes
from app.timeline.scale import Scale

if TYPE_CHECKING:
    import numpy as np

MIDDLE = Qt.AlignmentFlag.AlignVCenter
LEFTWARD = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHTWARD = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRED = Qt.AlignmentFlag.AlignCenter


@cache
def face(pixels: int, weight: int = 400) -> QFont:
    """A font, made once: asking the system for its fonts takes longer than painting."""
    return sized(pixels, weight=weight)


@cache
def _metrics(pixels: int, weight: int) -> QFontMetricsF:
    return QFontMetricsF(face(pixels, weight))


def text_width(text: str, pixels: int, weight: int = 400) -> float:
    """Pixels a text takes."""
    return _metrics(pixels, weight).horizontalAdvance(text)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One painting of the timeline."""

    painter: QPainter
    palette: Palette
    lanes: Lanes
    scale: Scale
    content: Content
    ratio: float = 1.0  # device pixels a pixel

    @property
    def columns(self) -> int:
        """Columns of device pixels on the time axis."""
        return max(round((self.scale.right - self.scale.left) * self.ratio), 1)

    def x(self, seconds: float) -> float:
        """Where a moment begins, kept near the axis so that no coordinate is huge."""
        place = self.scale.snapped(seconds, self.ratio)
        return min(max(place, self.scale.left - 50), self.scale.right + 50)

    def bed(self, lane: Lane) -> QRectF:
        """A lane on the time axis."""
        return QRectF(self.scale.left, lane.top, self.scale.right - self.scale.left, lane.height)

    def span(self, start: float, end: float, lane: Lane, *, least: float = 0.0) -> QRectF:
        """A stretch of film in a lane, cut off where the axis ends."""
        left, right = max(self.x(start), self.scale.left), min(self.x(end), self.scale.right)
        return QRectF(left, lane.top, max(right - left, least), lane.height)

    def fill(self, box: QRectF, colour: str | QColor) -> None:
        """Paint a rectangle whose edges are sharp."""
        self.painter.fillRect(box, QColor(colour))

    def line(self, x0: float, y0: float, x1: float, y1: float, pen: QPen) -> None:
        """A straight line."""
        self.painter.setPen(pen)
        self.painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))

    def text(
        self, box: QRectF, text: str, colour: str, *, pixels: int = 11, weight: int = 400, align: object = LEFTWARD
    ) -> None:
        """One line of text, never cut: the box says only where it stands."""
        self.painter.setFont(face(pixels, weight))
        self.painter.setPen(QColor(colour))
        self.painter.drawText(box, int(align) | int(Qt.TextFlag.TextDontClip), text)

    def fitting(self, box: QRectF, texts: tuple[str, ...], colour: str, *, pixels: int = 11) -> None:
        """The first of these texts that fits as a whole; nothing where none does."""
        for text in texts:
            if text_width(text, pixels) <= box.width():
                self.text(box, text, colour, pixels=pixels)
                return

    def pixels(self, box: QRectF, pixels: np.ndarray) -> None:
        """Columns (and rows) of ARGB pixels over a box; one row is stretched over its height."""
        rows = pixels.reshape(-1, pixels.shape[-1])
        data = rows.tobytes()  # lives until the image is drawn
        height, width = rows.shape
        self.painter.drawImage(box, QImage(data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied))
