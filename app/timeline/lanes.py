"""The height of the plot and the lanes switched off in, the top and bottom of every lane out. Pure; look.md's sizes.

Room to spare goes to bars and curve; where it is short, lanes first shrink to their least heights, then scroll under
the ruler and the seek bar, which stay.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

LEFT = 144  # labels stand left of the time axis
RIGHT_MARGIN = 48
LEAST_HEIGHT = 96  # ruler, seek bar and the tokens of a plot that is squeezed; the rest scrolls
_TOP, _BOTTOM = 2, 6
_GROWTH = {"bars": 0.7, "relevance": 0.3}  # parts of the room to spare

# name: (least height, wanted height, gap above)
_ROWS = {
    "ruler": (18, 18, 0), "seek": (14, 16, 2), "range": (12, 14, 4), "indexed": (6, 6, 6), "strip": (14, 16, 6),
    "bars": (28, 48, 3), "uniform": (10, 12, 5), "relevance": (28, 40, 6), "citations": (18, 24, 5),
    "earlier": (10, 12, 4), "chapters": (14, 16, 4), "cuts": (9, 10, 4),
}  # fmt: skip
PINNED = ("ruler", "seek")

# What a person can switch: name -> (words for the menu, rows it takes)
SWITCHES = {
    "range": ("Range for the next question", ("range",)),
    "indexed": ("What is indexed", ("indexed",)),
    "tokens": ("Tokens per segment", ("strip", "bars")),
    "uniform": ("The budget shared evenly", ("uniform",)),
    "relevance": ("Raw relevance", ("relevance",)),
    "citations": ("Citations", ("citations",)),
    "earlier": ("An earlier question", ("earlier",)),
    "chapters": ("Chapters", ("chapters",)),
    "cuts": ("Shot cuts", ("cuts",)),
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A horizontal stripe, in pixels from the top of the plot. One that is switched off has no height."""

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

    @property
    def shown(self) -> bool:
        """False if it is switched off."""
        return self.bottom > self.top

    def holds(self, y: float) -> bool:
        """Whether a pixel row is inside."""
        return self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes, top to bottom."""

    ruler: Lane
    seek: Lane
    range: Lane
    indexed: Lane
    strip: Lane
    bars: Lane
    uniform: Lane
    relevance: Lane
    citations: Lane
    earlier: Lane
    chapters: Lane
    cuts: Lane
    needed: float  # the height at which nothing scrolls
    bottom: float  # of the last lane on screen

    @property
    def pinned_bottom(self) -> float:
        """Below this, lanes may scroll."""
        return self.seek.bottom + 2

    def beside(self, lane: Lane, y: float, *, reach: float = 3.0) -> bool:
        """Whether a pixel row is in a lane that is on, or just beside it."""
        return lane.shown and lane.top - reach <= y <= lane.bottom + reach and y >= self.pinned_bottom


def lay_out(height: float, *, hidden: Collection[str] = (), bare: Collection[str] = (), scrolled: float = 0.0) -> Lanes:
    """Lanes for a plot of this height without those of the switches `hidden`, scrolled up by so many pixels.

    Where room is short, those of the switches `bare`, which have nothing to show, are left out as well."""
    on = _rows_on(hidden)
    if _least(on) > height:
        on = _rows_on({*hidden, *bare})
    least = _least(on)
    wanted = _TOP + _BOTTOM + sum(_ROWS[name][1] + _ROWS[name][2] for name in on)
    heights = _heights(on, height, least, wanted)
    up = round(min(max(scrolled, 0.0), max(least - height, 0.0)))
    top, made = float(_TOP), {}
    for name in _ROWS:
        if name not in heights:
            made[name] = Lane(top, top)
            continue
        top += _ROWS[name][2] - (up if name == next((row for row in on if row not in PINNED), None) else 0)
        made[name] = Lane(top, top + heights[name])
        top += heights[name]
    return Lanes(**made, needed=float(least), bottom=top)


def _rows_on(hidden: Collection[str]) -> list[str]:
    off = {row for switch in hidden for row in SWITCHES[switch][1]}
    return [name for name in _ROWS if name not in off]


def _least(on: list[str]) -> int:
    return _TOP + _BOTTOM + sum(_ROWS[name][0] + _ROWS[name][2] for name in on)


def _heights(on: list[str], height: float, least: float, wanted: float) -> dict[str, int]:
    """Whole pixels for every lane that is on."""
    share = 1.0 if wanted == least else min(max((height - least) / (wanted - least), 0.0), 1.0)
    heights = {name: int(_ROWS[name][0] + share * (_ROWS[name][1] - _ROWS[name][0])) for name in on}
    spare = max(height - wanted, 0.0)
    parts = {name: part for name, part in _GROWTH.items() if name in heights}
    for name, part in parts.items():
        heights[name] += int(spare * part / sum(parts.values()))
    return heights
