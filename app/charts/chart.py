"""What both charts share: colours, axes, the mark on a segment, mouse and keys. Imports pyqtgraph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGraphicsView

from app.charts.ranks import Ranked
from app.theme import Palette, sized
from app.timeline.heat import STEPS, heat_map, position
from app.timeline.heatmap import Heatmap

REACH = 12  # pixels around the mouse in which a point is meant
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -(10**9), Qt.Key.Key_End: 10**9}
_MENU = ("Grid",)  # what of pyqtgraph's own options does something here
_EXPORTS = ("png", "svg", "csv")

# Items of pyqtgraph refer to one another in circles. Collected after Qt has deleted them with their window, they have
# crashed the process: they are kept to its end. A process has one window of charts.
_KEPT: list[Chart] = []


class Chart(pg.PlotWidget):
    """One plot of ranked segments. Subclasses say where a segment stands."""

    pointed = Signal(object)  # a place in the ranks, or None
    chosen = Signal(int)
    export_wanted = Signal(str)  # png, svg, csv

    def __init__(self, palette: Palette, name: str, description: str, *, legend: tuple[int, int]) -> None:
        super().__init__()
        _KEPT.append(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.setMinimumSize(260, 200)
        self.colours = palette
        self.at = np.empty((0, 2))  # where the ranks stand, in the axes' own units
        self.marked: int | None = None
        self._moved = False  # zoomed or moved by hand: it stays so
        self.plotItem.hideButtons()
        self.plotItem.setTitle(name)
        for action in self.plotItem.ctrlMenu.actions():
            self.plotItem.setContextMenuActionVisible(action.text(), action.text() in _MENU)
        for menu in (action.menu() for action in self.plotItem.vb.menu.actions()):
            if menu is not None and "axis" in menu.title():
                menu.menuAction().setVisible(False)  # half of it is for linked views, of which there are none
        self.plotItem.layout.setContentsMargins(4, 6, 10, 4)
        self.legend = self.plotItem.addLegend(offset=legend)  # from the left, or right if negative
        scene = self.scene()
        scene.contextMenu = [QAction(f"Save as {kind.upper()}…", scene) for kind in _EXPORTS]  # for a dialog of its own
        for action, kind in zip(scene.contextMenu, _EXPORTS, strict=True):
            action.triggered.connect(lambda _=False, kind=kind: self.export_wanted.emit(kind))
        self._mark = pg.ScatterPlotItem(size=15, brush=None, pxMode=True)
        self._mark.setZValue(20)
        scene.sigMouseMoved.connect(self._on_moved)
        scene.sigMouseClicked.connect(self._on_clicked)
        self.plotItem.vb.sigRangeChangedManually.connect(self._on_range)

    def close(self) -> bool:
        """As any widget: pyqtgraph's own empties the scene under items that are still referred to."""
        return bool(QGraphicsView.close(self))

    def add_mark(self) -> None:
        """The ring around the segment pointed at; added last, and kept out of what is exported as data."""
        self.plotItem.vb.addItem(self._mark, ignoreBounds=True)

    def show_ranks(self, heatmap: Heatmap, ranks: Sequence[Ranked], earlier: Sequence[Ranked], colours: list) -> None:
        """Draw them; `colours` is a brush for every rank."""
        raise NotImplementedError

    def fit(self) -> None:
        """Everything in view."""
        self._moved = False

    def keep_or_fit(self) -> None:
        """Leave the view to whoever moved it."""
        if not self._moved:
            self.fit()

    def forget_view(self) -> None:
        """Another question: a view of the one before says nothing about it."""
        self._moved = False

    def mark_rank(self, place: int | None) -> None:
        """Put the ring around a segment."""
        self.marked = place if place is not None and place < len(self.at) else None
        self._mark.setData(pos=self.at[self.marked : self.marked + 1] if self.marked is not None else self.at[:0])

    def nearest(self, at: QPointF) -> int | None:
        """The rank that is meant by a point in the axes' units."""
        if not len(self.at):
            return None
        wide, high = self.plotItem.vb.viewPixelSize()
        away = np.hypot((self.at[:, 0] - at.x()) / wide, (self.at[:, 1] - at.y()) / high)
        place = int(away.argmin())
        return place if away[place] <= REACH else None

    def apply_palette(self, palette: Palette) -> None:
        """Other colours."""
        self.colours = palette
        self.setBackground(palette.lane)
        for side in ("left", "bottom", "right"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(palette.border)
            axis.setTextPen(palette.text2)
            axis.setTickFont(sized(11))
            axis.enableAutoSIPrefix(False)
            axis.label.setFont(sized(12))
        self.plotItem.titleLabel.setText(self.plotItem.titleLabel.text, color=palette.text, size="13px", bold=True)
        ground = QColor(palette.panel)
        ground.setAlpha(225)
        self.legend.setBrush(ground)
        self.legend.setPen(palette.hairline)
        self.legend.setLabelTextSize("12px")
        self.legend.setLabelTextColor(palette.text2)
        for _, label in self.legend.items:
            label.setText(label.text)
        self._mark.setPen(pg.mkPen(palette.accent, width=2))

    def _place_at(self, scene: QPointF) -> int | None:
        inside = self.plotItem.vb.sceneBoundingRect().contains(scene)
        covered = self.legend.isVisible() and self.legend.sceneBoundingRect().contains(scene)
        return self.nearest(self.plotItem.vb.mapSceneToView(scene)) if inside and not covered else None

    def _on_moved(self, scene: QPointF) -> None:
        place = self._place_at(scene)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if place is None else Qt.CursorShape.PointingHandCursor)
        if place != self.marked:
            self.pointed.emit(place)

    def _on_clicked(self, event: object) -> None:
        place = self._place_at(event.scenePos()) if event.button() == Qt.MouseButton.LeftButton else None
        if place is not None:
            self.chosen.emit(place)

    def _on_range(self, *_: object) -> None:
        self._moved = True

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """The mouse points at nothing any more."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Say by a line that keys come here."""
        super().focusInEvent(event)
        self.plotItem.vb.setBorder(pg.mkPen(self.colours.accent, width=2))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The line goes."""
        super().focusOutEvent(event)
        self.plotItem.vb.setBorder(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows walk from rank to rank, Enter goes to the segment."""
        if event.key() in _STEPS and len(self.at):
            place = -1 if self.marked is None else self.marked
            self.pointed.emit(min(max(place + _STEPS[event.key()], 0), len(self.at) - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.marked is not None:
            self.chosen.emit(self.marked)
        else:
            event.ignore()


def brushes(heatmap: Heatmap, ranks: Sequence[Ranked], palette: Palette, *, log: bool) -> list:
    """The heat of every rank; what has no tokens yet has the colour of an empty lane's border."""
    steps = [pg.mkBrush(*colour) for colour in heat_map(dark=palette.dark)]
    none = pg.mkBrush(palette.border)
    return [none if rank.tokens is None else
            steps[round(position(rank.tokens, low=heatmap.k_min, high=heatmap.k_max, log=log) * (STEPS - 1))]
            for rank in ranks]  # fmt: skip
