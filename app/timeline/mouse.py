"""The mouse on the canvas: seeks, scrubs, selections and hovers out.

On ruler and seek bar a press seeks and a drag scrubs; so does the playhead, wherever it is taken hold of. In the lanes
a click seeks and a drag pans; with Shift, or in the range lane, a drag selects a part of the film. The wheel zooms
about the pointer, over the labels it scrolls; a double click fits.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.theme import Palette
from app.timeline.canvas import Canvas
from app.timeline.content import Span
from app.timeline.grips import Grip, Ground
from app.timeline.lanes import LEFT
from app.timeline.targets import Target, target_at

_ZOOM_A_NOTCH = 1.25
_SHORTEST_SECONDS = 0.05  # a selection shorter than that is a click with a trembling hand
_SCROLL_A_NOTCH = 24
_LABEL = 16  # pixels: where labels begin


class MousePlot(Canvas):
    """The canvas with a mouse."""

    seek_wanted = Signal(float)
    scrub_wanted = Signal(float)
    hovered = Signal(object, object)  # Target or None, QPointF in this widget
    range_changed = Signal(object)  # (start, end) or None; only what the person did
    loop_wanted = Signal(float, float)
    label_clicked = Signal(str, object)  # the lane's name, the place below it on the screen
    scroll_wanted = Signal(float)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._grip: Grip | None = None

    @property
    def _ground(self) -> Ground:
        return Ground(self._lanes, self._scale, self._content, self._seconds or 0.0)

    @property
    def selecting(self) -> bool:
        """True while a drag selects a part of the film or moves an end of the loop."""
        return self._grip is not None and self._grip.kind in ("select", "loop")

    @property
    def held(self) -> bool:
        """True while a button holds something: the view must not move by itself."""
        return self._grip is not None

    def target(self, position: QPointF) -> Target | None:
        """What a click there reaches; None beside the time axis."""
        if not self._content.film or not self._scale.left - 8 <= position.x() <= self._scale.right + 8:
            return None
        return target_at(position.x(), position.y(), lanes=self._lanes, scale=self._scale, content=self._content,
                         marks=self.pin_marks())  # fmt: skip

    def choose_range(self, chosen: Span | None) -> None:
        """Select a part of the film, as a person did."""
        self.show_content(replace(self._content, range=chosen))
        self.range_changed.emit(chosen)

    # press, drag, release -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of something."""
        position = event.position()
        if not self._content.film:
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._grip = Grip("pan", position, position.x())
        elif event.button() == Qt.MouseButton.LeftButton:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._grip = self._ground.grip(position, shift=shift)
            if self._grip is None:
                self._press_label(position)
            elif self._grip.kind == "scrub" and position.y() < self._lanes.pinned_bottom:
                self.seek_wanted.emit(self._scale.to_seconds(position.x()))

    def _press_label(self, position: QPointF) -> None:
        if position.x() < LEFT and self._lanes.beside(self._lanes.earlier, position.y()):
            below = QPointF(_LABEL, self._lanes.earlier.bottom)
            self.label_clicked.emit("earlier", self.mapToGlobal(below).toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Scrub, pan, select, or look."""
        position, grip = event.position(), self._grip
        if grip is not None:
            far = (position - grip.pressed).manhattanLength() >= QApplication.startDragDistance()
            if grip.moved or far:
                self._grip = grip = replace(grip, moved=True)
                self._drag(grip, position.x())
            self._grip = replace(grip, last=position.x())
        self._shape(position)
        self.look(position)

    def _drag(self, grip: Grip, x: float) -> None:
        if grip.kind == "scrub":
            self.scrub_wanted.emit(self._scale.to_seconds(x))
        elif grip.kind in ("select", "loop"):
            inside = min(max(x, self._scale.left), self._scale.right)
            if inside != x:  # the film comes to meet the pointer
                self.rescale(self._scale.panned((inside - x) / 4))
            ends = sorted((grip.anchor, self._ground.snapped(inside)))
            if ends[1] - ends[0] >= _SHORTEST_SECONDS:
                name = "range" if grip.kind == "select" else "loop"
                self.show_content(replace(self._content, **{name: (ends[0], ends[1])}))
        elif grip.kind in ("lane", "pan"):
            self.rescale(self._scale.panned(x - grip.last))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go; without a move in between it was a click."""
        grip, self._grip = self._grip, None
        if grip is None:
            return
        if grip.kind == "cross":
            self.choose_range(None)
        elif grip.kind == "scrub" and grip.moved:
            self.seek_wanted.emit(self._scale.to_seconds(event.position().x()))
        elif grip.kind == "select" and grip.moved:
            self.range_changed.emit(self._content.range)
        elif grip.kind == "loop":
            self._release_loop(grip)
        elif not grip.moved and grip.kind != "pan" and grip.pressed.y() >= self._lanes.pinned_bottom:
            target = self.target(event.position())
            if target is not None:
                self.seek_wanted.emit(target.seconds)
        self._shape(event.position())

    def _release_loop(self, grip: Grip) -> None:
        if grip.moved and self._content.loop is not None:
            self.loop_wanted.emit(*self._content.loop)
        elif grip.before is not None:
            self.seek_wanted.emit(next(end for end in grip.before if end != grip.anchor))

    def let_go(self) -> bool:
        """Undo a selection, or the move of a loop's end, under way. False if there is none."""
        grip = self._grip
        if grip is None or grip.kind not in ("select", "loop"):
            return False
        self._grip = None
        self.show_content(replace(self._content, **{"range" if grip.kind == "select" else "loop": grip.before}))
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The whole film."""
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom about the pointer; sideways, or with Shift, slide; over the labels scroll."""
        turn = event.angleDelta()
        if event.position().x() < LEFT:
            self.scroll_wanted.emit(-turn.y() / 120 * _SCROLL_A_NOTCH)
        elif abs(turn.x()) > abs(turn.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.rescale(self._scale.panned((turn.x() or turn.y()) / 2))
        else:
            self.zoom(_ZOOM_A_NOTCH ** (turn.y() / 120), about_pixel=event.position().x())
        self.look(event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers on a touchpad zoom."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(max(1 + event.value(), 0.2), about_pixel=event.position().x())
            return True
        return super().event(event)

    # looking ------------------------------------------------------------------------------------------------------

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        """Nothing under the pointer."""
        self.mark(None)
        self.hovered.emit(None, QPointF())

    def look(self, position: QPointF) -> None:
        """Mark and tell what is under a place."""
        inside = self._scale.left <= position.x() <= self._scale.right
        target = self.target(position) if inside else None
        self.mark(None if target is None else self._content.heatmap.segment_at(target.seconds))
        self.hovered.emit(target, position)

    def _shape(self, position: QPointF) -> None:
        kind, ground = self._grip.kind if self._grip is not None else None, self._ground
        shapes = Qt.CursorShape
        if kind in ("lane", "pan"):
            shape = shapes.ClosedHandCursor if self._grip is not None and self._grip.moved else shapes.ArrowCursor
        elif (
            ground.range_end(position) is not None
            or ground.loop_end(position) is not None
            or kind in ("select", "loop")
        ):
            shape = shapes.SizeHorCursor
        elif ground.over_cross(position):
            shape = shapes.PointingHandCursor
        else:
            shape = shapes.ArrowCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)
