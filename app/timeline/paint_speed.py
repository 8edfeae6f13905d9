"""How long one painting of a full timeline takes: `python -m app.timeline.paint_speed [--segments 128] [--wide 2560]`.

A made-up two-hour film with every lane filled; zoom, pan, a playing film and a hover, each painted so many times.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

FILM_SECONDS = 7200.0
FRAMES = 1024
CUTS, CHAPTERS = 3000, 40
TIMES = 400


@dataclass(frozen=True, slots=True)
class _Part:
    start_seconds: float
    end_seconds: float
    title: str


def full_timeline(segments: int) -> object:
    """A plot with every lane filled."""
    from dataclasses import replace

    from app.theme import DARK
    from app.timeline.content import Cuts
    from app.timeline.index_line import IndexLine
    from app.timeline.plot import Plot

    plot = Plot(DARK)
    plot.set_film(FILM_SECONDS)
    chance = random.Random(7)
    now, earlier = (made_heatmap(number, segments, chance) for number in (2, 1))
    index = IndexLine(now.segments, frozenset(range(0, segments, 2)))
    a_chapter = FILM_SECONDS / CHAPTERS
    chapters = tuple(_Part(at * a_chapter, (at + 1) * a_chapter, f"Chapter {at}") for at in range(CHAPTERS))
    cuts = Cuts(tuple(sorted(chance.uniform(0, FILM_SECONDS) for _ in range(CUTS))), share=1.0)
    plot.show_content(replace(plot.content, heatmap=now, earlier=earlier, index=index, chapters=chapters,
                              chapters_known=True, cuts=cuts, range=(1000.0, 3000.0), loop=(600.0, 900.0)))  # fmt: skip
    return plot


def made_heatmap(number: int, segments: int, chance: random.Random) -> object:
    """A question that was answered."""
    from app.pins import Pin
    from app.timeline.heatmap import Heatmap
    from engine.records import Segment

    length, frames = FILM_SECONDS / segments, max(FRAMES // segments, 1)
    cut = tuple(
        Segment(at, at * length, (at + 1) * length, (at + 0.5) * length, tuple(at * length + n for n in range(frames)))
        for at in range(segments)
    )
    pins = tuple(Pin(n, n * 800.0, n * 800.0 + 60, 0, 9, 0.5, named=True, weak=n % 2 == 0) for n in range(1, 9))
    scores = {at: chance.random() for at in range(segments)}
    shares = {at: chance.randint(4, 128) for at in range(segments)}
    return Heatmap(number, cut, scores, shares, 4, 128, 8192, pins=pins)


def measure(
    name: str, step: Callable[[int], object], paint: Callable[[], object], clock: Callable[[], float]
) -> tuple[float, float]:
    """Median and 99th percentile, in milliseconds, of `TIMES` steps each painted at once; prints them."""
    taken = []
    for number in range(TIMES):
        begun = clock()
        step(number)
        paint()
        taken.append(1000 * (clock() - begun))
    taken.sort()
    middle, late = median(taken), taken[math.ceil(0.99 * TIMES) - 1]
    print(f"{name:10} {middle:8.2f} {late:8.2f}")  # noqa: T201
    return middle, late


def run(
    segments: int, size: tuple[int, int], clock: Callable[[], float] = time.perf_counter
) -> dict[str, tuple[float, float]]:
    """All four, in milliseconds of `clock`."""
    from PySide6.QtCore import QEventLoop, QPointF
    from PySide6.QtWidgets import QApplication

    plot = full_timeline(segments)
    plot.resize(*size)
    plot.show()
    QApplication.processEvents()
    middle = size[0] / 2

    def flush() -> None:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def zoom(number: int) -> None:
        plot.zoom(1.08 if number // 50 % 2 == 0 else 1 / 1.08, about_pixel=middle)

    def pan(number: int) -> None:
        plot.rescale(plot.scale_now.panned(-9 if number // 100 % 2 == 0 else 9))

    print(f"{segments} segments, {size[0]} x {size[1]}; ms: median, 99 %")  # noqa: T201
    found = {"zoom": measure("zoom", zoom, plot.repaint, clock)}
    plot.fit()
    plot.zoom(6.0, about_pixel=middle)
    found["pan"] = measure("pan", pan, plot.repaint, clock)
    plot.fit()
    flush()
    found["play"] = measure("play", lambda number: plot.set_seconds(100 + number / 24), flush, clock)
    found["hover"] = measure("hover", lambda number: plot.look(QPointF(200 + number * 3, 120)), flush, clock)
    plot.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Paint time of the timeline.")
    parser.add_argument("--segments", type=int, default=128)
    parser.add_argument("--wide", type=int, default=1600)
    parser.add_argument("--high", type=int, default=320)
    wishes = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    run(wishes.segments, (wishes.wide, wishes.high))
    del application


if __name__ == "__main__":
    main()
