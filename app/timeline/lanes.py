"""The height of the plot in, the top and bottom of every lane out. Pure; sizes from shared/look.md."""

from __future__ import annotations

from dataclasses import dataclass

LEFT = 144  # labels stand left of the time axis
RIGHT_MARGIN = 48
LEAST_HEIGHT = 222
_GROWTH = 0.7  # of any further height, the bars take this part and the relevance curve the rest


@dataclass(frozen=True, slots=True)
class Lane:
    """A horizontal stripe, in pixels from the top of the plot."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Pixels."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Pixels from the top of the plot."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes, top to bottom."""

    ruler: Lane
    seek: Lane
    strip: Lane
    bars: Lane
    relevance: Lane
    citations: Lane
    earlier: Lane


def lay_out(height: float) -> Lanes:
    """Lanes for a plot of this height; never smaller than `LEAST_HEIGHT` needs."""
    spare = max(height - LEAST_HEIGHT, 0.0)
    heights = (18, 16, 16, 48 + spare * _GROWTH, 40 + spare * (1 - _GROWTH), 24, 12)
    gaps = (0, 2, 8, 3, 10, 8, 6)
    top, made = 2.0, []
    for lane_height, gap in zip(heights, gaps, strict=True):
        top += gap
        made.append(Lane(top, top + lane_height))
        top += lane_height
    return Lanes(*made)
