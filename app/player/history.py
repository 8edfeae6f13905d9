"""Seeks in, ways back out. Pure."""

from __future__ import annotations

_DEPTH = 200
_ONE_MOVE_SECONDS = 2.0  # steps that follow one another so fast are one move, as in mpv
_SAME_SECONDS = 0.005


class History:
    """Where seeks began, to undo and redo them."""

    def __init__(self) -> None:
        self._back: list[float] = []
        self._on: list[float] = []
        self._stepped_at = float("-inf")

    def note(self, seconds: float, *, now: float, stepping: bool = False) -> None:
        """A seek begins at this moment of the film. `now` is any clock; `stepping`: one of a row of small ones."""
        same_move = stepping and now - self._stepped_at < _ONE_MOVE_SECONDS
        self._stepped_at = now if stepping else float("-inf")
        if same_move:
            return
        self._on.clear()
        if not self._back or abs(self._back[-1] - seconds) > _SAME_SECONDS:
            self._back.append(seconds)
            del self._back[:-_DEPTH]

    def undo(self, seconds: float) -> float | None:
        """Where the last seek began, given where one is; None if there was none."""
        return self._move(self._back, self._on, seconds)

    def redo(self, seconds: float) -> float | None:
        """Where one was before `undo`."""
        return self._move(self._on, self._back, seconds)

    def _move(self, source: list[float], target: list[float], seconds: float) -> float | None:
        self._stepped_at = float("-inf")
        if not source:
            return None
        target.append(seconds)
        return source.pop()
