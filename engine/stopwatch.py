"""Wall time of one question: what each stage took, and when something was seen for the first time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from engine.records import StageSeconds


class Stopwatch:
    """Runs from the moment it is made. Stages may be entered many times, but not inside one another."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._stages: defaultdict[str, float] = defaultdict(float)
        self._marks: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to stage `name`."""
        entered = perf_counter()
        try:
            yield
        finally:
            self._stages[name] += perf_counter() - entered

    def add(self, name: str, seconds: float) -> None:
        """Add time that a stage spent elsewhere, on another thread."""
        self._stages[name] += seconds

    def mark(self, name: str) -> None:
        """Remember when `name` happened first."""
        self._marks.setdefault(name, self.elapsed)

    @property
    def elapsed(self) -> float:
        """Seconds so far."""
        return perf_counter() - self._started

    def read_off(self) -> StageSeconds:
        """Return everything measured so far. A mark that was never reached counts as now."""
        total = self.elapsed
        return StageSeconds(
            read=self._stages["read"],
            index=self._stages["index"],
            compress=self._stages["compress"],
            first_score=self._marks.get("first_score", total),
            first_token=self._marks.get("first_token", total),
            total=total,
        )
