"""A file in, whether it is a film out, found without the engine: an answer is stopped only for one that is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.task import Pool, Task
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError
from engine.events import Failed
from engine.surprises import in_plain_words

_PATIENCE_MILLISECONDS = 300
_THREADS = 4  # one may hang on a drive that is gone


class FilmCheck(QObject):
    """Looks at one file at a time; the newest is the only one that counts."""

    ended = Signal(object, object)  # what was asked about; Failed, or None for a film

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = Pool(threads=_THREADS)
        self._cancel = CancelToken()

    def begin(self, about: object, path: Path) -> None:
        """Look at a file; `ended` answers."""
        self.stop()
        self._cancel = CancelToken()
        self._pool.start(Task(partial(self._look, about, path, self._cancel)))

    def stop(self) -> None:
        """Give up what is looked at; no answer comes."""
        self._cancel.cancel()

    def shutdown(self) -> bool:
        """Give up and wait. False if it did not end in time."""
        self.stop()
        self._pool.clear()
        return self._pool.ended(_PATIENCE_MILLISECONDS, "a film was still being looked at")

    def _look(self, about: object, path: Path, cancel: CancelToken) -> None:
        from engine.ingest.video import check_video

        failed = None
        try:
            with in_plain_words():
                check_video(path, cancel=cancel)
        except Cancelled:
            return
        except TempoError as error:
            failed = Failed(error.message, error.advice)
        if not cancel.cancelled:
            self.ended.emit(about, failed)
