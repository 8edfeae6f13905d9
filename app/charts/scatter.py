"""Tokens against relevance: one point a segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.charts.chart import Chart
from app.charts.ranks import Ranked, most_tokens
from app.theme import Palette
from app.timeline.heat import STEPS, heat_map
from app.timeline.heatmap import Heatmap


class TokensAgainstRelevance(Chart):
    """Where points rise to the right, tokens followed relevance."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(
            palette,
            "Tokens against relevance",
            "A point for every segment, in order of relevance. Arrows walk, Enter goes there.",
            legend=(12, 8),
        )
        self._points = pg.ScatterPlotItem(size=8, pxMode=True, antialias=True, name="Segment, coloured by tokens")
        self._even = pg.InfiniteLine(angle=0, label="", labelOpts={"position": 0.98, "anchors": [(1, 1), (1, 1)]})
        self.plotItem.addItem(self._points)
        self.plotItem.addItem(self._even, ignoreBounds=True)
        self.add_mark()
        self.plotItem.setLabels(left="Tokens per segment", bottom="Relevance, 0 to 1")
        self._most = 1
        self.apply_palette(palette)

    def show_ranks(self, heatmap: Heatmap, ranks: Sequence[Ranked], earlier: Sequence[Ranked], colours: list) -> None:
        """Draw those that have tokens; the others wait on the axis."""
        self._most = most_tokens(heatmap)
        self.at = np.array([(rank.relevance, rank.tokens or 0) for rank in ranks], dtype=float).reshape(-1, 2)
        self._points.setData(pos=self.at, brush=colours, pen=pg.mkPen(self.colours.border, width=0.5))
        even = heatmap.even_share
        self._even.setVisible(bool(even))
        self._even.setValue(even)
        self._even.label.setFormat(f"even share: {even}")
        self.keep_or_fit()

    def fit(self) -> None:
        """Both axes from nothing to the most there can be."""
        super().fit()
        self.plotItem.vb.setRange(xRange=(-0.02, 1.04), yRange=(-0.03 * self._most, 1.08 * self._most), padding=0)

    def apply_palette(self, palette: Palette) -> None:
        """Other colours."""
        super().apply_palette(palette)
        self._points.opts["brush"] = pg.mkBrush(*heat_map(dark=palette.dark)[STEPS // 2])  # the legend's
        self._even.setPen(pg.mkPen(palette.text2, width=1, style=Qt.PenStyle.DashLine))
        self._even.label.setColor(palette.text2)
