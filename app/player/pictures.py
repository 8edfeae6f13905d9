"""The moments of a film's pictures in; which one a wish means, and where Qt must be sent to show it, out. Pure.

Qt shows the first picture that ends at or after a position, and counts the end in: aim a millisecond inside. In a
container without an index it begins at the next key frame instead: there only key frames can be reached.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

UNINDEXED = frozenset({"mpegts", "mpeg"})  # FFmpeg's names of containers in which a seek lands between key frames
_GRAIN_SECONDS = 0.001  # Qt counts milliseconds
_SAME_SECONDS = 0.0015  # so near, two times are one that was rounded twice
_MOST_SKEW_SECONDS = 0.1


class Pictures:
    """The pictures of one film; `stops` are the numbers of those a seek can reach, None for all; `keyframes` of those
    that decode without others."""

    def __init__(
        self, times: Sequence[float] = (), stops: Sequence[int] | None = None, keyframes: Sequence[int] = ()
    ) -> None:
        self._all = times
        self._stops = None if stops is None else [int(stop) for stop in stops]
        self._times = times if self._stops is None else [float(times[stop]) for stop in self._stops]
        self._key_numbers = keyframes
        self._keys = [float(times[int(number)]) for number in keyframes]

    def __bool__(self) -> bool:
        return len(self._times) > 0

    @property
    def first(self) -> float:
        """When the film's first picture is shown."""
        return float(self._times[0])

    @property
    def all_reached(self) -> bool:
        """True if a seek can reach every picture."""
        return self._stops is None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    def at(self, seconds: float) -> float:
        """The moment of the picture on show at a moment, or of the last one before it that can be reached."""
        return float(self._times[_place(self._times, seconds)]) if self else seconds

    def number(self, seconds: float) -> int | None:
        """The number of the picture on show at a moment, counted from 0; None while unknown."""
        return _place(self._all, seconds) if self else None

    def moment(self, number: int) -> float:
        """When the picture of a number is shown; the nearest there is."""
        return float(self._all[min(max(number, 0), len(self._all) - 1)])

    def beside(self, seconds: float, pictures: int) -> float:
        """The moment of the picture so many on or back."""
        place = _place(self._times, seconds) + pictures
        return float(self._times[min(max(place, 0), len(self._times) - 1)])

    def last_before(self, seconds: float) -> float:
        """The moment of the last picture that begins before a moment; of the first if none does."""
        place = bisect_left(self._times, seconds - _GRAIN_SECONDS) - 1
        return float(self._times[max(place, 0)]) if self else seconds

    def near_keyframe(self, seconds: float) -> float:
        """The moment of the nearest picture that is quick to decode; of the picture on show if none is known."""
        if not self._keys or self._stops is not None:
            return self.at(seconds)
        place = bisect_left(self._keys, seconds)
        near = self._keys[max(place - 1, 0) : place + 1]
        return min(near, key=lambda moment: abs(moment - seconds))

    def end(self, seconds: float, otherwise: float) -> float:
        """When the picture on show at a moment gives way to the next."""
        place = _place(self._all, seconds) + 1
        return float(self._all[place]) if 0 < place < len(self._all) else otherwise

    def skew(self, first: float) -> float:
        """How far Qt's clock is ahead, given when its first picture is shown.

        Sound that begins before 0 with silence to be skipped (Opus, AAC in Matroska) is the film's start to FFmpeg 7,
        which Qt brings, and not to FFmpeg 8, with which the engine reads. Qt may also leave out the first pictures:
        then its first one is another picture of the film, and the clocks agree."""
        if not self:
            return 0.0
        ahead = first - self.first
        another = abs(float(self._all[_place(self._all, first)]) - first) < _SAME_SECONDS
        return 0.0 if another or abs(ahead) > _MOST_SKEW_SECONDS else ahead

    def all_within_reach(self) -> Pictures:
        """The same pictures for somebody who reaches every one."""
        return Pictures(self._all, None, self._key_numbers)

    def shifted(self, seconds: float) -> Pictures:
        """The same pictures on a clock that is ahead."""
        if not seconds:
            return self
        return Pictures([float(time) + seconds for time in self._all], self._stops, self._key_numbers)

    def aim(self, seconds: float) -> int:
        """The position, in milliseconds, at which Qt shows the picture of this moment."""
        if self._stops is not None and self:
            place = _place(self._times, seconds)
            if place == 0:
                return 0
            seconds = float(self._all[self._stops[place - 1] + 1])  # just past the key frame before
        return inside(seconds)

    def better_aim(self, wanted: float, start: float, end: float) -> int | None:
        """Qt showed the picture [start, end) before the wanted one: where to send it now; None if nothing can be done.

        It gives every picture of a variable-rate film the same length, so pictures overlap in its eyes: aim past the
        end of the one before.
        """
        place = _place(self._all, wanted)
        if not self or self._stops is not None or _place(self._all, start) >= place:
            return None
        return inside(float(self._all[place - 1]) + end - start)


def inside(seconds: float) -> int:
    """The first whole millisecond after a moment."""
    return math.floor(seconds * 1000 + 1e-6) + 1


def _place(times: Sequence[float], seconds: float) -> int:
    return max(bisect_right(times, seconds + _GRAIN_SECONDS) - 1, 0)
