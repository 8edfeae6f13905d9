"""A heatmap, the film's length and the moment on screen in; the drawn lanes out.

pyqtgraph draws what is data (strip, bars, curve) in seconds; everything else is painted in pixels on the same scale.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QSizePolicy, QWidget

from app.theme import Palette
from app.timeline.heat import heat, rgb_to_lab
from app.timeline.heatmap import Heatmap, PinMark, merge_pins
from app.timeline.index_line import IndexLine
from app.timeline.lanes import LEAST_HEIGHT, LEFT, RIGHT_MARGIN, Lane, lay_out
from app.timeline.painting import Brushwork
from app.timeline.scale import Scale, whole
from engine.records import Segment

_EARLIER_STRENGTH = 0.55


class Canvas(pyqtgraph.GraphicsView):
    """Lanes over one time axis."""

    zoom_changed = Signal(bool)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMouseTracking(True)
        self.setCacheMode(self.CacheModeFlag.CacheNone)  # the background holds ruler and hatch, which change
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Timeline")
        self._brushwork = Brushwork(palette)
        self._heatmap, self._earlier = Heatmap(), Heatmap()
        self._index = IndexLine()
        self._film = False
        self._seconds: float | None = None
        self._hover: Segment | None = None
        self._lanes = lay_out(LEAST_HEIGHT)
        self._scale = whole(60.0, left=LEFT, right=LEFT + 600)
        self._box = pyqtgraph.ViewBox(enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0)
        self._box.disableAutoRange()
        self.scene().addItem(self._box)
        self._strip, self._bars, self._before = (_bar_item() for _ in range(3))
        self._curve = pyqtgraph.PlotCurveItem(connect="finite", antialias=True)
        for item in (self._strip, self._bars, self._before, self._curve):
            self._box.addItem(item, ignoreBounds=True)
        self.apply_palette(palette)

    def close(self) -> bool:
        """Close like any widget: pyqtgraph's own way empties the scene under items that are still referred to."""
        return QGraphicsView.close(self)

    @property
    def scale_now(self) -> Scale:
        """Seconds to pixels, as drawn."""
        return self._scale

    @property
    def lanes_now(self) -> object:
        """The lanes, as drawn."""
        return self._lanes

    def set_film(self, duration_seconds: float | None) -> None:
        """A new film, or none."""
        self._film = duration_seconds is not None
        self._seconds = 0.0 if self._film else None
        self._scale = whole(duration_seconds or 60.0, left=self._scale.left, right=self._scale.right)
        self._place_box()
        self.set_heatmap(Heatmap(), Heatmap())
        self.zoom_changed.emit(False)

    def set_heatmap(self, heatmap: Heatmap, earlier: Heatmap) -> None:
        """What to draw for this question and the one before."""
        self._heatmap, self._earlier = heatmap, earlier
        self._redraw()

    def set_index(self, index: IndexLine) -> None:
        """What is ready for questions."""
        self._index = index
        self.viewport().update()

    def set_seconds(self, seconds: float) -> None:
        """Move the playhead; repaints two stripes only."""
        if not self._film:
            return
        for moment in (self._seconds or 0.0, seconds):
            self.viewport().update(QRect(int(self._scale.to_pixel(moment)) - 9, 0, 19, self.height()))
        played = sorted(int(self._scale.to_pixel(moment)) for moment in (self._seconds or 0.0, seconds))
        seek = self._lanes.seek
        self.viewport().update(QRect(played[0] - 9, int(seek.top), played[1] - played[0] + 19, int(seek.height)))
        self._seconds = seconds

    def outline(self, segment: Segment | None) -> None:
        """Mark a segment, as if the pointer were over it."""
        if segment is not self._hover:
            self._hover = segment
            self.viewport().update()

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

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._brushwork.palette = palette
        self.setBackgroundBrush(QColor(palette.panel))
        self._redraw()

    # drawing ------------------------------------------------------------------------------------------------------

    def rescale(self, scale: Scale) -> None:
        """Show another stretch of the film."""
        self._scale = scale
        self._place_box()
        self._redraw()
        self.zoom_changed.emit(scale.zoomed)

    def _place_box(self) -> None:
        scale, height = self._scale, max(self.height(), 1)
        self._box.setGeometry(QRectF(scale.left, 0, scale.right - scale.left, height))
        self._box.setRange(xRange=(scale.start, scale.end), yRange=(0, height), padding=0, disableAutoRange=True)

    def _redraw(self) -> None:
        heatmap, lanes = self._heatmap, self._lanes
        shown = [segment for segment in heatmap.segments if segment.index in heatmap.shares]
        colours = [QColor(*self._colour(heatmap, segment)) for segment in shown]
        heights = [max(heatmap.shares[s.index] / max(heatmap.k_max, 1), 0.02) * lanes.bars.height for s in shown]
        edge = self._edge()
        _fill(self._strip, shown, lanes.strip, [lanes.strip.height] * len(shown), colours, edge)
        _fill(self._bars, shown, lanes.bars, heights, colours, edge)
        self._draw_earlier()
        self._draw_curve()
        self.viewport().update()

    def _edge(self) -> QPen:
        """A gap of one pixel between bars, where they are wide enough to spare it."""
        segments = self._heatmap.segments
        wide = segments and self._scale.to_pixel(segments[0].end_seconds) - self._scale.to_pixel(
            segments[0].start_seconds
        )
        return pyqtgraph.mkPen(self._brushwork.palette.lane, width=1) if wide and wide >= 6 else QPen(Qt.PenStyle.NoPen)

    def _draw_earlier(self) -> None:
        lane, earlier = self._lanes.earlier, self._earlier
        shown = [segment for segment in earlier.segments if segment.index in earlier.shares]
        colours = [QColor(*self._colour(earlier, segment)) for segment in shown]
        for colour in colours:
            colour.setAlphaF(_EARLIER_STRENGTH)
        _fill(self._before, shown, lane, [lane.height] * len(shown), colours, QPen(Qt.PenStyle.NoPen))

    def _draw_curve(self) -> None:
        heatmap, lane = self._heatmap, self._lanes.relevance
        middles = np.array([(s.start_seconds + s.end_seconds) / 2 for s in heatmap.segments], dtype=float)
        scores = np.array([heatmap.scores.get(s.index, np.nan) for s in heatmap.segments], dtype=float)
        self._curve.setPen(pyqtgraph.mkPen(self._brushwork.palette.text2, width=1.5))
        self._curve.setData(middles, lane.bottom - 3 - scores * (lane.height - 6))

    def _colour(self, heatmap: Heatmap, segment: Segment) -> tuple[int, int, int]:
        return heat(heatmap.shares[segment.index], low=heatmap.k_min, high=heatmap.k_max,
                    dark=self._brushwork.palette.dark)  # fmt: skip

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:  # noqa: N802
        """Beds, labels, ruler, hatch."""
        painter.fillRect(rect, QColor(self._brushwork.palette.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._brushwork.background(painter, self._lanes, self._scale, self._heatmap, film=self._film)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # noqa: N802
        """Numbers, outline, pins, playhead."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(QRectF(self._scale.left - 10, 0, self._scale.right - self._scale.left + 20, self.height()))
        self._brushwork.numbers(painter, self._cells())
        if self._hover is not None:
            self._outline(painter, self._hover)
        self._brushwork.seek_bar(painter, self._lanes, self._scale, self._seconds, self._index.spans())
        self._brushwork.pins(painter, self._lanes, self.pin_marks())
        painter.restore()

    def _cells(self) -> list[tuple[QRectF, str, bool]]:
        cells = []
        for segment in self._heatmap.segments:
            left, right = (self._scale.to_pixel(at) for at in (segment.start_seconds, segment.end_seconds))
            if segment.index in self._heatmap.shares and right - left >= 22:
                box = QRectF(left, self._lanes.strip.top, right - left, self._lanes.strip.height)
                light = rgb_to_lab(self._colour(self._heatmap, segment))[0] > 55
                cells.append((box, str(self._heatmap.shares[segment.index]), light))
        return cells

    def _outline(self, painter: QPainter, segment: Segment) -> None:
        left, right = (self._scale.to_pixel(at) for at in (segment.start_seconds, segment.end_seconds))
        score = self._heatmap.scores.get(segment.index)
        lane = self._lanes.relevance
        dot = None if score is None else QPointF((left + right) / 2, lane.bottom - 3 - score * (lane.height - 6))
        self._brushwork.outline(painter, self._lanes, left, right, dot)

    def pin_marks(self) -> list[PinMark]:
        """The discs in view, as drawn."""
        placed = [(self._scale.to_pixel(pin.seconds), pin) for pin in self._heatmap.pins]
        return merge_pins([place for place in placed if self._scale.left - 1 <= place[0] <= self._scale.right + 1])

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        """Lanes and scale follow the size."""
        super().resizeEvent(event)
        if event is None:  # pyqtgraph calls this from its constructor, before there is anything to lay out
            return
        self._lanes = lay_out(self.height())
        self._scale = self._scale.resized(LEFT, self.width() - RIGHT_MARGIN)
        self._place_box()
        self._redraw()


def _bar_item() -> pyqtgraph.BarGraphItem:
    item = pyqtgraph.BarGraphItem(x0=[], x1=[], y0=[], height=[], brushes=[], pen=QPen(Qt.PenStyle.NoPen))
    item.setZValue(1)
    return item


def _fill(
    item: pyqtgraph.BarGraphItem,
    segments: list[Segment],
    lane: Lane,
    heights: list[float],
    colours: list[QColor],
    edge: QPen,
) -> None:
    """Bars standing on the lane's floor."""
    item.setOpts(
        x0=[segment.start_seconds for segment in segments],
        x1=[segment.end_seconds for segment in segments],
        y0=[lane.bottom - height for height in heights],
        height=heights,
        brushes=colours,
        pen=edge,
    )
