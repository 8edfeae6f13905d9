"""A heatmap and a threshold in, ranked moments out: neighbouring segments that are relevant enough, joined. Pure.

The threshold is on the raw relevance, in hundredths, because that is what people see: a score shown as 0.50 is at least
0.50. Its default is the model's own watershed: from 0.50 on it answers "Yes" to the question whether a segment matters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from app.clock import clock, span
from app.counting import count
from app.timeline.heatmap import Heatmap
from engine.records import Segment

DEFAULT_THRESHOLD = 50  # hundredths
LEAST_THRESHOLD = 1  # at 0 the whole film would be one moment
SAME_PLACE = 0.05  # seconds: the player shows the picture next to a wanted time
INTO_IT = 1.0  # seconds into a moment from which on "previous" goes to its start


class Order(Enum):
    """How the list is sorted."""

    RELEVANCE = "relevance"
    TOKENS = "tokens"
    TIME = "time"


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
class Moment:
    """A stretch of film."""

    start_seconds: float
    end_seconds: float
    peak: Segment  # its most relevant segment
    peak_score: float
    mean_score: float
    peak_tokens: int | None  # None: not dealt out yet
    tokens: int  # in all
    segments: int
    cited: tuple[int, ...] = ()  # numbers of the pins inside
    chapter: str = ""
    rank: int = 0  # 1 is the most relevant; it keeps its rank in every order

    @property
    def key(self) -> int:
        """What tells it from others while scores still come: its first segment stays, its end may move."""
        return round(self.start_seconds * 1000)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end_seconds - self.start_seconds

    @property
    def middle(self) -> float:
        """Where its picture is taken: in the middle of its most relevant segment."""
        return (self.peak.start_seconds + self.peak.end_seconds) / 2

    def holds(self, seconds: float) -> bool:
        """Whether a time lies inside."""
        return self.start_seconds - SAME_PLACE / 2 <= seconds < self.end_seconds - SAME_PLACE / 2


def find_moments(heatmap: Heatmap, threshold: int, chapters: Sequence[Chapter] = ()) -> tuple[Moment, ...]:
    """Every moment of at least `threshold` hundredths, in time order."""
    found = [_moment(heatmap, run, chapters) for run in _runs(heatmap, threshold)]
    best = sorted(range(len(found)), key=lambda at: (-found[at].peak_score, -found[at].mean_score, at))
    ranks = {at: rank for rank, at in enumerate(best, start=1)}
    return tuple(replace(moment, rank=ranks[at]) for at, moment in enumerate(found))


def in_order(moments: Sequence[Moment], order: Order) -> tuple[Moment, ...]:
    """The same moments, the first to look at first."""
    if order is Order.TIME:
        return tuple(sorted(moments, key=lambda moment: moment.start_seconds))
    if order is Order.TOKENS:
        return tuple(sorted(moments, key=lambda moment: (-(moment.peak_tokens or 0), moment.rank)))
    return tuple(sorted(moments, key=lambda moment: moment.rank))


def moment_at(moments: Sequence[Moment], seconds: float) -> Moment | None:
    """The moment a time lies in, of moments in time order."""
    place = bisect_right(moments, seconds + SAME_PLACE / 2, key=lambda moment: moment.start_seconds) - 1
    return moments[place] if place >= 0 and moments[place].holds(seconds) else None


def after(moments: Sequence[Moment], seconds: float) -> Moment | None:
    """The next moment of the film, of moments in time order."""
    return next((moment for moment in moments if moment.start_seconds > seconds + SAME_PLACE), None)


def before(moments: Sequence[Moment], seconds: float) -> Moment | None:
    """The start of the moment on show, or the moment before it, of moments in time order."""
    now = moment_at(moments, seconds)
    if now is not None and seconds - now.start_seconds > INTO_IT:
        return now
    limit = (now.start_seconds if now is not None else seconds) - SAME_PLACE
    return next((moment for moment in reversed(moments) if moment.start_seconds < limit), None)


def summary(moments: Sequence[Moment]) -> str:
    """`14 moments, 2:56 in total`."""
    total = sum(moment.seconds for moment in moments)
    return f"{count(len(moments), 'moment')}, {clock(total, decimals=0 if total >= 60 else 1)} in total"


def lines(moments: Sequence[Moment], *, markdown: bool) -> str:
    """The times as text to paste: a line each."""
    return "".join(f"{_line(moment, markdown=markdown)}\n" for moment in moments)


def described(moment: Moment) -> str:
    """One moment in words, for the list to copy and for a screen reader."""
    tokens = "tokens not dealt out yet" if moment.peak_tokens is None else count(moment.peak_tokens, "token")
    facts = [f"relevance {moment.peak_score:.2f}", tokens]
    facts += [moment.chapter] * bool(moment.chapter)
    facts += [cited_text(moment)] * bool(moment.cited)
    return ", ".join(facts)


def cited_text(moment: Moment) -> str:
    """`cited as 1, 3`; nothing where it is not."""
    return f"cited as {', '.join(map(str, moment.cited))}" if moment.cited else ""


def _line(moment: Moment, *, markdown: bool) -> str:
    time = span(moment.start_seconds, moment.end_seconds)
    return f"- **{time}**: {described(moment)}" if markdown else f"{time}  {described(moment)}"


def _runs(heatmap: Heatmap, threshold: int) -> Iterator[list[Segment]]:
    """Neighbours that are all relevant enough. A segment without a score parts those beside it."""
    run: list[Segment] = []
    for segment in heatmap.segments:
        if round(100 * heatmap.scores.get(segment.index, 0.0)) >= max(threshold, LEAST_THRESHOLD):
            run.append(segment)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _moment(heatmap: Heatmap, run: Sequence[Segment], chapters: Sequence[Chapter]) -> Moment:
    scores = [heatmap.scores[segment.index] for segment in run]
    shares = [heatmap.shares[segment.index] for segment in run if segment.index in heatmap.shares]
    peak = run[scores.index(max(scores))]
    inside = {segment.index for segment in run}
    return Moment(
        start_seconds=run[0].start_seconds,
        end_seconds=run[-1].end_seconds,
        peak=peak,
        peak_score=max(scores),
        mean_score=sum(scores) / len(scores),
        peak_tokens=max(shares, default=None),
        tokens=sum(shares),
        segments=len(run),
        cited=tuple(sorted(pin.number for pin in heatmap.pins if pin.segment in inside)),
        chapter=_chapter_at(chapters, (peak.start_seconds + peak.end_seconds) / 2),
    )


def _chapter_at(chapters: Sequence[Chapter], seconds: float) -> str:
    inside = (one.title for one in chapters if one.start_seconds <= seconds < one.end_seconds)
    return next(inside, "")
