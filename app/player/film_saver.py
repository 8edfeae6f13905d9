"""What files made of a film have in common: the film, read anew by the engine, and a thread that writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.saving import Saver
from engine.cancel import CancelToken

if TYPE_CHECKING:
    from engine.ingest.video import Film


class FilmSaver(QObject):
    """Of one film."""

    patience_milliseconds = 600
    said = Signal(str, bool)  # what to tell the person, and whether it is good news

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._path: Path | None = None
        self._film: Film | None = None
        self._cancel = CancelToken()
        self._saver = Saver(self)
        self._saver.said.connect(self.said)

    def set_film(self, path: Path | None) -> None:
        """Another film, or none; files of the one before are still written."""
        self._path, self._film = path, None

    def know(self, film: Film) -> None:
        """Somebody has opened it already, which takes seconds for a long film."""
        if film.info.path == self._path:
            self._film = film

    def shutdown(self) -> bool:
        """Wait for what is being read and written; what takes long is given up. False if it did not end in time."""
        self._saver.wait(self.patience_milliseconds)
        self._cancel.cancel()
        return self._saver.shutdown(self.patience_milliseconds)
