"""Wishes for pictures of the film in, small pictures out, read by the engine on a thread of their own.

The newest wish goes first: the pointer has long left the older ones. Never waits behind the model.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage

from app.player.pictures import UNINDEXED
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError

if TYPE_CHECKING:
    from engine.ingest.video import Film

log = logging.getLogger(__name__)

_WIDTH = 416  # the hover card's picture on a doubled screen
_KEPT = 256
_PATIENCE_MILLISECONDS = 600
_UNFINISHED: list[QThreadPool] = []  # pools that may not be destroyed before the process ends


class Thumbnails(QObject):
    """Reads pictures at moments of one film."""

    ready = Signal(float, QImage)
    times_known = Signal(object, object)  # the moment of every picture; the pictures a seek can reach, None for all
    _made = Signal(str, float, QImage)
    _opened = Signal(str, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()  # no parent: a pool that is destroyed waits for its task with the GIL in hand
        self._pool.setMaxThreadCount(1)
        self._lock = Lock()
        self._cancel = CancelToken()
        self._wanted: list[float] = []
        self._path: Path | None = None
        self._film: Film | None = None
        self._kept: dict[float, QImage] = {}
        self._made.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        self._opened.connect(self._tell_times, Qt.ConnectionType.QueuedConnection)

    def set_film(self, path: Path | None) -> None:
        """Another film, or none; old wishes are forgotten."""
        with self._lock:
            self._wanted.clear()
            self._path, self._film = path, None
            self._cancel.cancel()  # opening a long film takes seconds
            self._cancel = CancelToken()
        self._kept.clear()
        if path is not None:
            self._pool.start(_Task(self))

    def want(self, seconds: float) -> None:
        """Ask for the picture at a moment; `ready` answers."""
        if seconds in self._kept:
            self.ready.emit(seconds, self._kept[seconds])
            return
        with self._lock:
            if seconds in self._wanted:
                self._wanted.remove(seconds)
            self._wanted.append(seconds)
        self._pool.start(_Task(self))

    def shutdown(self) -> bool:
        """Forget all wishes and wait for the one at work. False if it did not end in time."""
        self.set_film(None)
        self._pool.clear()
        stopped = self._pool.waitForDone(_PATIENCE_MILLISECONDS)
        if not stopped:
            log.warning("a picture was still being read after %d ms", _PATIENCE_MILLISECONDS)
            _UNFINISHED.append(self._pool)
        return stopped

    def read_one(self) -> None:
        """On the pool's thread: the newest wish."""
        with self._lock:
            path, film, cancel = self._path, self._film, self._cancel
            seconds = self._wanted.pop() if self._wanted else None
        try:
            if film is None and path is not None:
                film = self._open(path, cancel)
            if film is not None and seconds is not None:
                self._made.emit(str(path), seconds, _picture(film, seconds))
        except Cancelled:
            log.debug("another film was opened")
        except TempoError as error:
            log.warning("no picture of %s: %s", path, error.message)
        except Exception:
            log.exception("no picture of %s", path)

    def _open(self, path: Path, cancel: CancelToken) -> Film:
        from engine.ingest.video import open_video

        film = open_video(path, cancel=cancel)
        with self._lock:
            if path == self._path:
                self._film = film
        self._opened.emit(str(path), film.seconds, _stops(film))
        return film

    def _tell_times(self, path: str, times: object, stops: object) -> None:
        if self._path is not None and path == str(self._path):
            self.times_known.emit(times, stops)

    def _keep(self, path: str, seconds: float, picture: QImage) -> None:
        if self._path is None or path != str(self._path):
            return
        if len(self._kept) >= _KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[seconds] = picture
        self.ready.emit(seconds, picture)


def _stops(film: Film) -> Sequence[int] | None:
    """The pictures a player's seek can reach: all, or the key frames where the container has no index."""
    from engine.ingest.video import open_container

    with open_container(film.info.path) as container:
        unindexed = container.format.name in UNINDEXED
    return film.keyframes.tolist() if unindexed and len(film.keyframes) < len(film.seconds) else None


def _picture(film: Film, seconds: float) -> QImage:
    from engine.ingest.frames import read_frame_at

    picture = read_frame_at(film, seconds).picture  # [height, width, 3]
    height, width, _ = picture.shape
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    return image.scaledToWidth(min(_WIDTH, width), Qt.TransformationMode.SmoothTransformation)


class _Task(QRunnable):
    def __init__(self, owner: Thumbnails) -> None:
        super().__init__()
        self._owner = owner

    def run(self) -> None:
        self._owner.read_one()
