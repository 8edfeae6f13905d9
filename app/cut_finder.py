"""A film in, its shot cuts out as they are found: on a thread of its own that yields to everything else.

It works at the lowest priority the system knows and rests while a question is answered. What it finds stays in memory.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, Qt, QThread, QThreadPool, Signal

from app.timeline.content import Cuts
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError

if TYPE_CHECKING:
    from engine.ingest.video import Film

log = logging.getLogger(__name__)

_TELL_SECONDS = 0.25  # between two words about it
_PATIENCE_MILLISECONDS = 600
_UNFINISHED: list[QThreadPool] = []  # pools that may not be destroyed before the process ends


class CutFinder(QObject):
    """Searches one film at a time."""

    changed = Signal(object)  # app.timeline.content.Cuts
    _told = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._pool.setThreadPriority(QThread.Priority.LowestPriority)
        self._number = 0  # of the search, so that nothing of the one before arrives late
        self._film: Film | None = None
        self._wanted, self._begun = True, False
        self._cancel = CancelToken()
        self._free = threading.Event()
        self._free.set()
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def set_film(self, film: Film | None) -> None:
        """Search another film, or none."""
        self._stop()
        self._film = film
        self.changed.emit(Cuts())
        self._begin()

    def set_wanted(self, wanted: bool) -> None:
        """Whether anybody looks; a search under way goes on to its end."""
        self._wanted = wanted
        self._begin()

    def rest(self, resting: bool) -> None:
        """Rest while something more urgent is computed."""
        self._free.clear() if resting else self._free.set()

    def shutdown(self) -> bool:
        """End the search. False if it did not end in time."""
        self._stop()
        stopped = self._pool.waitForDone(_PATIENCE_MILLISECONDS)
        if not stopped:
            log.warning("cuts were still being looked for after %d ms", _PATIENCE_MILLISECONDS)
            _UNFINISHED.append(self._pool)
        return stopped

    def _stop(self) -> None:
        self._number += 1
        self._begun = False
        self._cancel.cancel()
        self._cancel = CancelToken()

    def _begin(self) -> None:
        if self._wanted and not self._begun and self._film is not None:
            self._begun = True
            self.changed.emit(Cuts(searching=True))
            self._pool.start(_Task(self, self._film, self._number, self._cancel))

    def _tell(self, number: int, cuts: Cuts) -> None:
        if number == self._number:
            self.changed.emit(cuts)

    def search(self, film: Film, number: int, cancel: CancelToken) -> None:
        """On the pool's thread: from the beginning to the end."""
        yield_to_others()
        try:
            self._search(film, number, cancel)
        except Cancelled:
            log.debug("the search for cuts was ended")
        except TempoError as error:
            log.warning("no cuts of %s: %s", film.info.path, error.message)
            self._told.emit(number, Cuts(trouble=f"Cuts cannot be looked for: {error.message}"))
        except Exception:
            log.exception("no cuts of %s", film.info.path)
            self._told.emit(number, Cuts(trouble="Cuts could not be looked for in this film"))

    def _search(self, film: Film, number: int, cancel: CancelToken) -> None:
        from engine.ingest.cuts import find_cuts

        seconds: list[float] = []
        duration, told = max(film.info.duration_seconds, 1e-6), time.monotonic()
        for found in find_cuts(film, cancel=cancel):
            seconds += found.cuts
            if time.monotonic() - told >= _TELL_SECONDS:
                told = time.monotonic()
                self._told.emit(number, Cuts(tuple(seconds), True, min(found.seconds / duration, 1.0)))
            while not self._free.wait(0.05):
                cancel.check()
        self._told.emit(number, Cuts(tuple(seconds), share=1.0))


def yield_to_others() -> None:
    """Give this thread, and those it starts, the lowest priority. Qt cannot do it on Linux, where each has its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class _Task(QRunnable):
    def __init__(self, finder: CutFinder, film: Film, number: int, cancel: CancelToken) -> None:
        super().__init__()
        self._finder, self._film, self._number, self._cancel = finder, film, number, cancel

    def run(self) -> None:
        self._finder.search(self._film, self._number, self._cancel)
