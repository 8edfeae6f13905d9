"""A plot with something on every lane."""

from __future__ import annotations

from dataclasses import replace

import pytest
from filled import CHAPTERS, CUTS, FILM_SECONDS, heatmap
from PySide6.QtCore import QPoint

from app.theme import DARK
from app.timeline.content import Cuts
from app.timeline.plot import Plot


@pytest.fixture
def plot(qtbot):
    plot = Plot(DARK)
    qtbot.addWidget(plot)
    plot.resize(1200, 290)
    plot.show()
    plot.set_film(FILM_SECONDS)
    plot.show_content(
        replace(plot.content, heatmap=heatmap(2), earlier=heatmap(1), chapters=CHAPTERS, cuts=Cuts(CUTS, share=1.0))
    )
    return plot


@pytest.fixture
def point(plot):
    def find(seconds, lane="bars"):
        return QPoint(round(plot.scale_now.to_pixel(seconds)), int(getattr(plot.lanes_now, lane).middle))

    return find
