"""A heatmap, chapters and cuts with which every lane has something to show."""

from __future__ import annotations

from dataclasses import dataclass

from scripted import cut

from app.pins import Pin
from app.timeline.heatmap import Heatmap

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
