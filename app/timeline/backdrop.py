"""A sheet in; beds of the lanes, labels, ruler and words for what is empty out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor

from app.clock import clock
from app.timeline.lanes import LEFT, Lane
from app.timeline.overlay import loop_flags
from app.timeline.sheet import LEFTWARD, RIGHTWARD, Sheet, text_width

_MARGIN = 16
_EMPTY = {
    "range": "Drag here, or with Shift anywhere, to ask about a part of the film only",
    "strip": "How much of the token budget each segment got for your question",
    "bars": "Further from the background and taller means more",
    "uniform": "What each segment would get if the budget were shared evenly",
    "relevance": "How well each segment matches the question, before the budget is dealt out",
    "citations": "Times the answer rests on",
    "earlier": "The heat of an earlier question, for comparison",
    "chapters": "Chapters of the film",
    "cuts": "Where one shot ends and the next begins",
}


def paint_beds(sheet: Sheet) -> None:
    """The ground of every lane."""
    lanes = sheet.lanes
    for lane in (lanes.range, lanes.strip, lanes.bars, lanes.uniform, lanes.relevance, lanes.citations, lanes.earlier,
                 lanes.chapters, lanes.cuts):  # fmt: skip
        sheet.fill(sheet.bed(lane), sheet.palette.lane)
    sheet.fill(sheet.bed(lanes.indexed), sheet.palette.hover)


def paint_labels(sheet: Sheet) -> None:
    """What each lane is, left of it."""
    lanes, heatmap = sheet.lanes, sheet.content.heatmap
    earlier = sheet.content.earlier.question
    tokens = "Tokens, provisional" if heatmap.provisional and heatmap.shares else "Tokens"
    rows = (
        (lanes.range, "Ask about"), (lanes.indexed, "Indexed"), (lanes.strip, tokens), (lanes.uniform, "Even shares"),
        (lanes.citations, "Citations"), (lanes.earlier, f"Question {earlier}" if earlier else "Earlier question"),
        (lanes.chapters, "Chapters"), (lanes.cuts, "Shot cuts"),
    )  # fmt: skip
    for lane, text in rows:
        _label(sheet, lane, text)
    if lanes.bars.shown:
        _bar_labels(sheet)
    if lanes.relevance.shown:
        lane = lanes.relevance
        _label(sheet, Lane(lane.top, lane.top + 15), "Relevance")
        _small(sheet, lane.top + 21, "raw score")
        _value(sheet, lane.top + 6, "1")
        _value(sheet, lane.bottom - 6, "0")
    if lanes.uniform.shown and heatmap.limit and heatmap.even_share:
        _value(sheet, lanes.uniform.middle, str(heatmap.even_share))
    if lanes.indexed.shown and sheet.content.index.segments:
        _value(sheet, lanes.indexed.middle, f"{len(sheet.content.index.ready)} of {len(sheet.content.index.segments)}")
    if lanes.cuts.shown and sheet.content.cuts.seconds:
        _value(sheet, lanes.cuts.middle, f"{len(sheet.content.cuts.seconds):,}")


def _bar_labels(sheet: Sheet) -> None:
    bars, heatmap = sheet.lanes.bars, sheet.content.heatmap
    known = heatmap.k_max > 0
    _value(sheet, bars.top + 5, f"k_max {heatmap.k_max}" if known else "k_max")
    _value(sheet, bars.bottom - 5, f"k_min {heatmap.k_min}" if known else "k_min")
    if sheet.content.log:
        _small(sheet, bars.bottom - 7, "log scale")


def _label(sheet: Sheet, lane: Lane, text: str) -> None:
    if lane.shown:
        box = QRectF(_MARGIN, lane.middle - 8, LEFT - 2 * _MARGIN, 16)
        sheet.text(box, text, sheet.palette.text2, pixels=12, weight=500)


def _small(sheet: Sheet, middle: float, text: str) -> None:
    sheet.text(QRectF(_MARGIN, middle - 8, 70, 16), text, sheet.palette.text3)


def _value(sheet: Sheet, middle: float, text: str) -> None:
    sheet.text(QRectF(LEFT - 88, middle - 8, 80, 16), text, sheet.palette.text3, align=RIGHTWARD)


def paint_ruler(sheet: Sheet) -> None:
    """Times, and the label of the seek bar: both stay while lanes scroll."""
    scale, lane, palette = sheet.scale, sheet.lanes.ruler, sheet.palette
    _label(sheet, sheet.lanes.seek, "Time")
    if not sheet.content.film:
        return
    decimals = 1 if scale.tick_step() < 1 else 0
    flags = [flag for _, _, flag in loop_flags(sheet)]
    for seconds in scale.ticks():
        x = sheet.x(seconds)
        sheet.fill(QRectF(x, lane.top + 2, 1, lane.height - 2), palette.border)
        text = clock(seconds, decimals=decimals)
        box = QRectF(x + 5, lane.top, text_width(text, 11), lane.height)
        if box.right() < scale.right and not any(flag.intersects(box) for flag in flags):
            sheet.text(box, text, palette.text2)
    if not scale.zoomed:
        text = clock(scale.duration, decimals=0)
        sheet.text(QRectF(scale.right + 5, lane.top, 40, lane.height), text, palette.text3)


def paint_track(sheet: Sheet) -> None:
    """The seek bar without what moves."""
    middle = sheet.lanes.seek.middle
    sheet.fill(QRectF(sheet.scale.left, middle - 2, sheet.scale.right - sheet.scale.left, 4), sheet.palette.border)


def paint_hatch(sheet: Sheet) -> None:
    """Segments that were not scored: never the lowest colour."""
    heatmap, lanes = sheet.content.heatmap, sheet.lanes
    brush = QBrush(QColor(sheet.palette.border), Qt.BrushStyle.BDiagPattern)
    for first, last in _runs(sheet):
        start, end = heatmap.segments[first].start_seconds, heatmap.segments[last].end_seconds
        for lane in (lanes.strip, lanes.bars, lanes.relevance):
            sheet.painter.fillRect(sheet.span(start, end, lane), brush)
        text = f"{last - first + 1} not scored{'' if heatmap.ended else ' yet'}"
        box = sheet.span(start, end, lanes.bars)
        if lanes.bars.shown and box.width() > text_width(text, 12) + 24:
            ground = QRectF(box.left() + 12, box.center().y() - 9, text_width(text, 12) + 12, 18)
            sheet.fill(ground, sheet.palette.lane)
            sheet.text(ground.adjusted(6, 0, 0, 0), text, sheet.palette.text2, pixels=12)


def _runs(sheet: Sheet) -> list[tuple[int, int]]:
    """First and last place of every run of segments in view without a score."""
    heatmap, scale = sheet.content.heatmap, sheet.scale
    runs: list[tuple[int, int]] = []
    if not heatmap.unscored:
        return runs
    for place, segment in enumerate(heatmap.segments):
        if segment.index in heatmap.scores or segment.end_seconds < scale.start or segment.start_seconds > scale.end:
            continue
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def paint_words(sheet: Sheet) -> None:
    """One line in every lane that is empty: what it will show, or why it shows nothing."""
    content, lanes = sheet.content, sheet.lanes
    heatmap, cuts = content.heatmap, content.cuts
    words: dict[str, str] = {}
    if content.range is None:
        words["range"] = _EMPTY["range"]
    if not heatmap.segments:
        words |= {name: _EMPTY[name] for name in ("strip", "bars", "uniform", "relevance")}
    if not heatmap.pins:
        waiting = heatmap.segments and heatmap.provisional and not heatmap.ended
        words["citations"] = "Citations appear with the answer" if waiting else _EMPTY["citations"]
        if heatmap.shares and not heatmap.provisional:
            words["citations"] = "The answer names no time"
    if not content.earlier.shares:
        words["earlier"] = _EMPTY["earlier"]
    if not content.chapters:
        words["chapters"] = "This film has no chapters" if content.chapters_known else _EMPTY["chapters"]
    if cuts.searching:
        words["cuts"] = "" if cuts.seconds else f"Looking for cuts: {cuts.share:.0%} of the film"
    elif not cuts.seconds:
        words["cuts"] = cuts.trouble or ("No cuts: one shot" if cuts.share >= 1 else _EMPTY["cuts"])
    for name, text in words.items():
        _word(sheet, getattr(lanes, name), text)


def _word(sheet: Sheet, lane: Lane, text: str) -> None:
    room = sheet.scale.right - sheet.scale.left - 24
    if not lane.shown or not text or text_width(text, 11) > room:
        return
    box = QRectF(sheet.scale.left + 12, lane.middle - 8, room, 16)
    sheet.text(box, text, sheet.palette.text3, pixels=11, align=LEFTWARD)
