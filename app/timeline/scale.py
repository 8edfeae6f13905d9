"""Seconds to pixels and back for one visible stretch of film: zoom, pan, fit, and the ruler's ticks. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

NARROWEST_SECONDS = 0.5  # zooming in stops here: a dozen frames over the whole width
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


@dataclass(frozen=True, slots=True)
class Scale:
    """The seconds `start`..`end` of a film of `duration` drawn on the pixels `left`..`right`."""

    duration: float
    start: float
    end: float
    left: float
    right: float

    def to_pixel(self, seconds: float) -> float:
        """Where a moment is drawn; outside `left`..`right` if it is not in view."""
        return self.left + (seconds - self.start) / (self.end - self.start) * (self.right - self.left)

    def snapped(self, seconds: float, ratio: float = 1.0) -> float:
        """Where a mark for a moment begins: the edge of the first column of device pixels whose middle is not before
        it. `ratio` is device pixels a pixel. Every lane changes there."""
        return self.left + math.ceil((self.to_pixel(seconds) - self.left) * ratio - 0.5) / ratio

    def shows(self, seconds: float) -> bool:
        """Whether a moment is in view."""
        return self.start <= seconds <= self.end

    def to_seconds(self, pixel: float) -> float:
        """The moment under a pixel, kept inside the film."""
        return min(max(self._raw(pixel), 0.0), self.duration)

    @property
    def zoomed(self) -> bool:
        """True if part of the film is out of view."""
        return self.end - self.start < self.duration - 1e-6

    def fitted(self) -> Scale:
        """The whole film in view."""
        return replace(self, start=0.0, end=self.duration)

    def resized(self, left: float, right: float) -> Scale:
        """The same seconds on other pixels."""
        return replace(self, left=left, right=max(right, left + 1))

    def zoom(self, factor: float, *, about_pixel: float) -> Scale:
        """`factor` above 1 shows less film; the moment under `about_pixel` stays unless an end of the film binds."""
        width = self.end - self.start
        wanted = min(max(width / factor, min(NARROWEST_SECONDS, self.duration)), self.duration)
        anchor = self._raw(about_pixel)
        return self._placed(anchor - (anchor - self.start) / width * wanted, wanted)

    def panned(self, pixels: float) -> Scale:
        """Slide the film by a drag of `pixels` to the right."""
        width = self.end - self.start
        return self._placed(self.start - pixels / (self.right - self.left) * width, width)

    def from_moment(self, seconds: float, *, lead: float = 0.06) -> Scale:
        """The same width of film with a moment near its left edge, `lead` of the width before it."""
        width = self.end - self.start
        return self._placed(seconds - lead * width, width)

    def between(self, start: float, end: float) -> Scale:
        """A stretch of film in view, with a little around it."""
        width = min(max((end - start) * 1.1, NARROWEST_SECONDS), self.duration)
        return self._placed((start + end - width) / 2, width)

    def ticks(self, *, apart: float = 96.0) -> tuple[float, ...]:
        """Round times in view, at least `apart` pixels from one another."""
        step = self.tick_step(apart=apart)
        first = math.ceil(self.start / step - 1e-9)
        last = math.floor(self.end / step + 1e-9)
        return tuple(round(number * step, 6) for number in range(first, last + 1))

    def tick_step(self, *, apart: float = 96.0) -> float:
        """The round number of seconds between two ticks."""
        least = (self.end - self.start) / max(self.right - self.left, 1.0) * apart
        return next((step for step in _STEPS if step >= least), math.ceil(least / 14400) * 14400)

    def _raw(self, pixel: float) -> float:
        return self.start + (pixel - self.left) / (self.right - self.left) * (self.end - self.start)

    def _placed(self, start: float, width: float) -> Scale:
        start = min(max(start, 0.0), self.duration - width)
        return replace(self, start=start, end=start + width)


def whole(duration: float, *, left: float, right: float) -> Scale:
    """A fresh scale over a whole film."""
    duration = max(duration, 0.001)
    return Scale(duration=duration, start=0.0, end=duration, left=left, right=max(right, left + 1))
