"""Cues and a picture's place in, readable words over the picture out: white, outlined, sized by the picture.

Words are laid out when they change, not with every picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTextCharFormat, QTextLayout, QTextOption

from engine.ingest.cues import BOTTOM, TOP, Cue

_SHARE_OF_HEIGHT = 0.052  # as mpv draws them
_WIDEST_SHAPE = 0.75  # height over width: in a taller picture lines would hold two words
_LEAST_PIXELS = 13.0
_WIDTH_SHARE, _MARGIN_SHARE = 0.9, 0.045
_OUTLINE_SHARE = 0.075  # of the letters' size
_OUTLINE_STEPS = 16  # Qt's own outlines displace what follows an emoji: the words are drawn round about instead
_LINE_BREAK = "\u2028"


class Captions:
    """What is read on the picture now."""

    def __init__(self) -> None:
        self._cues: tuple[Cue, ...] = ()
        self._scale = 1.0
        self._drawn: QImage | None = None
        self._drawn_for: tuple[QSize, float, float] | None = None

    @property
    def cues(self) -> tuple[Cue, ...]:
        """What is shown."""
        return self._cues

    def set_cues(self, cues: Sequence[Cue]) -> None:
        """Other words."""
        self._cues, self._drawn_for = tuple(cues), None

    def set_scale(self, scale: float) -> None:
        """Larger or smaller; 1 is usual."""
        self._scale, self._drawn_for = scale, None

    def paint(self, painter: QPainter, picture: QRectF, *, lift: float = 0.0) -> None:
        """Draw over `picture`; what stands at the bottom stands `lift` pixels higher."""
        if not self._cues or picture.isEmpty():
            return
        ratio = painter.device().devicePixelRatioF()
        key = (picture.size().toSize(), ratio, lift)
        if key != self._drawn_for or self._drawn is None:
            self._drawn, self._drawn_for = self._draw(picture.size().toSize(), ratio, lift), key
        painter.drawImage(picture.topLeft(), self._drawn)

    def _draw(self, size: QSize, ratio: float, lift: float) -> QImage:
        image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = size.height() * _MARGIN_SHARE
        top, bottom = margin, size.height() - margin - lift
        pixels = letter_pixels(size, self._scale)
        for cue in self._cues:
            fill, under = (_laid_out(cue, size.width(), pixels, colour) for colour in ("white", "black"))
            height = fill.boundingRect().height()
            if cue.place == TOP:
                y, top = top, top + height
            elif cue.place == BOTTOM:
                bottom -= height
                y = bottom
            else:
                y = (size.height() - height) / 2
            place = QPointF(size.width() * (1 - _WIDTH_SHARE) / 2, y)
            for offset in _round_about(pixels * _OUTLINE_SHARE):
                under.draw(painter, place + offset)
            fill.draw(painter, place)
        painter.end()
        return image


def letter_pixels(size: QSize, scale: float) -> float:
    """How large letters are on a picture."""
    height = min(size.height(), size.width() * _WIDEST_SHAPE)
    return max(height * _SHARE_OF_HEIGHT * scale, _LEAST_PIXELS)


def _laid_out(cue: Cue, width: float, pixels: float, colour: str) -> QTextLayout:
    font = QFont()
    font.setPixelSize(round(pixels))
    font.setWeight(QFont.Weight.Medium)
    layout = QTextLayout(_LINE_BREAK.join("".join(run.text for run in line) for line in cue.lines), font)
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_formats(cue, colour))
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width * _WIDTH_SHARE)
        line.setPosition(QPointF(0.0, y))
        y += line.height()
    layout.endLayout()
    return layout


def _formats(cue: Cue, colour: str) -> list[QTextLayout.FormatRange]:
    ranges, place = [], 0
    for line in cue.lines:
        for run in line:
            style = QTextCharFormat()
            style.setForeground(QColor(colour))
            style.setFontItalic(run.italic)
            style.setFontUnderline(run.underlined)
            style.setFontWeight(QFont.Weight.Bold if run.bold else QFont.Weight.Medium)
            ranged = QTextLayout.FormatRange()
            ranged.start, ranged.length, ranged.format = place, _utf16(run.text), style
            ranges.append(ranged)
            place += ranged.length
        place += 1  # the line break
    return ranges


def _round_about(radius: float) -> list[QPointF]:
    turns = (2 * math.pi * step / _OUTLINE_STEPS for step in range(_OUTLINE_STEPS))
    return [QPointF(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]


def _utf16(text: str) -> int:
    """Qt counts UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
