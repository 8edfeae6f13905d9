"""Engine events in, what the timeline shows out: a frozen picture of one question, folded event by event. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.pins import Pin, pins
from engine.events import AnswerGrounded, BudgetAllocated, Event, SegmentScored, SegmentsFound
from engine.records import Segment


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

    def cited_as(self, segment: int) -> tuple[int, ...]:
        """Numbers of the pins that stand in a segment."""
        return tuple(pin.number for pin in self.pins if pin.segment == segment)


@dataclass(frozen=True, slots=True)
class PinMark:
    """Pins that share one disc, because they would overlap."""

    pixel: float
    label: str
    seconds: float
    weak: bool


def merge_pins(placed: list[tuple[float, Pin]], *, apart: float = 18.0) -> list[PinMark]:
    """Discs for pins at pixels: closer than `apart` they merge to `2-4` (or `2,4` where the numbers do not follow)."""
    groups: list[list[tuple[float, Pin]]] = []
    for pixel, pin in sorted(placed, key=lambda place: place[0]):
        if groups and pixel - groups[-1][-1][0] < apart:
            groups[-1].append((pixel, pin))
        else:
            groups.append([(pixel, pin)])
    return [_mark(group) for group in groups]


def _mark(group: list[tuple[float, Pin]]) -> PinMark:
    numbers = sorted(pin.number for _, pin in group)
    straight = numbers[-1] - numbers[0] == len(numbers) - 1
    label = f"{numbers[0]}-{numbers[-1]}" if straight and len(numbers) > 1 else ",".join(map(str, numbers))
    return PinMark(
        pixel=sum(pixel for pixel, _ in group) / len(group),
        label=label,
        seconds=group[0][1].seconds,
        weak=all(pin.weak for _, pin in group),
    )
