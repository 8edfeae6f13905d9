"""Pins in, their pictures in columns out; a click is a seek, and the span alone can be played."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QWidget

from app.chat.evidence_chip import NARROWEST, EvidenceChip
from app.chat.place_menu import place_menu
from app.counting import count
from app.pins import Pin
from app.style import mark
from app.theme import Palette
from engine.records import Allocation

_MOST_COLUMNS = 4
_GAP = 8


class EvidenceGrid(QWidget):
    """Chips in up to four columns, as many as the width holds."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)
    segment_pointed = Signal(object)
    thumbnail_wanted = Signal(float)  # the picture that a click would show

    def __init__(
        self, pins: Sequence[Pin], allocation: Allocation, palette: Palette, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(_GAP)
        self._columns = 0
        self.chips = [EvidenceChip(pin, allocation, palette) for pin in pins]
        for chip in self.chips:
            chip.clicked.connect(lambda _=False, pin=chip.pin: self.seek_wanted.emit(pin.seconds))
            chip.play_wanted.connect(lambda pin=chip.pin: self.span_wanted.emit(pin.seconds, pin.end_seconds))
            chip.pointed.connect(lambda on, pin=chip.pin: self.segment_pointed.emit(pin.segment if on else None))
            chip.seen.connect(lambda pin=chip.pin: self.thumbnail_wanted.emit(pin.seconds))
        self._deal(_MOST_COLUMNS)

    def want_all(self) -> None:
        """Wish for every picture now, on screen or not."""
        for chip in reversed(self.chips):  # the newest wish is served first
            self.thumbnail_wanted.emit(chip.pin.seconds)

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """Give the picture to whoever wished for it."""
        for chip in self.chips:
            if abs(chip.pin.seconds - seconds) < 1e-6:
                chip.set_picture(picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        for chip in self.chips:
            chip.apply_palette(palette)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Two columns, whatever is dealt now: else the grid could never grow narrower."""
        return QSize(2 * NARROWEST + _GAP, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fewer columns in a narrow pane."""
        super().resizeEvent(event)
        self._deal(min(max((self.width() + _GAP) // (NARROWEST + _GAP), 2), _MOST_COLUMNS))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Of the chip under the pointer, or with the focus."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        chip = next((chip for chip in self.chips if (chip.hasFocus() if by_key else chip.underMouse())), None)
        if chip is not None:
            self.menu_of(chip).popup(chip.mapToGlobal(chip.rect().center()) if by_key else event.globalPos())

    def menu_of(self, chip: EvidenceChip) -> QMenu:
        """What can be done with its place."""
        pin = chip.pin
        return place_menu(self, pin.seconds, pin.end_seconds, seek=self.seek_wanted.emit, play=self.span_wanted.emit)

    def _deal(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, chip in enumerate(self.chips):
            self._grid.addWidget(chip, place // columns, place % columns)


def evidence_head(found: Sequence[Pin]) -> QHBoxLayout:
    """How many places there are."""
    title, text = QLabel("Evidence"), QLabel()
    mark(title, kind="label")
    mark(text, kind="small", tone="2")
    text.setText(f"{count(len(found), 'place')}, with the tokens each got" if found else "No segment stands out")
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(title)
    row.addWidget(text, 1)
    return row
