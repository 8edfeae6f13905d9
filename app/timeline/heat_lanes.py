"""A sheet in; strip, bars, even shares, the earlier question, the relevance curve and ticks out, drawn by columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from app.timeline import columns
from app.timeline.heat import heat, heat_map, position, rgb_to_lab
from app.timeline.heatmap import Heatmap
from app.timeline.lanes import Lane
from app.timeline.sheet import CENTRED, Sheet

if TYPE_CHECKING:
    import numpy as np

_EARLIER_STRENGTH = 0.55
_CELL = 22.0  # pixels: numbers are written into segments at least as wide
_CURVE = 1.5  # pixels thick


@dataclass(frozen=True, slots=True, eq=False)
class _Numbers:
    """A heatmap as arrays."""

    heatmap: Heatmap
    cut: columns.Cut
    shares: np.ndarray
    scores: np.ndarray
    middles: np.ndarray


class HeatLanes:
    """Paints what depends on the segments. Keeps the arrays of the heatmaps it painted last."""

    def __init__(self) -> None:
        self._now: _Numbers | None = None
        self._before: _Numbers | None = None

    def paint(self, sheet: Sheet) -> None:
        """Everything."""
        heatmap, earlier = sheet.content.heatmap, sheet.content.earlier
        if heatmap.segments:
            if self._now is None or self._now.heatmap is not heatmap:
                self._now = _numbers(heatmap)
            self._paint_tokens(sheet, self._now)
            if sheet.lanes.relevance.shown:
                _paint_curve(sheet, self._now)
        if earlier.shares and sheet.lanes.earlier.shown:
            if self._before is None or self._before.heatmap is not earlier:
                self._before = _numbers(earlier)
            _paint_earlier(sheet, self._before)

    def _paint_tokens(self, sheet: Sheet, numbers: _Numbers) -> None:
        lanes, heatmap, log = sheet.lanes, numbers.heatmap, sheet.content.log
        colours = heat_map(dark=sheet.palette.dark)
        owner, inside = numbers.cut.owners(sheet.scale, sheet.columns)
        if lanes.strip.shown and heatmap.shares:
            values = columns.per_column(numbers.shares, owner, inside)
            places = columns.positions(values, low=heatmap.k_min, high=heatmap.k_max, log=log)
            pixels = columns.coloured(places, colours)
            gap = max(round(sheet.ratio), 1)
            pixels = columns.with_gaps(pixels, owner, numbers.cut, sheet.scale, gap=gap)
            sheet.pixels(sheet.bed(lanes.strip), pixels)
            height = max(round(lanes.bars.height * sheet.ratio), 1)
            sheet.pixels(sheet.bed(lanes.bars), columns.bars(places, pixels, height=height, least=gap))
            _paint_cells(sheet)
        if lanes.bars.shown:
            pen = QPen(QColor(sheet.palette.border), 1, Qt.PenStyle.DotLine)
            for y in (lanes.bars.top + 0.5, lanes.bars.bottom - 0.5):
                sheet.line(sheet.scale.left, y, sheet.scale.right, y, pen)
        if lanes.uniform.shown and (even := heatmap.even_share):
            _paint_even(sheet, even)


def _paint_even(sheet: Sheet, even: int) -> None:
    """The same share for every segment: a lane, and a line across the bars that stand above or below it."""
    heatmap, lanes, palette = sheet.content.heatmap, sheet.lanes, sheet.palette
    limits = {"low": heatmap.k_min, "high": heatmap.k_max, "log": sheet.content.log}
    first, last = heatmap.segments[0].start_seconds, heatmap.segments[-1].end_seconds
    colour = QColor(*heat(even, dark=palette.dark, **limits))
    colour.setAlphaF(_EARLIER_STRENGTH)
    sheet.fill(sheet.span(first, last, lanes.uniform), colour)
    if lanes.bars.shown:
        y = round(lanes.bars.bottom - position(even, **limits) * lanes.bars.height) + 0.5
        box = sheet.span(first, last, lanes.bars)
        sheet.line(box.left(), y, box.right(), y, QPen(QColor(palette.text3), 1, Qt.PenStyle.DashLine))


def _numbers(heatmap: Heatmap) -> _Numbers:
    cut = columns.as_cut(heatmap.segments)
    return _Numbers(
        heatmap=heatmap,
        cut=cut,
        shares=columns.as_values(heatmap.segments, heatmap.shares),
        scores=columns.as_values(heatmap.segments, heatmap.scores),
        middles=(cut.starts + cut.ends) / 2,
    )


def _paint_earlier(sheet: Sheet, numbers: _Numbers) -> None:
    heatmap = numbers.heatmap
    owner, inside = numbers.cut.owners(sheet.scale, sheet.columns)
    values = columns.per_column(numbers.shares, owner, inside)
    places = columns.positions(values, low=heatmap.k_min, high=heatmap.k_max, log=sheet.content.log)
    colours = heat_map(dark=sheet.palette.dark)
    sheet.pixels(sheet.bed(sheet.lanes.earlier), columns.coloured(places, colours, alpha=_EARLIER_STRENGTH))


def _paint_cells(sheet: Sheet) -> None:
    """Token counts written into the strip, dark on light cells and light on dark ones."""
    heatmap, scale, lane = sheet.content.heatmap, sheet.scale, sheet.lanes.strip
    a_second = (scale.right - scale.left) / (scale.end - scale.start)
    for segment in heatmap.between(scale.start, scale.end):
        tokens = heatmap.shares.get(segment.index)
        if tokens is None or (segment.end_seconds - segment.start_seconds) * a_second < _CELL:
            continue
        colour = heat(tokens, low=heatmap.k_min, high=heatmap.k_max, dark=sheet.palette.dark, log=sheet.content.log)
        box = sheet.span(segment.start_seconds, segment.end_seconds, lane)
        if box.width() >= _CELL:
            ink = "#15181C" if rgb_to_lab(colour)[0] > 55 else "#FFFFFF"
            sheet.text(box, str(tokens), ink, weight=600, align=CENTRED)


def curve_height(lane: Lane, score: Any) -> Any:
    """Where a score, or an array of scores, stands in the relevance lane."""
    return lane.bottom - 3 - score * (lane.height - 6)


def _paint_curve(sheet: Sheet, numbers: _Numbers) -> None:
    import numpy as np

    scale, lane, ink = sheet.scale, sheet.lanes.relevance, QColor(sheet.palette.text2)
    first, last = np.searchsorted(numbers.middles, (scale.start, scale.end))
    view = slice(max(int(first) - 1, 0), int(last) + 1)
    middles, scores = numbers.middles[view], numbers.scores[view]
    if not len(middles):
        return
    rows = (curve_height(lane, scores) - lane.top) * sheet.ratio
    height, thick = max(round(lane.height * sheet.ratio), 1), _CURVE * sheet.ratio
    rgb = (ink.red(), ink.green(), ink.blue())
    sheet.pixels(sheet.bed(lane), columns.curve(middles, rows, scale, sheet.columns, height, colour=rgb, width=thick))
    for place in columns.alone(scores):
        if scale.shows(middles[place]):
            x, y = scale.to_pixel(middles[place]), curve_height(lane, scores[place])
            sheet.fill(QRectF(round(x) - 1, round(y) - 1, 3, 3), ink)


def paint_index(sheet: Sheet) -> None:
    """What is ready for questions, as players show what is buffered."""
    for start, end in sheet.content.index.spans():
        if end > sheet.scale.start and start < sheet.scale.end:
            sheet.fill(sheet.span(start, end, sheet.lanes.indexed), sheet.palette.text2)


def paint_chapters(sheet: Sheet) -> None:
    """Named blocks; a name that does not fit is left out, never cut: the card over it tells it."""
    lane, palette = sheet.lanes.chapters, sheet.palette
    for number, chapter in enumerate(sheet.content.chapters, start=1):
        if chapter.end_seconds <= sheet.scale.start or chapter.start_seconds >= sheet.scale.end:
            continue
        box = sheet.span(chapter.start_seconds, chapter.end_seconds, lane)
        sheet.fill(box.adjusted(1, 0, 0, 0) if box.width() > 2 else box, palette.block)
        sheet.fill(QRectF(box.left(), box.top(), 1, box.height()), palette.border)
        name = chapter.title or f"Chapter {number}"
        if box.width() >= 14:
            sheet.fitting(box.adjusted(7, 0, -4, 0), (name,), palette.text2)


def paint_cuts(sheet: Sheet, moments: np.ndarray) -> None:
    """A tick for every cut."""
    if sheet.lanes.cuts.shown and len(moments):
        colour = QColor(sheet.palette.text2)
        rgb = (colour.red(), colour.green(), colour.blue())
        width = max(round(sheet.ratio), 1)
        ticks = columns.ticks(moments, sheet.scale, sheet.columns, colour=rgb, width=width)
        sheet.pixels(sheet.bed(sheet.lanes.cuts), ticks)
