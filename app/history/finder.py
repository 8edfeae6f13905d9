"""Looks at films on the disk, on a thread of its own: a drive that is slow or gone holds up nothing else."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.task import BESIDE, Pool, Task
from engine.cancel import CancelToken
from engine.errors import Cancelled

log = logging.getLogger(__name__)

_PATIENCE_MILLISECONDS = 300


class Finder(QObject):
    """Names what a film holds, and tells whether it is where it was."""

    named = Signal(object, str, str)  # what was asked about, its content, or "" and why not
    seen = Signal(object, bool)  # what was asked about, and whether its file is there

    def __init__(self, parent: QObject | None = None, *, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = Pool(threads=threads)  # one may hang on a drive that is gone
        self._cancel = CancelToken()

    def name(self, about: object, path: Path) -> None:
        """Ask for the content of a file; `named` answers."""
        self._pool.start(Task(lambda: self._name(about, path), nice=BESIDE))

    def look_for(self, about: object, path: Path) -> None:
        """Ask whether a file is there; `seen` answers."""
        self._pool.start(Task(lambda: self.seen.emit(about, _is_there(path)), nice=BESIDE))

    def shutdown(self) -> bool:
        """Give up what is asked. False if it did not end in time."""
        self._cancel.cancel()
        self._pool.clear()
        return self._pool.ended(_PATIENCE_MILLISECONDS, "a file was still being looked at")

    def _name(self, about: object, path: Path) -> None:
        from engine.fingerprint import content_hash

        try:
            content = content_hash(path, cancel=self._cancel)
        except Cancelled:
            return
        except OSError as error:
            self.named.emit(about, "", error.strerror or str(error))
            return
        self.named.emit(about, content, "")


def _is_there(path: Path) -> bool:
    """False also of a file nobody can get at: a drive that is gone, a folder that may not be entered."""
    try:
        return path.is_file()
    except OSError as error:
        log.info("%s cannot be looked at: %s", path, error)
        return False
