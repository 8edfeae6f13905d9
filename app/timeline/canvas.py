"""What is on show, a size and the moment on screen in; the drawn lanes out.

Everything that depends on film, question or zoom is drawn once onto a picture; the playhead, outlines and handles go on
top of it, so a film that plays repaints two stripes and no lane.
"""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Palette
from app.timeline import backdrop, heat_lanes, overlay
from app.timeline.content import Content
from app.timeline.lanes import LEAST_HEIGHT, LEFT, RIGHT_MARGIN, Lanes, lay_out
from app.timeline.pin_marks import PinMark, merge_pins
from app.timeline.scale import Scale, whole
from app.timeline.sheet import Sheet
from engine.records import Segment


class Canvas(QWidget):
    """Lanes over one time axis."""

    zoom_changed = Signal(bool)
    lanes_changed = Signal()
    content_changed = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the player
        self.setAccessibleName("Timeline")
        self._palette, self._content = palette, Content()
        self._seconds: float | None = None
        self._marked: Segment | None = None  # under the pointer or the keyboard's cursor
        self._outlined: Segment | None = None  # what another pane points at
        self._hidden: frozenset[str] = frozenset()
        self._scrolled = 0.0
        self._lanes = lay_out(LEAST_HEIGHT)
        self._scale = whole(60.0, left=LEFT, right=LEFT + 600)
        self._heat = heat_lanes.HeatLanes()
        self._cuts: object = ()
        self._base = QPixmap()
        self._stale = True
        self._soon = QTimer(self, singleShot=True, interval=12, timeout=self.update)  # not in one go with the chat
        self.renders = 0  # how often the lanes were drawn; the playhead must not add to it

    @property
    def scale_now(self) -> Scale:
        """Seconds to pixels, as drawn."""
        return self._scale

    @property
    def lanes_now(self) -> Lanes:
        """The lanes, as drawn."""
        return self._lanes

    @property
    def content(self) -> Content:
        """What is on show."""
        return self._content

    @property
    def seconds(self) -> float | None:
        """The moment on screen."""
        return self._seconds

    def set_film(self, duration_seconds: float | None) -> None:
        """A new film, or none."""
        film = duration_seconds is not None
        self._seconds = 0.0 if film else None
        self._marked = self._outlined = None
        self._scale = whole(duration_seconds or 60.0, left=self._scale.left, right=self._scale.right)
        self.show_content(Content(film=film, log=self._content.log))
        self.zoom_changed.emit(False)

    def show_content(self, content: Content) -> None:
        """Show this from now on. Painted once, however often it is called before the next painting."""
        before, self._content = self._content, content
        names = [field.name for field in fields(Content) if field.name != "range"]
        same = all(getattr(before, name) is getattr(content, name) for name in names)
        if not same or (before.range is None) != (content.range is None):
            self._stale = True
        if before.heatmap.segments is not content.heatmap.segments:
            self._marked = self._outlined = None
        if before.bare != content.bare:
            self._arrange()
        else:
            self._soon.start() if self._stale else self.update()
        self.content_changed.emit()

    def set_seconds(self, seconds: float) -> None:
        """Move the playhead; repaints two stripes only."""
        if self._content.film and seconds != self._seconds:
            before, self._seconds = self._seconds or 0.0, seconds
            self.update(overlay.playhead_region(self._scale, self._lanes, (before, seconds), self.size()))

    def outline(self, segment: Segment | None) -> None:
        """Mark a segment because another part of the window points at it."""
        if segment != self._outlined:
            self._outlined = segment
            self.update()

    def mark(self, segment: Segment | None) -> None:
        """Mark the segment under the pointer or the keyboard's cursor."""
        if segment is not self._marked:
            before, self._marked = self._marked, segment
            for one in (before, segment):
                if one is not None:
                    left, right = self._scale.to_pixel(one.start_seconds), self._scale.to_pixel(one.end_seconds)
                    self.update(QRectF(left - 4, 0, right - left + 8, self.height()).toAlignedRect())

    def set_hidden(self, switches: frozenset[str]) -> None:
        """Which lanes are switched off."""
        self._hidden = switches
        self._arrange()

    def scroll_to(self, pixels: float) -> None:
        """Lanes that do not fit move up under the ruler."""
        self._scrolled = pixels
        self._arrange()

    def fit(self) -> None:
        """The whole film in view."""
        self.rescale(self._scale.fitted())

    def zoom(self, factor: float, *, about_pixel: float | None = None) -> None:
        """Closer or wider, about a pixel or the playhead."""
        middle = (self._scale.left + self._scale.right) / 2
        head = self._scale.to_pixel(self._seconds or 0.0)
        about = about_pixel if about_pixel is not None else head
        inside = self._scale.left <= about <= self._scale.right
        self.rescale(self._scale.zoom(factor, about_pixel=about if inside else middle))

    def rescale(self, scale: Scale) -> None:
        """Show another stretch of the film."""
        if scale != self._scale:
            self._scale = scale
            self.repaint_lanes()
            self.zoom_changed.emit(scale.zoomed)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.repaint_lanes()

    def repaint_lanes(self) -> None:
        """Draw everything anew at the next painting."""
        self._stale = True
        self.update()

    def pin_marks(self) -> list[PinMark]:
        """The discs in view, as drawn."""
        placed = [(self._scale.to_pixel(pin.seconds), pin) for pin in self._content.heatmap.pins]
        return merge_pins([place for place in placed if self._scale.left - 1 <= place[0] <= self._scale.right + 1])

    # drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The lanes, drawn anew only if something about them changed, and what moves on top."""
        ratio = self.devicePixelRatioF()
        if self._stale or self._base.size() != self.size() * ratio:
            self._draw_base(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._base)
        self._draw_moving(self._sheet(painter, ratio))
        painter.end()

    def _sheet(self, painter: QPainter, ratio: float) -> Sheet:
        return Sheet(painter, self._palette, self._lanes, self._scale, self._content, ratio)

    def _draw_base(self, ratio: float) -> None:
        if self._base.size() != self.size() * ratio:
            self._base = QPixmap(self.size() * ratio)
            self._base.setDevicePixelRatio(ratio)
        self._base.fill(QColor(self._palette.panel))
        painter = QPainter(self._base)
        sheet = self._sheet(painter, ratio)
        backdrop.paint_ruler(sheet)
        backdrop.paint_track(sheet)
        overlay.paint_loop(sheet)
        painter.setClipRect(QRectF(0, self._lanes.pinned_bottom - 1, self.width(), self.height()))
        for part in (backdrop.paint_beds, backdrop.paint_labels, self._heat.paint, backdrop.paint_hatch,
                     heat_lanes.paint_index, heat_lanes.paint_chapters, self._draw_cuts,
                     backdrop.paint_words):  # fmt: skip
            part(sheet)
        overlay.paint_cited(sheet)
        overlay.paint_searching(sheet)
        painter.end()
        self._stale = False
        self.renders += 1

    def _draw_cuts(self, sheet: Sheet) -> None:
        if moments := self._content.cuts.seconds:
            import numpy as np

            if self._cuts is not moments:
                self._cuts, self._cut_array = moments, np.array(moments, np.float64)
            heat_lanes.paint_cuts(sheet, self._cut_array)

    def _draw_moving(self, sheet: Sheet) -> None:
        painter, content = sheet.painter, sheet.content
        painter.save()
        painter.setClipRect(QRectF(self._scale.left - 10, 0, self._scale.right - self._scale.left + 20, self.height()),
                            Qt.ClipOperation.IntersectClip)  # fmt: skip
        if self._seconds is not None:
            overlay.paint_played(sheet, self._seconds)
        painter.save()
        below = QRectF(0, self._lanes.pinned_bottom, self.width(), self.height())
        painter.setClipRect(below, Qt.ClipOperation.IntersectClip)
        for segment, strong in ((self._outlined, False), (self._marked, True)):
            if segment is not None:
                overlay.paint_segment(sheet, segment, strong=strong)
        if content.range is not None:
            overlay.paint_range(sheet, content.range)
        painter.restore()
        if self._seconds is not None:
            overlay.paint_playhead(sheet, self._seconds)
        painter.setClipRect(below, Qt.ClipOperation.IntersectClip)
        overlay.paint_pins(sheet, self.pin_marks())
        painter.restore()

    def _arrange(self) -> None:
        off = {"hidden": self._hidden, "bare": self._content.bare}
        self._lanes = lay_out(self.height(), scrolled=self._scrolled, **off)
        self.repaint_lanes()
        self.lanes_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lanes and scale follow the size."""
        self._scale = self._scale.resized(LEFT, self.width() - RIGHT_MARGIN)
        self._arrange()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()
