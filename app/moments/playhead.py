"""Where the film is, and where it will be in a moment: keys pressed in a row go on from where the last one leads."""

from __future__ import annotations

import time

from app.moments.moments import SAME_PLACE

_BELIEVED_SECONDS = 1.0  # a seek may take that long


class Playhead:
    """The moment on screen, or the one a seek is on its way to."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._target: float | None = None
        self._until = 0.0

    @property
    def shown(self) -> float:
        """The moment on screen."""
        return self._seconds

    @property
    def seconds(self) -> float:
        """Where to go on from."""
        believed = self._target is not None and time.monotonic() < self._until
        return self._target if believed and self._target is not None else self._seconds

    def move(self, seconds: float) -> None:
        """The player is there now."""
        self._seconds = seconds
        if self._target is not None and abs(seconds - self._target) <= SAME_PLACE:
            self._target = None

    def send(self, seconds: float) -> None:
        """The player was asked to go there."""
        self._target, self._until = seconds, time.monotonic() + _BELIEVED_SECONDS

    def reset(self) -> None:
        """Another film."""
        self._seconds, self._target = 0.0, None
