"""Keys on the timeline: a cursor that walks over segments, as the pointer does for a mouse; zoom, range and fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import clock
from app.theme import Palette
from app.timeline import overlay
from app.timeline.mouse import MousePlot
from app.timeline.sheet import Sheet
from app.timeline.targets import Target, describe, summarise

_ZOOM_A_KEY = 1.6
_STEP = 0.02  # of the view: how far the cursor walks where there are no segments
_PAN = 0.2  # of the view


class Plot(MousePlot):
    """The canvas with a mouse and a keyboard."""

    menu_wanted = Signal(object, object)  # Target, QPoint on the screen

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._cursor: float | None = None
        self._anchor: float | None = None  # where a selection by keys began
        self._overheard: QWidget | None = None
        self.setAccessibleDescription(summarise(self._content, self._scale))

    @property
    def cursor_seconds(self) -> float | None:
        """Where the keyboard's cursor stands."""
        return self._cursor

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk, select, zoom; what is none of these goes on to the player."""
        if not self._content.film or not self._press(event):
            event.ignore()

    def _press(self, event: QKeyEvent) -> bool:
        keys, key = Qt.Key, event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        width = self._scale.right - self._scale.left
        if key in (keys.Key_Left, keys.Key_Right):
            way = 1 if key == keys.Key_Right else -1
            self.rescale(self._scale.panned(-way * _PAN * width)) if control else self._walk(way, select=shift)
        elif key in (keys.Key_Home, keys.Key_End):
            self._go(0.0 if key == keys.Key_Home else self._scale.duration, select=shift)
        elif key in (keys.Key_Plus, keys.Key_Equal, keys.Key_Minus):
            factor = 1 / _ZOOM_A_KEY if key == keys.Key_Minus else _ZOOM_A_KEY
            self.zoom(factor, about_pixel=None if self._cursor is None else self._scale.to_pixel(self._cursor))
        elif key == keys.Key_0 and control:  # 0 alone is the player's
            self.fit()
        elif key in (keys.Key_Return, keys.Key_Enter):
            self.seek_wanted.emit(self._at_cursor())
        elif key == keys.Key_Escape:
            return self._escape()
        else:
            return False
        return True

    def _escape(self) -> bool:
        if self.let_go():
            return True
        if self._content.range is None:
            return False
        self.choose_range(None)
        return True

    def _at_cursor(self) -> float:
        return (self._seconds or 0.0) if self._cursor is None else self._cursor

    def _walk(self, way: int, *, select: bool) -> None:
        """One segment on or back; where there are none, a little."""
        at, heatmap = self._at_cursor(), self._content.heatmap
        segment = heatmap.segment_at(at)
        if segment is None:
            width = self._scale.end - self._scale.start
            self._go(at + way * _STEP * width, select=select)
            return
        place = heatmap.segments.index(segment) + way
        if self._cursor is None and way > 0:
            place -= 1  # the first key shows where one is
        self._go(heatmap.segments[min(max(place, 0), len(heatmap.segments) - 1)].start_seconds, select=select)

    def _go(self, seconds: float, *, select: bool) -> None:
        before = self._at_cursor()
        self._cursor = min(max(seconds, 0.0), self._scale.duration)
        if not self._scale.shows(self._cursor):
            self.rescale(self._scale.from_moment(self._cursor, lead=0.5))
        if select:
            self._anchor = before if self._anchor is None else self._anchor
            self._select()
        else:
            self._anchor = None
        self.tell_cursor()

    def _select(self) -> None:
        """From the segment at the anchor to the one at the cursor, both included."""
        places = sorted((self._anchor or 0.0, self._at_cursor()))
        found = [self._content.heatmap.segment_at(place) for place in places]
        start = places[0] if found[0] is None else found[0].start_seconds
        end = places[1] if found[1] is None else found[1].end_seconds
        if end > start:
            self.choose_range((start, end))

    def tell_cursor(self) -> None:
        """Mark the place of the cursor, show its card and tell screen readers."""
        seconds = self._at_cursor()
        segment = self._content.heatmap.segment_at(seconds)
        self.mark(segment)
        self.update()
        text = clock(seconds) if segment is None else describe(segment, self._content)
        self.setAccessibleDescription(text)
        change = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(change)
        lane = self._lanes.bars if self._lanes.bars.shown else self._lanes.seek
        self.hovered.emit(Target(seconds), QPointF(self._scale.to_pixel(seconds), lane.middle))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """What can be done with the place under the pointer or the cursor."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            seconds = self._at_cursor()
            place = QPointF(self._scale.to_pixel(seconds), self._lanes.seek.bottom)
            self.menu_wanted.emit(Target(seconds), self.mapToGlobal(place).toPoint())
        elif (target := self.target(QPointF(event.pos()))) is not None:
            self.menu_wanted.emit(target, event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The mouse takes over; while it selects, Escape is heard wherever the keyboard is."""
        super().mousePressEvent(event)
        focused = QApplication.focusWidget()
        if self.selecting and focused is not None and focused is not self:
            self._overheard = focused
            focused.installEventFilter(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Listen no longer."""
        if self._overheard is not None:
            self._overheard.removeEventFilter(self)
            self._overheard = None
        super().mouseReleaseEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Escape undoes a selection under way."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            return self.let_go()
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Tell what there is."""
        self.setAccessibleDescription(summarise(self._content, self._scale))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The cursor goes."""
        self._cursor = self._anchor = None
        self.mark(None)
        self.hovered.emit(None, QPointF())
        super().focusOutEvent(event)

    def _draw_moving(self, sheet: Sheet) -> None:
        super()._draw_moving(sheet)
        if self.hasFocus():
            if self._cursor is not None:
                overlay.paint_cursor(sheet, self._cursor)
            overlay.paint_focus(sheet, QRectF(self.rect()))
