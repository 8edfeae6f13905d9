"""One flag, shared between whoever asks and whoever works."""

from __future__ import annotations

from threading import Event

from engine.errors import Cancelled


class CancelToken:
    """Set once from any thread; the worker calls `check` wherever it may stop."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        """Ask the work that holds this token to stop."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if somebody asked to stop."""
        if self._event.is_set():
            raise Cancelled
