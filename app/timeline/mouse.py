"""The mouse on the canvas: seeks, scrubs, selections and hovers out.

On ruler and seek bar a press seeks and a drag scrubs; so does the playhead, wherever it is taken hold of. In the lanes
a click seeks and a drag pans; with Shift, or in the range lane, a drag selects a part of the film. The wheel zooms
about the pointer, over the labels it scrolls; a double click fits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.theme import Palette
from app.timeline.canvas import Canvas
from app.timeline.content import Span
from app.timeline.lanes import LEFT
from app.timeline.overlay import HANDLE, cross_box
from app.timeline.targets import Target, target_at

_ZOOM_A_NOTCH = 1.25
_SNAP = 5.0  # pixels: an edge of a selection jumps to a cut or chapter as near as this
_SHORTEST_SECONDS = 0.05  # a selection shorter than that is a click with a trembling hand
_SCROLL_A_NOTCH = 24


@dataclass(frozen=True, slots=True)
class _Grip:
    """What the pressed button holds."""

    kind: str  # scrub, lane, pan, select or cross
    pressed: QPointF
    last: float  # pixel of the pointer at its last event
    moved: bool = False
    anchor: float = 0.0  # the end of the selection that stays, in seconds
    before: Span | None = None  # the selection at the press


class MousePlot(Canvas):
    """The canvas with a mouse."""

    seek_wanted = Signal(float)
    scrub_wanted = Signal(float)
    hovered = Signal(object, object)  # Target or None, QPointF in this widget
    range_changed = Signal(object)  # (start, end) or None; only what the person did
    label_clicked = Signal(str)
    scroll_wanted = Signal(float)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._grip: _Grip | None = None

    @property
    def selecting(self) -> bool:
        """True while a drag selects a part of the film."""
        return self._grip is not None and self._grip.kind == "select"

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
            self._grip = _Grip("pan", position, position.x())
        elif event.button() == Qt.MouseButton.LeftButton:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._grip = self._grip_at(position, shift=shift)
            if self._grip is None:
                self._press_label(position)
            elif self._grip.kind == "scrub" and position.y() < self._lanes.pinned_bottom:
                self.seek_wanted.emit(self._scale.to_seconds(position.x()))

    def _grip_at(self, position: QPointF, *, shift: bool) -> _Grip | None:
        x, y = position.x(), position.y()
        if not self._scale.left - 8 <= x <= self._scale.right + 40:
            return None
        fresh = _Grip("lane", position, x, before=self._content.range)
        in_range_lane = self._lanes.beside(self._lanes.range, y)
        if in_range_lane and self._over_cross(position):
            return replace(fresh, kind="cross")
        if x > self._scale.right + 8:
            return None
        if (end := self._edge_at(position)) is not None:
            return replace(fresh, kind="select", anchor=end)
        if shift or in_range_lane:
            return replace(fresh, kind="select", anchor=self._snapped(x))
        if y < self._lanes.pinned_bottom or abs(self._scale.to_pixel(self._seconds or 0.0) - x) <= 3:
            return replace(fresh, kind="scrub")
        return fresh

    def _edge_at(self, position: QPointF) -> float | None:
        """Over an edge of the selection: its other end."""
        chosen = self._content.range
        if chosen is None or not self._lanes.beside(self._lanes.range, position.y()):
            return None
        for here, other in (chosen, chosen[::-1]):
            if abs(self._scale.to_pixel(here) - position.x()) <= HANDLE:
                return other
        return None

    def _over_cross(self, position: QPointF) -> bool:
        chosen = self._content.range
        if chosen is None:
            return False
        ends = [min(max(self._scale.to_pixel(at), self._scale.left), self._scale.right) for at in chosen]
        lane = self._lanes.range
        return cross_box(QRectF(ends[0], lane.top, ends[1] - ends[0], lane.height)).contains(position)

    def _press_label(self, position: QPointF) -> None:
        if position.x() < LEFT and self._lanes.beside(self._lanes.earlier, position.y()):
            self.label_clicked.emit("earlier")

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

    def _drag(self, grip: _Grip, x: float) -> None:
        if grip.kind == "scrub":
            self.scrub_wanted.emit(self._scale.to_seconds(x))
        elif grip.kind == "select":
            inside = min(max(x, self._scale.left), self._scale.right)
            if inside != x:  # the film comes to meet the pointer
                self.rescale(self._scale.panned((inside - x) / 4))
            ends = sorted((grip.anchor, self._snapped(inside)))
            if ends[1] - ends[0] >= _SHORTEST_SECONDS:
                self.show_content(replace(self._content, range=(ends[0], ends[1])))
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
        elif not grip.moved and grip.kind != "pan" and grip.pressed.y() >= self._lanes.pinned_bottom:
            target = self.target(event.position())
            if target is not None:
                self.seek_wanted.emit(target.seconds)
        self._shape(event.position())

    def let_go(self) -> bool:
        """Undo a selection under way. False if there is none."""
        grip = self._grip
        if grip is None or grip.kind != "select":
            return False
        self._grip = None
        self.show_content(replace(self._content, range=grip.before))
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

    def _snapped(self, x: float) -> float:
        """The moment under a pixel, or a cut or the edge of a chapter that is a few pixels away."""
        seconds = self._scale.to_seconds(x)
        reach = _SNAP / (self._scale.right - self._scale.left) * (self._scale.end - self._scale.start)
        cut = self._content.cuts.near(seconds, reach) if self._lanes.cuts.shown else None
        edges = [edge for chapter in self._content.chapters for edge in (chapter.start_seconds, chapter.end_seconds)]
        near = [at for at in (*edges, *([] if cut is None else [cut])) if abs(at - seconds) <= reach]
        return min(near, key=lambda at: abs(at - seconds), default=seconds)

    def _shape(self, position: QPointF) -> None:
        kind = self._grip.kind if self._grip is not None else None
        shapes = Qt.CursorShape
        if kind in ("lane", "pan"):
            shape = shapes.ClosedHandCursor if self._grip is not None and self._grip.moved else shapes.ArrowCursor
        elif self._edge_at(position) is not None or kind == "select":
            shape = shapes.SizeHorCursor
        elif self._over_cross(position) and self._lanes.beside(self._lanes.range, position.y()):
            shape = shapes.PointingHandCursor
        else:
            shape = shapes.ArrowCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)
