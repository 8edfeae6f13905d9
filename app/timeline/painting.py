"""A painter, lanes, a scale and a heatmap in; ruler, labels, hatch, pins and playhead out. No arithmetic of its own."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from app.clock import clock
from app.theme import Palette, sized
from app.timeline.heatmap import Heatmap, PinMark
from app.timeline.lanes import LEFT, Lane, Lanes
from app.timeline.scale import Scale

_EMPTY = {
    "strip": "How much of the token budget each segment got for your question: further from the background and taller "
    "means more",
    "relevance": "How well each segment matches the question, before the budget is dealt out",
    "citations": "Times the answer rests on",
}


class Brushwork:
    """Paints everything that is not a bar or a curve. Holds a palette and nothing else."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette

    def background(self, painter: QPainter, lanes: Lanes, scale: Scale, heatmap: Heatmap, *, film: bool) -> None:
        """Lane beds, labels, ruler, hatch for what was not scored, words for what is empty."""
        for lane in (lanes.strip, lanes.bars, lanes.relevance, lanes.citations, lanes.earlier):
            painter.fillRect(_bed(lane, scale), QColor(self.palette.lane))
        self._labels(painter, lanes, heatmap)
        if film:
            self._ruler(painter, lanes, scale)
        if heatmap.segments:
            self._hatch(painter, lanes, scale, heatmap)
            self._limits(painter, lanes, scale)
        self._words(painter, lanes, scale, heatmap)

    def _labels(self, painter: QPainter, lanes: Lanes, heatmap: Heatmap) -> None:
        earlier = f"Question {heatmap.question - 1}" if heatmap.question > 1 else "Last question"
        rows = (("Time", lanes.seek.middle), ("Tokens", lanes.strip.middle), ("Relevance", lanes.relevance.top + 8),
                ("Citations", lanes.citations.middle), (earlier, lanes.earlier.middle))  # fmt: skip
        painter.setFont(sized(12, weight=500))
        painter.setPen(QColor(self.palette.text2))
        for text, middle in rows:
            painter.drawText(QRectF(16, middle - 10, 90, 20), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(sized(11))
        painter.setPen(QColor(self.palette.text3))
        painter.drawText(QRectF(16, lanes.relevance.top + 15, 80, 16), Qt.AlignmentFlag.AlignVCenter, "raw score")
        known = heatmap.k_max > 0
        marks = ((f"k_max {heatmap.k_max}" if known else "k_max", lanes.bars.top + 5),
                 (f"k_min {heatmap.k_min}" if known else "k_min", lanes.bars.bottom - 5),
                 ("1", lanes.relevance.top + 6), ("0", lanes.relevance.bottom - 6))  # fmt: skip
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for text, middle in marks:
            painter.drawText(QRectF(LEFT - 88, middle - 8, 80, 16), right, text)

    def _ruler(self, painter: QPainter, lanes: Lanes, scale: Scale) -> None:
        decimals = 1 if scale.tick_step() < 1 else 0
        painter.setFont(sized(11))
        for seconds in scale.ticks():
            pixel = scale.to_pixel(seconds)
            painter.setPen(QPen(QColor(self.palette.border), 1))
            painter.drawLine(QPointF(pixel, lanes.ruler.top + 2), QPointF(pixel, lanes.ruler.bottom))
            painter.setPen(QColor(self.palette.text2))
            if pixel < scale.right - 30:
                painter.drawText(QPointF(pixel + 5, lanes.ruler.bottom - 5), clock(seconds, decimals=decimals))
        painter.setPen(QColor(self.palette.text3))
        if not scale.zoomed:
            painter.drawText(QPointF(scale.right + 5, lanes.ruler.bottom - 5), clock(scale.duration, decimals=0))

    def _hatch(self, painter: QPainter, lanes: Lanes, scale: Scale, heatmap: Heatmap) -> None:
        brush = QBrush(QColor(self.palette.border), Qt.BrushStyle.BDiagPattern)
        painter.save()
        painter.setClipRect(QRectF(scale.left, 0, scale.right - scale.left, lanes.earlier.bottom))
        for first, last in _runs(segment.index in heatmap.scores for segment in heatmap.segments):
            left = scale.to_pixel(heatmap.segments[first].start_seconds)
            right = scale.to_pixel(heatmap.segments[last].end_seconds)
            for lane in (lanes.strip, lanes.bars, lanes.relevance):
                painter.fillRect(QRectF(left, lane.top, right - left, lane.height), brush)
        painter.restore()

    def _limits(self, painter: QPainter, lanes: Lanes, scale: Scale) -> None:
        painter.setPen(QPen(QColor(self.palette.border), 1, Qt.PenStyle.DotLine))
        for y in (lanes.bars.top + 0.5, lanes.bars.bottom - 0.5):
            painter.drawLine(QPointF(scale.left, y), QPointF(scale.right, y))

    def _words(self, painter: QPainter, lanes: Lanes, scale: Scale, heatmap: Heatmap) -> None:
        if not heatmap.segments:
            self._word(painter, Lane(lanes.strip.top, lanes.bars.bottom), scale, _EMPTY["strip"])
            self._word(painter, lanes.relevance, scale, _EMPTY["relevance"])
            self._word(painter, lanes.citations, scale, _EMPTY["citations"])
        elif not heatmap.pins and heatmap.provisional and not heatmap.ended:
            self._word(painter, lanes.citations, scale, "Citations appear with the answer")

    def _word(self, painter: QPainter, lane: Lane, scale: Scale, text: str) -> None:
        painter.setFont(sized(12))
        painter.setPen(QColor(self.palette.text3))
        box = QRectF(scale.left + 12, lane.top, scale.right - scale.left - 24, lane.height)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text)

    def seek_bar(
        self, painter: QPainter, lanes: Lanes, scale: Scale, seconds: float | None, ready: Iterable[tuple[float, float]]
    ) -> None:
        """The track, what is indexed (as players show what is buffered), what was played, and the playhead."""
        y = lanes.seek.middle
        track = QRectF(scale.left, y - 2, scale.right - scale.left, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.palette.border))
        painter.drawRoundedRect(track, 2, 2)
        for start, end in ready:
            left, right = (min(max(scale.to_pixel(at), scale.left), scale.right) for at in (start, end))
            painter.fillRect(QRectF(left, y - 2, right - left, 4), QColor(self.palette.text3))
        if seconds is None:
            return
        pixel = scale.to_pixel(seconds)
        painter.setBrush(QColor(self.palette.accent))
        if pixel > scale.left:
            painter.drawRoundedRect(QRectF(scale.left, y - 2, min(pixel, scale.right) - scale.left, 4), 2, 2)
        if scale.left - 0.5 <= pixel <= scale.right + 0.5:
            painter.fillRect(QRectF(round(pixel) - 1, y, 2, lanes.earlier.bottom - y), QColor(self.palette.accent))
            painter.setBrush(QColor(self.palette.panel))
            painter.setPen(QPen(QColor(self.palette.accent), 3))
            painter.drawEllipse(QPointF(pixel, y), 4.5, 4.5)

    def pins(self, painter: QPainter, lanes: Lanes, marks: Iterable[PinMark]) -> None:
        """Numbered discs; dashed and hollow where the evidence is weak."""
        painter.setFont(sized(11, weight=600))
        for mark in marks:
            width = max(16.0, painter.fontMetrics().horizontalAdvance(mark.label) + 9.0)
            disc = QRectF(mark.pixel - width / 2, lanes.citations.middle - 8, width, 16)
            accent = QColor(self.palette.accent)
            painter.setBrush(QColor(self.palette.lane) if mark.weak else accent)
            painter.setPen(QPen(accent, 1.2, Qt.PenStyle.DashLine) if mark.weak else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(disc, 8, 8)
            painter.setPen(accent if mark.weak else QColor(self.palette.on_accent))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, mark.label)

    def outline(self, painter: QPainter, lanes: Lanes, left: float, right: float, dot: QPointF | None) -> None:
        """The segment under the pointer, and its place on the curve."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.palette.text), 1.5))
        box = QRectF(left, lanes.strip.top - 2, max(right - left, 3), lanes.bars.bottom - lanes.strip.top + 4)
        painter.drawRoundedRect(box, 3, 3)
        if dot is not None:
            painter.setBrush(QColor(self.palette.text))
            painter.drawEllipse(dot, 3, 3)

    def numbers(self, painter: QPainter, cells: Iterable[tuple[QRectF, str, bool]]) -> None:
        """Token counts written into the strip, dark on light cells and light on dark ones."""
        painter.setFont(sized(11, weight=600))
        for box, text, light in cells:
            painter.setPen(QColor("#15181C") if light else QColor("#FFFFFF"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _bed(lane: Lane, scale: Scale) -> QRectF:
    return QRectF(scale.left, lane.top, scale.right - scale.left, lane.height)


def _runs(scored: Iterable[bool]) -> Iterable[tuple[int, int]]:
    """First and last index of every run of False."""
    first = None
    place = -1
    for place, done in enumerate(scored):
        if done and first is not None:
            yield first, place - 1
            first = None
        elif not done and first is None:
            first = place
    if first is not None:
        yield first, place
