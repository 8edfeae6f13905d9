"""Segments from the most to the least relevant: relevance as a curve, the tokens each got as bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from app.charts.chart import Chart
from app.charts.ranks import Ranked, most_tokens
from app.theme import Palette
from app.timeline.heat import STEPS, heat_map
from app.timeline.heatmap import Heatmap

_WIDTH, _APART = 0.86, 60  # of a bar, and up to how many stand apart: with more the gaps are below a pixel


class _Bars(pg.BarGraphItem):
    """Bars painted colour by colour, a call each: with a thousand one by one takes three times as long."""

    coloured: Sequence[tuple[QBrush, list[QRectF]]] = ()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint."""
        painter.setPen(Qt.PenStyle.NoPen)
        for brush, rects in self.coloured:
            painter.setBrush(brush)
            painter.drawRects(rects)


class RelevanceByRank(Chart):
    """A curve that drops at once: relevance was decisive. A flat one: the model could not tell."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(
            palette,
            "Relevance by rank",
            "Segments from the most to the least relevant, with the tokens each got. Arrows walk, Enter goes there.",
            legend=(-12, 8),
        )
        self._bars = _Bars(x=[], height=[], width=_WIDTH, pen=None, name="Tokens")
        self._earlier = pg.PlotDataItem(name="Relevance, earlier question")
        self._curve = pg.PlotDataItem(name="Relevance")
        self._even = pg.InfiniteLine(angle=0, label="", labelOpts={"position": 0.98, "anchors": [(1, 1), (1, 1)]})
        for item in (self._bars, self._curve, self._earlier):
            self.plotItem.addItem(item)
        self._earlier.setZValue(-1)
        self._bars.setZValue(-2)
        self._named = self.legend.items[-1]  # hidden where there is none: what leaves a legend, Qt may delete twice
        self.plotItem.addItem(self._even, ignoreBounds=True)
        self.add_mark()
        self.plotItem.showAxis("right")
        self.plotItem.setLabels(left="Relevance, 0 to 1", bottom="Rank (1: most relevant)", right="Tokens per segment")
        self._most = 1
        self.apply_palette(palette)

    def show_ranks(self, heatmap: Heatmap, ranks: Sequence[Ranked], earlier: Sequence[Ranked], colours: list) -> None:
        """Draw them."""
        self._most = most_tokens(heatmap)
        places = np.arange(1, len(ranks) + 1, dtype=float)
        relevance = np.array([rank.relevance for rank in ranks], dtype=float)
        tokens = np.array([rank.tokens or 0 for rank in ranks], dtype=float)
        self.at = np.column_stack([places, relevance])
        width = _WIDTH if len(ranks) <= _APART else 1
        self._bars.setOpts(x=places, height=tokens / self._most, width=width)
        self._bars.coloured = _by_colour(tokens / self._most, colours, width)
        self._curve.setData(places, relevance)
        self._earlier.setData(np.arange(1, len(earlier) + 1), np.array([rank.relevance for rank in earlier]))
        for part in self._named:
            part.setVisible(bool(earlier))
        self.plotItem.getAxis("right").setScale(self._most)
        even = heatmap.even_share
        self._even.setVisible(bool(even))
        self._even.setValue(even / self._most)
        self._even.label.setFormat(f"even share: {even}")
        self.keep_or_fit()

    def fit(self) -> None:
        """All ranks, relevance from 0 to 1, tokens from 0 to the most a segment can get."""
        super().fit()
        count = max(len(self.at), 1)
        self.plotItem.vb.setRange(xRange=(0.4, count + 0.6), yRange=(0, 1.04), padding=0)

    def nearest(self, at: QPointF) -> int | None:
        """The rank under the mouse: a whole column belongs to it."""
        place = round(at.x()) - 1
        return place if 0 <= place < len(self.at) else None

    def apply_palette(self, palette: Palette) -> None:
        """Other colours."""
        super().apply_palette(palette)
        self._bars.setOpts(brush=pg.mkBrush(*heat_map(dark=palette.dark)[STEPS // 2]))
        self._curve.setShadowPen(pg.mkPen(palette.lane, width=5))  # so that it stands out from bars of any heat
        self._curve.setPen(pg.mkPen(palette.accent, width=2))
        self._earlier.setPen(pg.mkPen(palette.text3, width=1.5))
        self._even.setPen(pg.mkPen(palette.text2, width=1, style=Qt.PenStyle.DashLine))
        self._even.label.setColor(palette.text2)


def _by_colour(heights: np.ndarray, colours: list[QBrush], width: float) -> list[tuple[QBrush, list[QRectF]]]:
    found: dict[int, tuple[QBrush, list[QRectF]]] = {}
    for place, (height, brush) in enumerate(zip(heights.tolist(), colours, strict=True), start=1):
        found.setdefault(id(brush), (brush, []))[1].append(QRectF(place - width / 2, 0, width, height))
    return list(found.values())
