"""What playing is held to: a span that is played once, or a loop; the moment on screen in, where to stop out. Pure.

Spans are half open: a picture that begins at the end is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Span = tuple[float, float]
Loop = tuple[float, float | None]  # the end is None while only the beginning is set

_LEAST_SECONDS = 0.001  # Qt counts milliseconds


@dataclass(frozen=True, slots=True)
class Bounds:
    """The span being played, and the loop."""

    span: Span | None = None
    loop: Loop | None = None

    def marked(self, start: float, end: float) -> Bounds:
        """The loop after one more press of its key, with the picture [start, end) on screen: begin, end, none.

        An end before the beginning begins anew.
        """
        if self.loop is None or (self.loop[1] is None and end <= self.loop[0] + _LEAST_SECONDS):
            return replace(self, loop=(start, None))
        return replace(self, loop=(self.loop[0], end) if self.loop[1] is None else None)

    def looped(self, start: float, end: float) -> Bounds:
        """With a loop; none if it would hold nothing."""
        low, high = sorted((start, end))
        return replace(self, loop=(low, high) if high - low > _LEAST_SECONDS else None)

    def limit(self, seconds: float) -> float | None:
        """Where playing on from a moment must stop. Behind the end of a loop one is out of it."""
        if self.span is not None:
            return self.span[1]
        end = self.loop[1] if self.loop else None
        return end if end is not None and seconds < end - _LEAST_SECONDS else None

    def holds(self, seconds: float) -> bool:
        """True inside the span."""
        return self.span is not None and self.span[0] - _LEAST_SECONDS <= seconds < self.span[1]
