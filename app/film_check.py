"""A file in, whether it is a film out, found without the engine: an answer is stopped only for one that is."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.task import Task
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError
from engine.events import Failed
from engine.surprises import in_plain_words

log = logging.getLogger(__name__)

_PATIENCE_MILLISECONDS = 300
_THREADS = 4  # one may hang on a drive that is gone
_UNFINISHED: list[QThreadPool] = []  # pools that may not be destroyed before the process ends


class FilmCheck(QObject):
    """Looks at one file at a time; the newest is the only one that counts."""

    ended = Signal(object, object)  # what was asked about; Failed, or None for a film

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()  # no parent: a pool that is destroyed waits for its task with the GIL in hand
        self._pool.setMaxThreadCount(_THREADS)
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
        stopped = self._pool.waitForDone(_PATIENCE_MILLISECONDS)
        if not stopped:
            log.warning("a film was still being looked at after %d ms", _PATIENCE_MILLISECONDS)
            _UNFINISHED.append(self._pool)
        return stopped

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
