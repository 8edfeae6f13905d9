"""The width of the list in, the width of each column out. Numbers and times are never cut; bars and pictures yield."""

from __future__ import annotations

from dataclasses import dataclass

_LEAST_HEIGHT, _AROUND = 48, 12  # two lines of text; air above and below a picture
_RANK, _TOKENS, _RELEVANCE = 38, 52, 62  # the least that shows everything written, headings too
_PICTURE, _BAR_MOST, _TIME_MARGIN = (64, 104), 52, 14
GAP = 8  # beside a picture, beside a bar
_WORTH_DRAWING = 20


@dataclass(frozen=True, slots=True)
class Widths:
    """In pixels, left to right. `bar` is the room before a number, 0 where there is none."""

    rank: int
    picture: int
    time: int
    tokens: int
    relevance: int
    bar: int

    @property
    def row_height(self) -> int:
        """As high as a picture of 16:9, or two lines of text."""
        return max(_LEAST_HEIGHT, round((self.picture - GAP) * 9 / 16) + _AROUND)


def column_widths(width: int, *, time: int = 112) -> Widths:
    """Fill `width`: numbers and times, `time` wide, come first; then the picture, the bars, a larger picture."""
    time += _TIME_MARGIN
    spare = width - _RANK - time - _TOKENS - _RELEVANCE
    picture = _PICTURE[0] if spare >= _PICTURE[0] else 0
    bar = min(max(spare - picture, 0) // 2, _BAR_MOST)
    bar = bar if bar >= _WORTH_DRAWING else 0
    if picture:
        picture = min(spare - 2 * bar, _PICTURE[1])
    return Widths(_RANK, picture, time + max(spare - picture - 2 * bar, 0), _TOKENS + bar, _RELEVANCE + bar, bar)
