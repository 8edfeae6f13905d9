"""A timeline with something on every lane."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint
from scripted import cut

from app.pins import Pin
from app.theme import DARK
from app.timeline.content import Cuts
from app.timeline.heatmap import Heatmap
from app.timeline.plot import Plot

FILM_SECONDS = 100.0


@dataclass(frozen=True)
class Part:
    start_seconds: float
    end_seconds: float
    title: str


CHAPTERS = (Part(0.0, 20.0, "Opening"), Part(20.0, 66.0, "Middle"), Part(66.0, 100.0, ""))
CUTS = (5.5, 20.0, 41.0, 66.0, 66.5)


def heatmap(question=1, *, pins=True):
    segments = cut(FILM_SECONDS)
    count = range(len(segments))
    placed = (Pin(1, 30.0, 32.0, 15, 8, 0.9, named=True, weak=False),) if pins else ()
    shares = {place: 1 + place % 8 for place in count}
    return Heatmap(question, segments, dict.fromkeys(count, 0.5), shares, 1, 8, 200, pins=placed)


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
