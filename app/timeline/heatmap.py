"""Engine events in, what the timeline shows out: a frozen picture of one question, folded event by event. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from app.pins import Pin, pins
from engine.events import AnswerGrounded, BudgetAllocated, Event, Failed, SegmentScored, SegmentsFound, Stopped
from engine.records import Answer, Segment


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Scores and shares by segment index; what is missing was not scored."""

    question: int = 0  # its number in the conversation, 0 before the first
    segments: tuple[Segment, ...] = ()
    scores: Mapping[int, float] = field(default_factory=dict)
    shares: Mapping[int, int] = field(default_factory=dict)
    k_min: int = 0
    k_max: int = 0
    limit: int = 0
    provisional: bool = False
    ended: bool = False  # stopped or failed: nothing more comes
    pins: tuple[Pin, ...] = ()

    @classmethod
    def from_answer(cls, number: int, answer: Answer) -> Self:
        """The picture of a question that was answered, perhaps in an earlier session."""
        allocation, places = answer.allocation, [segment.index for segment in answer.segments]
        return cls(
            question=number,
            segments=answer.segments,
            scores=dict(zip(places, answer.scores, strict=True)),
            shares=dict(zip(places, allocation.shares, strict=True)),
            k_min=allocation.k_min,
            k_max=allocation.k_max,
            limit=allocation.limit,
            pins=pins(answer),
        )

    def after(self, event: Event) -> Heatmap:
        """The picture once `event` has happened."""
        match event:
            case SegmentsFound(segments=segments):
                return Heatmap(question=self.question, segments=segments, provisional=True)
            case SegmentScored(segment=segment, score=score):
                return replace(self, scores={**self.scores, segment: score})
            case BudgetAllocated(allocation=allocation, scored=scored, provisional=provisional):
                shares = dict(zip(scored, allocation.shares, strict=True))
                return replace(self, shares=shares, k_min=allocation.k_min, k_max=allocation.k_max,
                               limit=allocation.limit, provisional=provisional)  # fmt: skip
            case AnswerGrounded(answer=answer):
                return replace(self, pins=pins(answer), provisional=False)
            case Stopped() | Failed():
                return replace(self, ended=True)
            case _:
                return self

    @property
    def unscored(self) -> int:
        """Segments still to be read with the question."""
        return len(self.segments) - len(self.scores)

    def segment_at(self, seconds: float) -> Segment | None:
        """The segment shown at a moment, if the moment was read."""
        place = bisect_right(self.segments, seconds, key=lambda segment: segment.start_seconds) - 1
        if place < 0:
            return None
        last = place == len(self.segments) - 1
        segment = self.segments[place]
        inside = seconds < segment.end_seconds or (last and seconds <= segment.end_seconds)
        return segment if inside else None

    def segment(self, index: int) -> Segment:
        """The segment of an index; segments of a range keep their numbers from 0."""
        return self.segments[index - self.segments[0].index]

    def between(self, start_seconds: float, end_seconds: float) -> tuple[Segment, ...]:
        """Segments that lie in a stretch of film, at least in part."""
        first = bisect_right(self.segments, start_seconds, key=lambda segment: segment.end_seconds)
        last = bisect_left(self.segments, end_seconds, key=lambda segment: segment.start_seconds)
        return self.segments[first:last]

    @property
    def even_share(self) -> int:
        """Tokens a segment would get if the budget were dealt out evenly, by the engine's own rule; 0 if unknown."""
        from engine.recall.allocation import share_evenly

        if not self.segments or len(self.segments) > self.limit or not self.k_max:
            return 0
        return share_evenly(len(self.segments), self.limit, ceiling=self.k_max)[0]

    def cited_as(self, segment: int) -> tuple[int, ...]:
        """Numbers of the pins that stand in a segment."""
        return tuple(pin.number for pin in self.pins if pin.segment == segment)


class Fold:
    """Folds a stream of events. The picture is made when somebody looks: a thousand scores cost no thousand copies."""

    def __init__(self, heatmap: Heatmap) -> None:
        self._heatmap = heatmap
        self._scores: dict[int, float] = {}
        self._dealt: BudgetAllocated | None = None  # the last one counts

    def take(self, event: Event) -> bool:
        """Fold one event in. False if it changes nothing."""
        if isinstance(event, SegmentScored):
            self._scores[event.segment] = event.score
        elif isinstance(event, BudgetAllocated):
            self._dealt = event
        elif isinstance(event, (SegmentsFound, AnswerGrounded, Stopped, Failed)):
            self._heatmap = self.now.after(event)
        else:
            return False
        return True

    @property
    def now(self) -> Heatmap:
        """The picture."""
        if self._scores:
            self._heatmap = replace(self._heatmap, scores={**self._heatmap.scores, **self._scores})
            self._scores = {}
        if self._dealt is not None:
            self._heatmap, self._dealt = self._heatmap.after(self._dealt), None
        return self._heatmap
