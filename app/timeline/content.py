"""Everything the timeline shows, as one frozen record: what is painted, hit by the mouse and told to screen readers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Protocol

from app.pins import Pin
from app.timeline.heatmap import Heatmap
from app.timeline.index_line import IndexLine
from engine.records import Segment

Span = tuple[float, float]


class Chapter(Protocol):
    """A named stretch of the film."""

    @property
    def start_seconds(self) -> float:
        """Where it begins."""

    @property
    def end_seconds(self) -> float:
        """Where it ends."""

    @property
    def title(self) -> str:
        """Its name, perhaps empty."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where a shot ends and another begins, as far as known. `share` of the film was looked at."""

    seconds: tuple[float, ...] = ()
    searching: bool = False
    share: float = 0.0
    trouble: str = ""  # why there are none, in a sentence

    def near(self, seconds: float, reach: float) -> float | None:
        """The cut nearest to a moment, if it is no further than `reach`."""
        place = bisect_left(self.seconds, seconds)
        beside = [self.seconds[at] for at in (place - 1, place) if 0 <= at < len(self.seconds)]
        nearest = min(beside, key=lambda at: abs(at - seconds), default=None)
        return nearest if nearest is not None and abs(nearest - seconds) <= reach else None


@dataclass(frozen=True, slots=True)
class Content:
    """What is on show. `film` is False before the first one."""

    film: bool = False
    heatmap: Heatmap = field(default_factory=Heatmap)
    earlier: Heatmap = field(default_factory=Heatmap)
    index: IndexLine = field(default_factory=IndexLine)
    chapters: tuple[Chapter, ...] = ()
    chapters_known: bool = False
    cuts: Cuts = field(default_factory=Cuts)
    range: Span | None = None  # the next question is limited to it
    loop: Span | None = None
    log: bool = False  # tokens on a logarithmic scale

    @property
    def bare(self) -> frozenset[str]:
        """The switches of lanes that could stand empty for the whole film; where room is short these go first."""
        filled = {"earlier": self.earlier.shares, "chapters": self.chapters,
                  "cuts": self.cuts.seconds or self.cuts.searching}  # fmt: skip
        return frozenset(name for name, there in filled.items() if not there)

    def chapter_at(self, seconds: float) -> Chapter | None:
        """The chapter a moment belongs to."""
        place = bisect_right(self.chapters, seconds, key=lambda chapter: chapter.start_seconds) - 1
        return self.chapters[place] if place >= 0 and seconds < self.chapters[place].end_seconds else None

    def pin_in(self, segment: Segment) -> Pin | None:
        """The first pin that stands in a segment."""
        return next((pin for pin in self.heatmap.pins if pin.segment == segment.index), None)
