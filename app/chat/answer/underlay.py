"""What is drawn beneath an answer's words: chips with their swatches, bars of quotes, panels of code, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextCursor, QTextDocument

from app.chat.answer.formats import FENCED, QUOTED, RULED, bars_of
from app.chat.answer.setting import Chip
from app.theme import Palette
from app.timeline.heat import heat

_SWATCH = 5  # pixels wide, in the room before the words


def draw_underlay(
    painter: QPainter,
    document: QTextDocument,
    chips: Iterable[Chip],
    palette: Palette,
    limits: tuple[int, int],
    clip: QRect,
) -> None:
    """Draw what lies within `clip`. `limits` are the fewest and most tokens a segment may get."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for block in _blocks(document, clip):
        _ground(painter, document, block, palette)
    for chip in chips:
        for place, box in enumerate(line_boxes(document, chip.words)):
            if box.intersects(clip):
                _chip(painter, box, chip, palette, limits, first=place == 0)


def line_boxes(document: QTextDocument, words: QTextCursor) -> Iterator[QRectF]:
    """The boxes of some words of one block, one a line."""
    block = document.findBlock(words.selectionStart())
    origin = document.documentLayout().blockBoundingRect(block).topLeft()
    layout = block.layout()
    start, end = words.selectionStart() - block.position(), words.selectionEnd() - block.position()
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        low, high = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
        if low < high:
            left, right = sorted((_x(line, low), _x(line, high)))
            height = line.ascent() + line.descent()
            yield QRectF(origin.x() + left, origin.y() + line.y(), right - left, height)


def _x(line: object, at: int) -> float:
    x = line.cursorToX(at)  # type: ignore[attr-defined]
    return float(x[0] if isinstance(x, tuple) else x)


def _blocks(document: QTextDocument, clip: QRect) -> Iterator[QTextBlock]:
    """Those with something beneath them, within `clip`."""
    layout, block = document.documentLayout(), document.begin()
    while block.isValid():
        format_ = block.blockFormat()
        if any(format_.hasProperty(kind) for kind in (QUOTED, FENCED, RULED)):
            box = layout.blockBoundingRect(block)
            if box.adjusted(0, -20, 0, 20).intersects(clip):
                yield block
        block = block.next()


def _ground(painter: QPainter, document: QTextDocument, block: QTextBlock, palette: Palette) -> None:
    format_, box = block.blockFormat(), document.documentLayout().blockBoundingRect(block)
    left = format_.leftMargin()
    painter.setPen(Qt.PenStyle.NoPen)
    if format_.hasProperty(FENCED):
        painter.setBrush(QColor(palette.block))
        panel = QRectF(left - 10, box.top() - 6, document.textWidth() - left + 10, box.height() + 12)
        painter.drawRoundedRect(panel, 6, 6)
    if format_.hasProperty(RULED):
        painter.fillRect(QRectF(left, box.center().y(), document.textWidth() - left, 1), QColor(palette.border))
    painter.setBrush(QColor(palette.border))
    for left in bars_of(str(format_.property(QUOTED) or "")):
        painter.drawRoundedRect(QRectF(left, box.top() + 2, 3, box.height() - 4), 1.5, 1.5)


def _chip(
    painter: QPainter, words: QRectF, chip: Chip, palette: Palette, limits: tuple[int, int], *, first: bool
) -> None:
    """A soft box for a time that holds, a dashed one for one that does not; the swatch is its segment's heat."""
    room = 11 if first else 3
    box = words.adjusted(-room, 0.5, 3, -0.5)
    if chip.time.link:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.soft))
    else:
        painter.setPen(QPen(QColor(palette.border), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 4, 4)
    if first and chip.time.segment is not None:
        low, high = limits
        colour = QColor(*heat(chip.time.tokens, low=low, high=high, dark=palette.dark))
        painter.fillRect(QRectF(words.left() - _SWATCH - 3, words.center().y() - 5, _SWATCH, 10), colour)
