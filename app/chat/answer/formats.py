"""A block or run in, the Qt format it is set in out."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)

from app.chat.answer.cited import Cited
from app.chat.answer.markup import Block, Kind, Look
from app.theme import Palette

QUOTED, FENCED, RULED = (int(QTextFormat.Property.UserProperty) + place for place in (1, 2, 3))
INDENT = 22  # pixels a list level
BAR = 14  # pixels a block quote
_HEADINGS = {1: 1.22, 2: 1.14, 3: 1.07}  # times the size of the text
_SIDES = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}
_PIXELS = int(QTextFormat.Property.FontPixelSize)
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value


def block_format(block: Block, *, first: bool) -> QTextBlockFormat:
    """How a paragraph stands."""
    made = QTextBlockFormat()
    code, hang = block.kind is Kind.CODE, INDENT + 9 * max(len(block.marker) - 2, 0)  # a long number needs more room
    left = block.depth * INDENT + block.quotes * BAR + (hang - INDENT if block.marker else 0)
    made.setLineHeight(130.0 if code else 150.0, _PROPORTIONAL)  # percent
    made.setTopMargin(0 if first else _room_above(block))
    if block.marker:
        made.setTextIndent(-hang)
        made.setTabPositions([QTextOption.Tab(hang, QTextOption.TabType.LeftTab)])
    if block.quotes:
        made.setProperty(QUOTED, block.nest)
    if block.kind is Kind.HEADING:
        made.setHeadingLevel(block.level)
    if block.kind is Kind.RULE:
        made.setProperty(RULED, True)
    if code:
        made.setProperty(FENCED, True)
        made.setTopMargin(14)
        made.setBottomMargin(6)
        made.setRightMargin(10)
        left += 10
    if from_right(block.text):
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        made.setRightMargin(left)
    else:
        made.setLeftMargin(left)
    return made


def bars_of(nest: str) -> tuple[int, ...]:
    """Where the bars of the quotes around a block stand."""
    steps = (INDENT if around == "l" else BAR for around in nest)
    return tuple(at for at, around in zip((0, *accumulate(steps)), nest, strict=False) if around == "q")


def from_right(text: str) -> bool:
    """True if the first letter with a direction is read from right to left."""
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return first != "L"


def _room_above(block: Block) -> int:
    if block.kind is Kind.HEADING:
        return 14
    return 2 if block.tight else 8


def hair_format() -> QTextBlockFormat:
    """The empty line that Qt keeps before and behind a table, as low as it can be."""
    made = QTextBlockFormat()
    made.setLineHeight(1.0, _FIXED)
    return made


def char_format(block: Block, look: Look, palette: Palette, size: int) -> QTextCharFormat:
    """How words are set. The colour of plain text is left to the style sheet."""
    made = QTextCharFormat()
    if Look.BOLD in look or block.kind is Kind.HEADING:
        made.setFontWeight(QFont.Weight.DemiBold)
    if Look.ITALIC in look:
        made.setFontItalic(True)
    if Look.STRUCK in look:
        made.setFontStrikeOut(True)
    if block.kind is Kind.HEADING:
        made.setProperty(_PIXELS, round(size * _HEADINGS.get(block.level, 1.0)))
    if Look.CODE in look:
        made.setFontFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
        made.setProperty(_PIXELS, round(size * 0.93))
        if block.kind is not Kind.CODE:
            made.setBackground(QBrush(QColor(palette.hover)))
    return made


def time_format(plain: QTextCharFormat, time: Cited, palette: Palette) -> QTextCharFormat:
    """Words that name a time: a link if it holds."""
    made = QTextCharFormat(plain)
    made.clearBackground()  # the chip is drawn by the view
    made.setToolTip(time.tip)
    if time.link:
        made.setAnchor(True)
        made.setAnchorHref(time.link)
        made.setForeground(QColor(palette.accent))
        made.setFontWeight(max(QFont.Weight.Medium, plain.fontWeight()))
    else:
        made.setForeground(QColor(palette.text2))
    return made


def warning_format(plain: QTextCharFormat, time: Cited, palette: Palette, size: int) -> QTextCharFormat:
    """The word behind a time that does not hold."""
    made = QTextCharFormat(plain)
    made.setToolTip(time.tip)
    made.setForeground(QColor(palette.text2))
    made.setProperty(_PIXELS, round(size * 0.8))
    return made


def table_format(block: Block, palette: Palette) -> QTextTableFormat:
    """Hairlines, as wide as the answer."""
    made = QTextTableFormat()
    made.setBorder(1)
    made.setBorderCollapse(True)
    made.setBorderBrush(QBrush(QColor(palette.hairline)))
    made.setCellPadding(5)
    made.setCellSpacing(0)
    made.setHeaderRowCount(1)
    made.setTopMargin(8)
    made.setBottomMargin(8)
    made.setLeftMargin(block.depth * INDENT + block.quotes * BAR)
    made.setRightMargin(1)  # Qt draws the last hairline outside the width
    made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    return made


def cell_format(block: Block, column: int) -> QTextBlockFormat:
    """The side a column's words stand on."""
    made = QTextBlockFormat()
    side = block.sides[column] if column < len(block.sides) else "left"
    made.setAlignment(_SIDES.get(side, Qt.AlignmentFlag.AlignLeft))
    return made
