"""Segments, times and a scale in; one value, colour or tick per column of device pixels out. Pure; numpy arrays.

Drawing by columns costs the same for eight segments as for ten thousand, and every lane changes at the same pixel:
a column belongs to the moment under its middle. Where several segments share a column the highest counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app.timeline.heat import STEPS, Rgb
from app.timeline.scale import Scale
from engine.records import Segment

if TYPE_CHECKING:
    import numpy as np

_WIDE_ENOUGH = 6.0  # pixels: segments as wide as this are set apart by a gap


def packed(colour: Rgb, alpha: float = 1.0) -> int:
    """A premultiplied ARGB32 pixel."""
    red, green, blue = (round(channel * alpha) for channel in colour)
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A cut of the film into segments, as arrays."""

    starts: np.ndarray  # [segments] seconds
    ends: np.ndarray  # [segments] seconds

    def owners(self, scale: Scale, count: int) -> tuple[np.ndarray, np.ndarray]:
        """For each of `count` columns the segment under its middle, and whether there is one."""
        import numpy as np

        middles = scale.start + (np.arange(count) + 0.5) / count * (scale.end - scale.start)
        owner = np.clip(np.searchsorted(self.starts, middles, side="right") - 1, 0, max(len(self.starts) - 1, 0))
        if not len(self.starts):
            return owner, np.zeros(count, bool)
        return owner, (middles >= self.starts[owner]) & (middles < self.ends[owner])


def as_cut(segments: Sequence[Segment]) -> Cut:
    """The arrays of `engine.records.Segment`s."""
    import numpy as np

    return Cut(
        np.array([segment.start_seconds for segment in segments], np.float64),
        np.array([segment.end_seconds for segment in segments], np.float64),
    )


def as_values(segments: Sequence[Segment], values: Mapping[int, float]) -> np.ndarray:
    """One number a segment, NaN where there is none."""
    import numpy as np

    nothing = float("nan")
    return np.array([values.get(segment.index, nothing) for segment in segments], np.float64)


def per_column(values: np.ndarray, owner: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The highest value of the segments that a column stands for; NaN where there is none."""
    import numpy as np

    if not len(values):
        return np.full(len(owner), np.nan)
    highest = np.fmax.reduceat(values, owner)  # from a column's segment up to the next column's
    highest[-1] = values[owner[-1]]
    return np.where(inside, highest, np.nan)


def positions(values: np.ndarray, *, low: float, high: float, log: bool) -> np.ndarray:
    """`heat.position` for every value; NaN stays."""
    import numpy as np

    if high <= low:
        return np.where(np.isnan(values), np.nan, 1.0)
    floor = max(low, 1.0)
    if log and high > floor:
        share = np.log(np.maximum(values, floor) / floor) / np.log(high / floor)
    else:
        share = (values - low) / (high - low)
    return np.clip(share, 0.0, 1.0)


def coloured(shares: np.ndarray, colours: Sequence[Rgb], *, alpha: float = 1.0) -> np.ndarray:
    """[columns] pixels for positions between 0 and 1; transparent for NaN."""
    import numpy as np

    table = np.array([packed(colour, alpha) for colour in colours] + [0], np.uint32)
    known = ~np.isnan(shares)
    steps = np.full(len(shares), STEPS, np.int64)
    steps[known] = np.rint(shares[known] * (STEPS - 1))
    return table[steps]


def bars(shares: np.ndarray, pixels: np.ndarray, *, height: int, least: int) -> np.ndarray:
    """[height, columns] pixels: every column filled from the floor up to its position, `least` rows at least."""
    import numpy as np

    rows = np.maximum(np.rint(np.nan_to_num(shares) * height), least)
    filled = np.arange(height, 0, -1)[:, None] <= rows[None, :]
    return np.where(filled, pixels[None, :], np.uint32(0))


def with_gaps(pixels: np.ndarray, owner: np.ndarray, cut: Cut, scale: Scale, *, gap: int) -> np.ndarray:
    """The same pixels with `gap` clear columns where a segment begins, if segments are wide enough to spare them."""
    import numpy as np

    if not len(cut.starts):
        return pixels
    wide = float(np.median(cut.ends - cut.starts)) * (scale.right - scale.left) / (scale.end - scale.start)
    if wide < _WIDE_ENOUGH:
        return pixels
    fresh = np.flatnonzero(np.diff(owner)) + 1
    apart = pixels.copy()
    for step in range(gap):
        apart[np.minimum(fresh + step, len(pixels) - 1)] = 0
    return apart


def ticks(moments: np.ndarray, scale: Scale, count: int, *, colour: Rgb, width: int) -> np.ndarray:
    """[columns] pixels with a tick of `width` columns at every moment in view."""
    import numpy as np

    pixels = np.zeros(count, np.uint32)
    first, last = np.searchsorted(moments, (scale.start, scale.end))
    places = (moments[first:last] - scale.start) / (scale.end - scale.start) * count
    columns = np.unique(np.clip(np.ceil(places - 0.5), 0, count - width).astype(np.int64))
    for step in range(width):
        pixels[columns + step] = packed(colour)
    return pixels


def curve(
    moments: np.ndarray, ys: np.ndarray, scale: Scale, count: int, height: int, *, colour: Rgb, width: float
) -> np.ndarray:
    """[height, columns] pixels of straight lines between points, `width` rows thick; broken where `ys` is NaN.

    A pixel is covered by as much of it as lies between the line's rows at both edges of its column.
    """
    import numpy as np

    edges = scale.start + np.arange(count + 1) / count * (scale.end - scale.start)
    at_edge = np.interp(edges, moments, ys, left=np.nan, right=np.nan).astype(np.float32)  # NaN beside a NaN
    low, high = np.minimum(at_edge[:-1], at_edge[1:]), np.maximum(at_edge[:-1], at_edge[1:])
    rows = np.arange(height, dtype=np.float32)[:, None]
    below, above = np.minimum(rows + 1, high + width / 2), np.maximum(rows, low - width / 2)
    covered = np.nan_to_num(np.clip(below - above, 0, 1) * 255).astype(np.uint8)  # [height, columns]
    return _shades(colour)[covered]


@cache
def _shades(colour: Rgb) -> np.ndarray:
    """[256] pixels of a colour, from clear to opaque."""
    import numpy as np

    return np.array([packed(colour, step / 255) for step in range(256)], np.uint32)


def alone(values: np.ndarray) -> np.ndarray:
    """Places of numbers between two NaN: a curve through them would show nothing."""
    import numpy as np

    known = np.concatenate([[False], ~np.isnan(values), [False]])
    return np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])
