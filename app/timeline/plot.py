"""The mouse on the canvas: seeks and hovers out. Left seeks, wheel zooms, middle or Shift pans, double click fits."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.theme import Palette
from app.timeline.canvas import Canvas

_ZOOM_A_NOTCH = 1.25
_PIN_REACH = 10  # pixels


class Plot(Canvas):
    """The canvas with hands."""

    seek_wanted = Signal(float)
    hovered = Signal(object, object)  # Segment or None, QPointF in this widget

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._pan_from: float | None = None
        self._seeking = False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Seek, or take hold of the film to pan it."""
        pixel = event.position().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.MiddleButton or (event.button() == Qt.MouseButton.LeftButton and shift):
            self._pan_from = pixel
        elif event.button() == Qt.MouseButton.LeftButton and self._film and pixel >= self._scale.left - 8:
            self._seeking = True
            self.seek_wanted.emit(self._target(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Scrub, pan, or look."""
        pixel = event.position().x()
        if self._pan_from is not None:
            self.rescale(self._scale.panned(pixel - self._pan_from))
            self._pan_from = pixel
        elif self._seeking:
            self.seek_wanted.emit(self._scale.to_seconds(pixel))
        self._look(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._pan_from, self._seeking = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The whole film."""
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom about the pointer; sideways slides."""
        turn = event.angleDelta()
        if abs(turn.x()) > abs(turn.y()):
            self.rescale(self._scale.panned(turn.x() / 2))
        else:
            self.zoom(_ZOOM_A_NOTCH ** (turn.y() / 120), about_pixel=event.position().x())
        event.accept()

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        """Nothing under the pointer."""
        self.outline(None)
        self.hovered.emit(None, QPointF())

    def _look(self, position: QPointF) -> None:
        inside = self._film and self._scale.left <= position.x() <= self._scale.right
        seconds = self._scale.to_seconds(position.x())
        segment = self._heatmap.segment_at(seconds) if inside else None
        self.outline(segment)
        self.hovered.emit(segment, position)

    def _target(self, position: QPointF) -> float:
        lane = self._lanes.citations
        if lane.top <= position.y() <= lane.bottom:
            for mark in self.pin_marks():
                if abs(mark.pixel - position.x()) <= _PIN_REACH:
                    return mark.seconds
        return self._scale.to_seconds(position.x())
