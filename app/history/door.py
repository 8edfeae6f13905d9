"""Between Qt and the writer's thread: wishes go in, what was read and what went wrong come out on the GUI thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from app.history.trouble import Trouble
from app.history.writer import Read, Write, Writer

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 1.7  # from `close` on; others end meanwhile, and a disk that is busy may take its time
_LEAST_SECONDS = 0.2


class Door(QObject):
    """Owns the writer."""

    said = Signal(str, str, bool)  # message, advice, good news
    _arrived = Signal(object, object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trouble: Trouble | None = None
        self._closed_at = 0.0
        self._arrived.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        self._writer = Writer(
            folder,
            lambda trouble: self._arrived.emit(self._on_trouble, trouble),
            lambda note: self._arrived.emit(self._on_note, note),
        )
        self._writer.start()

    def ask(self, look: Callable[..., object], then: Callable[..., object], otherwise: object = None) -> None:
        """Let `look` read; `then` gets what it found, or `otherwise` where nothing can be read."""
        self._writer.put(Read(look, lambda found: self._arrived.emit(then, found), otherwise))

    def put(self, name: str, apply: Callable[..., object], *, film: str = "") -> None:
        """Let `apply` write; a later one of the same name may take its place."""
        self._writer.put(Write(name, apply, film=film))

    def wipe(self, apply: Callable[..., object], *, film: str) -> None:
        """Let `apply` delete what is kept of a film, or with "" of all."""
        self._writer.put(Write(f"wipe {film}", apply, forgets=film, wipes=True))

    def close(self) -> None:
        """No more wishes: write what waits."""
        self._closed_at = time.monotonic()
        self._writer.finish()

    def shutdown(self) -> bool:
        """Wait for the end. False if it did not come in time."""
        left = self._closed_at + _PATIENCE_SECONDS - time.monotonic()
        self._writer.join(max(left, _LEAST_SECONDS))
        if self._writer.is_alive():
            log.warning("the history was still being written %.1f s after the end", time.monotonic() - self._closed_at)
        return not self._writer.is_alive()

    def _hand_over(self, then: Callable[..., object], found: object) -> None:
        then(found)

    def say_trouble(self) -> None:
        """Say again, if it is so, that nothing is being saved: another message may have hidden it."""
        if self._trouble is not None:
            self.said.emit(self._trouble.message, self._trouble.advice, False)

    def _on_trouble(self, trouble: Trouble | None) -> None:
        self._trouble = trouble
        if trouble is None:
            self.said.emit("Questions and answers are saved again.", "", True)
        self.say_trouble()

    def _on_note(self, note: str) -> None:
        self.said.emit(note, "", False)
