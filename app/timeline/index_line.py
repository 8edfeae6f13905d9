"""Engine events in, the stretches of the film that are ready for questions out. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.events import Event, IndexFound, SegmentIndexed, SegmentsFound
from engine.records import Segment


@dataclass(frozen=True, slots=True)
class IndexLine:
    """Which segments of one cut of the film are indexed."""

    segments: tuple[Segment, ...] = ()
    ready: frozenset[int] = frozenset()

    def after(self, event: Event) -> IndexLine:
        """The picture once `event` has happened."""
        match event:
            case IndexFound(segments=segments, ready=ready):
                return IndexLine(segments, frozenset(ready))
            case SegmentsFound(segments=segments) if segments != self.segments:
                return IndexLine(segments)  # a question about a range, or sampled otherwise, has an index of its own
            case SegmentIndexed(segment=segment):
                return replace(self, ready=self.ready | {segment})
            case _:
                return self

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.segments) and len(self.ready) == len(self.segments)

    def spans(self) -> list[tuple[float, float]]:
        """Ready stretches in seconds, neighbours joined."""
        joined: list[tuple[float, float]] = []
        for segment in self.segments:
            if segment.index not in self.ready:
                continue
            if joined and joined[-1][1] == segment.start_seconds:
                joined[-1] = (joined[-1][0], segment.end_seconds)
            else:
                joined.append((segment.start_seconds, segment.end_seconds))
        return joined
