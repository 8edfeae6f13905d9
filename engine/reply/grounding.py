"""An answer's text in; the times it names, checked against the film, and the spans it rests on out.

A time counts as supported if it lies inside what the model was shown and its segments got more than the mean share of
tokens (where all shares are alike: have more than the mean relevance). That is evidence of attention, not proof of
truth. A single time stands for the segment it falls in; the segments' own time stamps go first, because a short last
segment's stamp may lie past its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.records import Allocation, Citation, Segment
from engine.reply.times import NamedTime, named_times

ROUNDING = 0.05  # seconds; time stamps are written with one decimal
EVEN = 0.05  # scores closer together than this point nowhere
MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What the model was shown, and how it was weighed."""

    segments: Sequence[Segment]
    scores: Sequence[float]
    shares: Sequence[int]
    duration_seconds: float

    @property
    def weights(self) -> Sequence[float]:
        """Tokens; relevance where every segment got the same, unless that is even too."""
        same_shares = min(self.shares) == max(self.shares)
        return self.scores if same_shares and max(self.scores) - min(self.scores) >= EVEN else self.shares

    def stands_out(self, places: Sequence[int]) -> bool:
        """Whether some segments weigh more than all do, on average."""
        weights = self.weights
        return _mean([weights[place] for place in places]) > _mean(weights)

    @property
    def latest_seconds(self) -> float:
        """The last time that an answer may name."""
        return max(self.duration_seconds, self.segments[-1].centre_seconds) + ROUNDING


def ground(
    text: str,
    segments: Sequence[Segment],
    scores: Sequence[float],
    allocation: Allocation,
    *,
    duration_seconds: float,
) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Return (citations in the order the answer names them, evidence from the best span down).

    `scores` and `allocation.shares` belong to `segments` one to one.
    """
    if not len(segments) == len(scores) == len(allocation.shares):
        raise ValueError(f"{len(segments)} segments, {len(scores)} scores and {len(allocation.shares)} shares")
    if not segments:
        return (), ()
    shown = Shown(segments, scores, allocation.shares, duration_seconds)
    return tuple(_merged(_cite(time, shown) for time in named_times(text))), _evidence(shown)


def _cite(time: NamedTime, shown: Shown) -> Citation:
    start, end = time.start_seconds, time.end_seconds
    if start == end:
        places = _at(start, shown)
        if places:
            start, end = shown.segments[places[0]].start_seconds, shown.segments[places[0]].end_seconds
    else:
        places = [i for i, s in enumerate(shown.segments) if s.start_seconds < end and s.end_seconds > start]
    inside = bool(places) and time.end_seconds <= shown.latest_seconds
    if inside:
        end = min(end, max(shown.duration_seconds, shown.segments[places[-1]].end_seconds))
    return Citation(
        start_seconds=start,
        end_seconds=end,
        segments=tuple(shown.segments[place].index for place in places),
        quote=time.quote,
        supported=inside and shown.stands_out(places),
        quote_starts=(time.quote_start,),
    )


def _at(seconds: float, shown: Shown) -> list[int]:
    """Return the place of the segment that a single time names, as a list of one, or nothing."""
    gaps = [abs(segment.centre_seconds - seconds) for segment in shown.segments]
    nearest = min(range(len(gaps)), key=gaps.__getitem__)
    if gaps[nearest] <= ROUNDING:
        return [nearest]
    for place, segment in enumerate(shown.segments):
        if segment.start_seconds <= seconds < segment.end_seconds:
            return [place]
    last = shown.segments[-1].end_seconds
    return [len(shown.segments) - 1] if last <= seconds <= last + ROUNDING else []


def _share(places: Sequence[int], shown: Shown) -> float:
    return _mean([shown.shares[place] for place in places])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _merged(citations: Iterable[Citation]) -> Iterator[Citation]:
    """Make one citation of all that name the same span in the same words."""
    seen: dict[tuple[float, float, str], Citation] = {}
    for citation in citations:
        key = (citation.start_seconds, citation.end_seconds, citation.quote)
        starts = (*seen[key].quote_starts, *citation.quote_starts) if key in seen else citation.quote_starts
        seen[key] = replace(citation, quote_starts=starts)
    yield from seen.values()


def _evidence(shown: Shown) -> tuple[Citation, ...]:
    """Merge neighbouring segments that stand out in relevance and in tokens; even scores point nowhere."""
    low, high = min(shown.scores), max(shown.scores)
    if high - low < EVEN:
        return ()
    weights, mean = shown.weights, _mean(shown.weights)
    outstanding = [
        place for place, score in enumerate(shown.scores) if score > (low + high) / 2 and weights[place] > mean
    ]
    runs = sorted(_runs(outstanding), key=lambda run: (-max(shown.scores[i] for i in run), -_share(run, shown), run[0]))
    return tuple(
        Citation(
            start_seconds=shown.segments[run[0]].start_seconds,
            end_seconds=shown.segments[run[-1]].end_seconds,
            segments=tuple(shown.segments[place].index for place in run),
            quote="",
            supported=True,
        )
        for run in runs[:MOST_EVIDENCE]
    )


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Split ascending numbers where they stop being neighbours."""
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(places)) if b != a + 1), len(places)]
    return [list(places[a:b]) for a, b in pairwise(breaks) if a < b]
