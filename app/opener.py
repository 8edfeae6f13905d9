"""Wishes for films in, one film at a time to the bridge: what is on its way, how far it is, and how to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.film_check import FilmCheck
from app.opening import Opening
from engine.events import Failed

if TYPE_CHECKING:
    from app.bridge import Bridge
    from app.main_window import MainWindow


class Opener(QObject):
    """While an answer runs a file is looked at first: only one that is a film ends it. The newest wish counts."""

    begun = Signal()  # the next film is about to go to the engine, in place of what that does
    failed = Signal(object)  # Failed: why a film was not opened

    def __init__(self, window: MainWindow, bridge: Bridge) -> None:
        super().__init__(window)
        self._window, self._bridge = window, bridge
        self._looked_at: Opening | None = None
        self._opening: Opening | None = None
        self._check = FilmCheck(self)
        self._check.ended.connect(self._on_checked)

    @property
    def opening(self) -> bool:
        """True while the engine opens a film."""
        return self._opening is not None

    def open(self, opening: Opening, *, answering: bool) -> None:
        """Open a film; with `answering`, once it is known to be one."""
        self._window.opening.begin(opening.path.name)
        if answering:
            self._looked_at = opening
            self._check.begin(opening, opening.path)
        else:
            self._begin(opening)

    def end(self, failed: Failed | None = None) -> Opening | None:
        """The film is open, or will not be; returns what was opened and what should follow."""
        opening, self._opening = self._opening, None
        self._window.opening.end()
        if failed is not None:
            self.failed.emit(failed)
        return opening

    def stop(self) -> bool:
        """Stop opening. False if nothing is being opened that was not stopped yet."""
        if self._looked_at is not None:
            self._looked_at = None
            self._check.stop()
            self._window.opening.end()
        elif self._opening is not None and not self._bridge.stopping:
            self._window.opening.say_stopping()
            self._bridge.cancel()
        else:
            return False
        return True

    def shutdown(self) -> bool:
        """Wait for the file that is looked at. False if that did not end in time."""
        return self._check.shutdown()

    def _on_checked(self, opening: Opening, failed: Failed | None) -> None:
        if opening is not self._looked_at:
            return
        if failed is None:
            self._begin(opening)
        else:
            self._looked_at = None
            self.end(failed)

    def _begin(self, opening: Opening) -> None:
        self._check.stop()
        self.begun.emit()
        self._opening, self._looked_at = opening, None
        self._bridge.open(opening.path)
