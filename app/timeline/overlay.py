"""A sheet in; what moves or answers the mouse out: pins, playhead, outlines, the range, the loop, the focus ring."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QRegion

from app.clock import span
from app.timeline.content import Span
from app.timeline.heat_lanes import curve_height
from app.timeline.lanes import Lanes
from app.timeline.pin_marks import PinMark
from app.timeline.scale import Scale
from app.timeline.sheet import CENTRED, LEFTWARD, Sheet, text_width
from engine.records import Segment

HANDLE = 5.0  # pixels beside an edge in which it can be taken hold of
HALF_STRIPE = 9  # pixels beside the playhead that its knob covers


def paint_cited(sheet: Sheet) -> None:
    """A line under every stretch that the answer cites."""
    lane = sheet.lanes.citations
    for pin in sheet.content.heatmap.pins:
        if lane.shown and pin.end_seconds > sheet.scale.start and pin.seconds < sheet.scale.end:
            box = sheet.span(pin.seconds, pin.end_seconds, lane, least=2)
            sheet.fill(QRectF(box.left(), lane.bottom - 3, box.width(), 2), sheet.palette.accent)


def paint_pins(sheet: Sheet, marks: Iterable[PinMark]) -> None:
    """Numbered discs, over the playhead; dashed and hollow where the evidence is weak."""
    lane, painter, accent = sheet.lanes.citations, sheet.painter, QColor(sheet.palette.accent)
    if not lane.shown:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in marks:
        width = max(16.0, text_width(mark.label, 11, 600) + 9.0)
        disc = QRectF(mark.pixel - width / 2, lane.middle - 8, width, 16)
        painter.setBrush(QColor(sheet.palette.lane) if mark.weak else accent)
        painter.setPen(QPen(accent, 1.2, Qt.PenStyle.DashLine) if mark.weak else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(disc, 8, 8)
        sheet.text(disc, mark.label, sheet.palette.accent if mark.weak else sheet.palette.on_accent,
                   weight=600, align=CENTRED)  # fmt: skip
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def paint_played(sheet: Sheet, seconds: float) -> None:
    """What was played, on the seek bar."""
    left, right = sheet.scale.left, min(sheet.x(seconds), sheet.scale.right)
    if right > left:
        sheet.fill(QRectF(left, sheet.lanes.seek.middle - 2, right - left, 4), sheet.palette.accent)


def paint_playhead(sheet: Sheet, seconds: float) -> None:
    """A line through all lanes: thin over the heat, so that it hides no bar, and edged, so that no bar hides it."""
    if not sheet.scale.shows(seconds):
        return
    lanes, x = sheet.lanes, sheet.x(seconds)
    top, ground, accent = lanes.seek.middle, QColor(sheet.palette.panel), QColor(sheet.palette.accent)
    thin = 1 / sheet.ratio * max(round(sheet.ratio), 1)
    edge = QColor(ground)
    edge.setAlphaF(0.8)
    sheet.fill(QRectF(x - thin, top, 3 * thin, lanes.bottom - top), edge)
    sheet.fill(QRectF(x, top, thin, lanes.bottom - top), accent)
    painter = sheet.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(ground)
    painter.setPen(QPen(accent, 3))
    painter.drawEllipse(QPointF(x + thin / 2, top), 4.5, 4.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def playhead_region(scale: Scale, lanes: Lanes, moments: tuple[float, float], size: QSize) -> QRegion:
    """What a playhead that moves changes: two stripes, and the seek bar between them."""
    ends = sorted(int(min(max(scale.to_pixel(at), -HALF_STRIPE), size.width() + HALF_STRIPE)) for at in moments)
    width = 2 * HALF_STRIPE + 1
    region = QRegion(QRect(ends[0] - HALF_STRIPE, int(lanes.seek.top), ends[1] - ends[0] + width,
                           int(lanes.seek.height)))  # fmt: skip
    for end in ends:
        region += QRect(end - HALF_STRIPE, 0, width, size.height())
    return region


def paint_segment(sheet: Sheet, segment: Segment, *, strong: bool = True) -> None:
    """Outline a segment; a dot on the curve says its score."""
    lanes, painter = sheet.lanes, sheet.painter
    top = lanes.strip.top if lanes.strip.shown else lanes.pinned_bottom
    bottom = lanes.bars.bottom if lanes.bars.shown else lanes.bottom
    box = sheet.span(segment.start_seconds, segment.end_seconds, lanes.strip, least=3)
    box.setTop(top - 2)
    box.setBottom(bottom + 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(sheet.palette.text if strong else sheet.palette.accent), 1.5 if strong else 2))
    painter.drawRoundedRect(box, 3, 3)
    score = sheet.content.heatmap.scores.get(segment.index)
    if score is not None and lanes.relevance.shown:
        painter.setBrush(QColor(sheet.palette.text))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(box.center().x(), curve_height(lanes.relevance, score)), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def cross_box(sheet_range: QRectF) -> QRectF:
    """Where the x that clears the range stands: inside the band if that is wide enough, else right of it."""
    side = sheet_range.height()
    left = sheet_range.right() - side - 4 if sheet_range.width() >= 3 * side else sheet_range.right() + 4
    return QRectF(left, sheet_range.top(), side, side)


def paint_range(sheet: Sheet, chosen: Span) -> None:
    """The part of the film the next question is limited to: a band with handles, lines through all lanes, an x."""
    lanes, palette, accent = sheet.lanes, sheet.palette, QColor(sheet.palette.accent)
    start, end = chosen
    for moment, way in ((start, 1), (end, -1)):
        if sheet.scale.shows(moment):
            x = sheet.x(moment) - (way < 0)
            sheet.fill(QRectF(x, lanes.pinned_bottom, 1, lanes.bottom - lanes.pinned_bottom), accent)
    if not lanes.range.shown or end < sheet.scale.start or start > sheet.scale.end:
        return
    band = sheet.span(start, end, lanes.range, least=2)
    sheet.fill(band, palette.soft)
    for moment, x in ((start, band.left()), (end, band.right() - 3)):
        if sheet.scale.shows(moment):
            sheet.fill(QRectF(x, band.top(), 3, band.height()), accent)
    cross = cross_box(band)
    room = band.adjusted(8, 0, -4, 0) if cross.left() >= band.right() else band.adjusted(8, 0, -cross.width() - 8, 0)
    sheet.fitting(room, (f"Next question: {span(start, end)}", span(start, end)), palette.text)
    sheet.text(cross, "×", palette.text, pixels=14, weight=600, align=CENTRED)


def loop_flags(sheet: Sheet) -> list[tuple[str, float, QRectF]]:
    """Name, place and box of the flags in view at the ends of the loop."""
    if sheet.content.loop is None:
        return []
    ends = [(name, sheet.x(at), way) for name, at, way in zip("AB", sheet.content.loop, (-1, 1), strict=True)
            if sheet.scale.shows(at)]  # fmt: skip
    return [(name, x, QRectF(min(x, x + way * 12), sheet.lanes.ruler.bottom - 15, 12, 13)) for name, x, way in ends]


def paint_loop(sheet: Sheet) -> None:
    """The stretch played again and again: a band on the ruler between A and B."""
    loop, lane, palette = sheet.content.loop, sheet.lanes.ruler, sheet.palette
    if loop is None or loop[1] < sheet.scale.start or loop[0] > sheet.scale.end:
        return
    band = sheet.span(*loop, sheet.lanes.seek, least=2)
    sheet.fill(QRectF(band.left(), lane.bottom - 2, band.width(), 3), palette.text)
    for name, x, flag in loop_flags(sheet):
        sheet.fill(QRectF(x, flag.top(), 1, 24), palette.text)
        sheet.fill(flag, palette.text)
        sheet.text(flag, name, palette.panel, weight=600, align=CENTRED)


def paint_searching(sheet: Sheet) -> None:
    """How far the search for cuts has come, beside the ticks found so far."""
    cuts, lane = sheet.content.cuts, sheet.lanes.cuts
    if cuts.searching and cuts.seconds and lane.shown:
        box = QRectF(sheet.scale.right + 5, lane.middle - 8, 40, 16)
        sheet.text(box, f"{cuts.share:.0%}", sheet.palette.text3, align=LEFTWARD)


def paint_cursor(sheet: Sheet, seconds: float) -> None:
    """The keyboard's cursor: a triangle on the ruler."""
    if sheet.scale.shows(seconds):
        x, y, painter = sheet.x(seconds), sheet.lanes.ruler.bottom, sheet.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(sheet.palette.text))
        painter.drawPolygon(QPolygonF([QPointF(x - 5, y - 8), QPointF(x + 6, y - 8), QPointF(x + 0.5, y)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def paint_focus(sheet: Sheet, box: QRectF) -> None:
    """The ring of the part that has the keyboard."""
    painter = sheet.painter
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(sheet.palette.accent), 2))
    painter.drawRect(box.adjusted(1, 1, -1, -1))
