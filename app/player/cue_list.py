"""Cues in, what is read at a moment and where the next one begins out. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from engine.ingest.cues import Cue

_GRAIN_SECONDS = 0.002  # pictures and cues are counted in milliseconds


class CueList:
    """The cues of one track, in order of time; more may come while they are read."""

    def __init__(self, cues: Iterable[Cue] = ()) -> None:
        self._cues: list[Cue] = []
        self._starts: list[float] = []
        self._longest = 0.0
        self.add(cues)

    def __len__(self) -> int:
        return len(self._cues)

    def add(self, cues: Iterable[Cue]) -> None:
        """More of them."""
        more = list(cues)
        self._cues = sorted([*self._cues, *more], key=lambda cue: (cue.start_seconds, cue.end_seconds))
        self._starts = [cue.start_seconds for cue in self._cues]
        self._longest = max([self._longest, *(cue.end_seconds - cue.start_seconds for cue in more)])

    def at(self, seconds: float) -> tuple[Cue, ...]:
        """What is read at a moment, each text once, the earliest first."""
        first = bisect_left(self._starts, seconds - self._longest)
        last = bisect_right(self._starts, seconds + _GRAIN_SECONDS)
        shown = (cue for cue in self._cues[first:last] if seconds < cue.end_seconds - _GRAIN_SECONDS)
        return tuple({(cue.text, cue.place): cue for cue in shown}.values())

    def beside(self, seconds: float, steps: int) -> float | None:
        """Where the next cue begins, or the one before; None if there is none."""
        if steps > 0:
            place = bisect_right(self._starts, seconds + _GRAIN_SECONDS)
            return self._starts[place] if place < len(self._starts) else None
        place = bisect_left(self._starts, seconds - _GRAIN_SECONDS) - 1
        return self._starts[place] if place >= 0 else None
