"""Small pictures one after the other in, those at which something new begins at once out. Pure.

A step is far greater than the differences around it, and is not undone right after, as a flash is. Dissolves and fades
are none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Small = npt.NDArray[np.int16]  # [18, 32, 3] RGB

STEP = 9.0  # levels of 255: the least difference that makes a step
STANDS_OUT = 2.0  # times the greatest difference around it
LASTS = 0.6  # of the step is still there `AROUND` pictures later
AROUND = 3  # pictures on either side that a step is compared with


def difference(first: Small, second: Small) -> float:
    """Mean difference in levels of 255."""
    return float(np.abs(first - second).mean())


def steps(pictures: Iterable[tuple[int, Small]]) -> Iterator[tuple[int, bool]]:
    """For every picture but the first, in order, whether something new begins with it."""
    window: deque[tuple[int, Small]] = deque(maxlen=2 * AROUND + 2)
    change: deque[float] = deque(maxlen=2 * AROUND + 1)  # to each picture of the window from the one before
    padded = 0
    stream = iter(pictures)
    while True:
        following = next(stream, None)
        if following is None:
            padded += 1
            if padded > AROUND or not window:
                return
            following = window[-1]
        if window:
            change.append(difference(window[-1][1], following[1]))
        window.append(following)
        if len(change) > AROUND:
            yield _judged(window, change)


def _judged(window: deque[tuple[int, Small]], change: deque[float]) -> tuple[int, bool]:
    """The picture `AROUND` before the newest, and whether it is a step."""
    middle = len(change) - 1 - AROUND
    step = change[middle]
    others = max((value for at, value in enumerate(change) if at != middle), default=0.0)
    number, before = window[middle + 1][0], window[middle][1]
    stands_out = step >= max(STEP, STANDS_OUT * others)
    return number, stands_out and difference(before, window[-1][1]) >= LASTS * step
