"""A place on the timeline in; what a pressed button takes hold of there out. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

from app.timeline.content import Content, Span
from app.timeline.lanes import Lanes
from app.timeline.overlay import HANDLE, cross_box
from app.timeline.scale import Scale

_SNAP = 5.0  # pixels: an edge of a selection jumps to a cut or chapter as near as this
_FLAG = 12.0  # pixels that the flags of a loop are wide
_PLAYHEAD = 3.0  # pixels beside it in which it can be taken hold of


@dataclass(frozen=True, slots=True)
class Grip:
    """What the button holds until it is let go."""

    kind: str  # scrub, lane, pan, select, loop or cross
    pressed: QPointF
    last: float  # pixel of the pointer at its last event
    moved: bool = False
    anchor: float = 0.0  # seconds: the end of a selection or loop that stays
    before: Span | None = None  # the selection or loop at the press


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies where."""

    lanes: Lanes
    scale: Scale
    content: Content
    seconds: float  # of the playhead

    def grip(self, position: QPointF, *, shift: bool) -> Grip | None:
        """What a press of the left button takes hold of; None beside the time axis."""
        x, y, lanes = position.x(), position.y(), self.lanes
        fresh = Grip("lane", position, x, before=self.content.range)
        in_range_lane = lanes.beside(lanes.range, y)
        if self.over_cross(position):
            return replace(fresh, kind="cross")
        if (other := self.loop_end(position)) is not None:
            return replace(fresh, kind="loop", anchor=other, before=self.content.loop)
        if not self.scale.left - 8 <= x <= self.scale.right + 8:
            return None
        if (other := self.range_end(position)) is not None:
            return replace(fresh, kind="select", anchor=other)
        if shift or in_range_lane:
            return replace(fresh, kind="select", anchor=self.snapped(x))
        if y < lanes.pinned_bottom or abs(self.scale.to_pixel(self.seconds) - x) <= _PLAYHEAD:
            return replace(fresh, kind="scrub")
        return fresh

    def range_end(self, position: QPointF) -> float | None:
        """Over an edge of the selection: its other end."""
        chosen, lane = self.content.range, self.lanes.range
        if chosen is None or not self.lanes.beside(lane, position.y()):
            return None
        for here, other in (chosen, chosen[::-1]):
            if abs(self.scale.to_pixel(here) - position.x()) <= HANDLE:
                return other
        return None

    def loop_end(self, position: QPointF) -> float | None:
        """Over a flag of the loop: its other end."""
        loop = self.content.loop
        if loop is None or not self.lanes.ruler.holds(position.y()):
            return None
        for here, other, way in ((loop[0], loop[1], -1), (loop[1], loop[0], 1)):
            if self.scale.shows(here) and -2 <= (position.x() - self.scale.to_pixel(here)) * way <= _FLAG:
                return other
        return None

    def over_cross(self, position: QPointF) -> bool:
        """Over the x that clears the selection."""
        chosen, lane = self.content.range, self.lanes.range
        if chosen is None or not self.lanes.beside(lane, position.y()):
            return False
        ends = [min(max(self.scale.to_pixel(at), self.scale.left), self.scale.right) for at in chosen]
        return cross_box(QRectF(ends[0], lane.top, ends[1] - ends[0], lane.height)).contains(position)

    def snapped(self, x: float) -> float:
        """The moment under a pixel, or a cut or the edge of a chapter that is a few pixels away."""
        seconds = self.scale.to_seconds(x)
        reach = _SNAP / (self.scale.right - self.scale.left) * (self.scale.end - self.scale.start)
        cut = self.content.cuts.near(seconds, reach) if self.lanes.cuts.shown else None
        edges = [edge for chapter in self.content.chapters for edge in (chapter.start_seconds, chapter.end_seconds)]
        near = [at for at in (*edges, *([] if cut is None else [cut])) if abs(at - seconds) <= reach]
        return min(near, key=lambda at: abs(at - seconds), default=seconds)
