"""Pins in, thumbnails with number, time and tokens out; a click is a seek."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from app.clock import clock
from app.pins import Pin
from app.theme import Palette, sized
from app.timeline.heat import heat
from engine.records import Allocation

_COLUMNS = 4


class EvidenceChip(QAbstractButton):
    """One place in the film."""

    def __init__(self, pin: Pin, allocation: Allocation, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pin = pin
        self._allocation = allocation
        self._palette = palette
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        weak = ", weak evidence" if pin.weak else ""
        self.setToolTip(f"Go to {clock(pin.seconds)}: {pin.tokens} tokens, relevance {pin.relevance:.2f}{weak}")
        self.setAccessibleName(f"Evidence {pin.number} at {clock(pin.seconds)}")
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802
        """A picture of 16:9 and a line."""
        return QSize(122, 69 + 20)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Four of them fit the narrow window."""
        return QSize(72, 69 + 20)

    def set_picture(self, picture: QImage) -> None:
        """The film at this place."""
        self._picture = picture
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Picture, disc with the number, time, swatch, tokens."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(1, 1, self.width() - 2, 67)
        path = QPainterPath()
        path.addRoundedRect(box, 4, 4)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(box, QColor(self._palette.hover))
        if self._picture is not None:
            painter.drawImage(_covering(box, self._picture.size()), self._picture)
        painter.restore()
        self._edge(painter, path)
        self._disc(painter)
        self._line(painter)
        painter.end()

    def _edge(self, painter: QPainter, path: QPainterPath) -> None:
        lively = self.underMouse() or self.hasFocus()
        colour = self._palette.accent if lively or self.pin.weak else self._palette.hairline
        style = Qt.PenStyle.DashLine if self.pin.weak else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(colour), 2 if lively else 1, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _disc(self, painter: QPainter) -> None:
        disc = QRectF(5, 5, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#121417"))
        painter.drawEllipse(disc)
        painter.setFont(sized(11, weight=600))
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.pin.number))

    def _line(self, painter: QPainter) -> None:
        line = QRectF(1, 71, self.width() - 2, 18)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(sized(12, weight=500))
        painter.setPen(QColor(self._palette.accent))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, clock(self.pin.seconds))
        painter.setPen(QColor(self._palette.text))
        text = str(self.pin.tokens)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, text)
        wide = painter.fontMetrics().horizontalAdvance(text)
        colour = heat(self.pin.tokens, low=self._allocation.k_min, high=self._allocation.k_max,
                      dark=self._palette.dark)  # fmt: skip
        painter.fillRect(QRectF(line.right() - wide - 11, line.top() + 4, 5, 10), QColor(*colour))


class EvidenceGrid(QWidget):
    """Chips in four columns."""

    seek_wanted = Signal(float)
    thumbnail_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.chips: list[EvidenceChip] = []

    def show_pins(self, pins: Sequence[Pin], allocation: Allocation, palette: Palette) -> None:
        """Lay out one chip a pin and wish for its picture."""
        for place, pin in enumerate(pins):
            chip = EvidenceChip(pin, allocation, palette)
            chip.clicked.connect(lambda _=False, pin=pin: self.seek_wanted.emit(pin.seconds))
            self._grid.addWidget(chip, place // _COLUMNS, place % _COLUMNS)
            self.chips.append(chip)
        for chip in self.chips:
            self.thumbnail_wanted.emit(middle_of(chip.pin))

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """Give the picture to whoever wished for it."""
        for chip in self.chips:
            if abs(middle_of(chip.pin) - seconds) < 1e-6:
                chip.set_picture(picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        for chip in self.chips:
            chip.apply_palette(palette)


def middle_of(pin: Pin) -> float:
    """Where the thumbnail is taken."""
    return (pin.seconds + pin.end_seconds) / 2


def _covering(box: QRectF, size: QSize) -> QRectF:
    """The picture scaled to fill the box, its middle kept."""
    factor = max(box.width() / max(size.width(), 1), box.height() / max(size.height(), 1))
    made = QRectF(0, 0, size.width() * factor, size.height() * factor)
    made.moveCenter(box.center())
    return made
