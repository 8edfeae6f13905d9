"""Wishes for pictures of the film in, small pictures out, read by the engine on threads of their own.

A wish for a moment gets the very picture that a seek to that moment shows. Two lines stand side by side: glances, of
which only the newest counts and a newer one ends the reading for the one before, and all other wishes, newest first.
Neither waits behind the model.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.player.pictures import UNINDEXED, Pictures
from app.task import BESIDE, Pool, Task
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError

if TYPE_CHECKING:
    from engine.ingest.video import Film

log = logging.getLogger(__name__)

_WIDTH = 416  # the hover card's picture on a doubled screen
_KEPT = 256
_FAR = 12  # pictures: an exact one further from its key frame takes long enough to show the key frame meanwhile
_PATIENCE_MILLISECONDS = 600


class Thumbnails(QObject):
    """Reads pictures at moments of one film."""

    ready = Signal(float, QImage)
    rough = Signal(float, QImage)  # the key frame before a moment glanced at; `ready` follows
    times_known = Signal(object, object, object)  # the moment of every picture; which a seek can reach, None for all;
    # which decode without others
    film_known = Signal(object)  # engine.ingest.video.Film
    _made = Signal(int, float, int, QImage, bool)
    _opened = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = Pool(threads=2)
        self._lock, self._opening = Lock(), Lock()
        self._number = 0  # of the film, so that nothing of the one before arrives late
        self._cancel, self._no_glance = CancelToken(), CancelToken()
        self._wanted: list[float] = []
        self._glanced: float | None = None
        self._path: Path | None = None
        self._film: Film | None = None
        self._pictures = Pictures()
        self._kept: dict[int, QImage] = {}  # by number of the picture, the last one used at the end
        self._made.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        self._opened.connect(self._tell_times, Qt.ConnectionType.QueuedConnection)

    def set_film(self, path: Path | None) -> None:
        """Another film, or none; old wishes are forgotten."""
        with self._lock:
            self._number += 1
            self._wanted.clear()
            self._path, self._film, self._pictures, self._glanced = path, None, Pictures(), None
            for token in (self._cancel, self._no_glance):  # opening a long film takes seconds
                token.cancel()
            self._cancel = CancelToken()
        self._kept.clear()
        if path is not None:
            self._pool.start(Task(self.read_wish, nice=BESIDE))

    def want(self, seconds: float) -> None:
        """Ask for the picture at a moment; `ready` answers."""
        if not self._tell_kept(seconds):
            with self._lock:
                if seconds in self._wanted:
                    self._wanted.remove(seconds)
                self._wanted.append(seconds)
            self._pool.start(Task(self.read_wish, nice=BESIDE))

    def glance(self, seconds: float) -> None:
        """Ask for the picture at a moment in place of the one glanced at before."""
        with self._lock:
            self._no_glance.cancel()
            self._no_glance = CancelToken()
            self._glanced = None if self._is_kept(seconds) else seconds
        if not self._tell_kept(seconds):
            self._pool.start(Task(self.read_glance, nice=BESIDE), 1)  # before wishes that wait

    def shutdown(self) -> bool:
        """Forget all wishes and wait for those at work. False if they did not end in time."""
        self.set_film(None)
        self._pool.clear()
        return self._pool.ended(_PATIENCE_MILLISECONDS, "a picture was still being read")

    # on the pool's threads ----------------------------------------------------------------------------------------

    def read_wish(self) -> None:
        """The newest wish."""
        if (film := self._ready_film()) is None:
            return
        with self._lock:
            seconds = self._wanted.pop() if self._wanted else None
            number, cancel, pictures = self._number, self._cancel, self._pictures
        if seconds is not None:
            self._read(film, pictures, number, seconds, cancel)

    def read_glance(self) -> None:
        """What is glanced at now: roughly if it takes long, then exactly."""
        if (film := self._ready_film()) is None:
            return
        with self._lock:
            seconds, self._glanced = self._glanced, None
            number, cancel, pictures = self._number, self._no_glance, self._pictures
        if seconds is None:
            return
        moment = pictures.at(seconds)
        place = film.frame_at(moment)
        key = int(max((key for key in film.keyframes if key <= place), default=place))
        if place - key > _FAR:
            self._read(film, pictures, number, seconds, cancel, instead=float(film.seconds[key]))
        self._read(film, pictures, number, seconds, cancel)

    def _read(
        self, film: Film, pictures: Pictures, number: int, seconds: float, cancel: CancelToken,
        *, instead: float | None = None,
    ) -> None:  # fmt: skip
        """Read the picture that a seek to `seconds` shows, or the one at another moment in its stead."""
        moment = pictures.at(seconds) if instead is None else instead

        def read() -> None:
            cancel.check()
            picture = _picture(film, moment, cancel)
            self._made.emit(number, seconds, film.frame_at(moment), picture, instead is None)

        _tell_trouble(film.info.path, read)

    def _ready_film(self) -> Film | None:
        """The film, opened by whoever needs it first."""
        with self._opening:
            with self._lock:
                path, film, cancel, number = self._path, self._film, self._cancel, self._number
            if film is None and path is not None:
                _tell_trouble(path, lambda: self._open(path, cancel, number))
        with self._lock:
            return self._film

    def _open(self, path: Path, cancel: CancelToken, number: int) -> None:
        from engine.ingest.video import open_video

        film = open_video(path, cancel=cancel)
        stops = _stops(film)
        with self._lock:
            if number != self._number:
                return
            self._film, self._pictures = film, Pictures(film.seconds, stops)
        self._opened.emit(number, film, stops)

    # on the window's thread ---------------------------------------------------------------------------------------

    def _tell_times(self, number: int, film: Film, stops: object) -> None:
        if number == self._number:
            self.times_known.emit(film.seconds, stops, film.keyframes)
            self.film_known.emit(film)

    def _keep(self, number: int, seconds: float, place: int, picture: QImage, exact: bool) -> None:
        if number != self._number:
            return
        self._kept.pop(place, None)
        self._kept[place] = picture
        if len(self._kept) > _KEPT:
            self._kept.pop(next(iter(self._kept)))
        (self.ready if exact else self.rough).emit(seconds, picture)

    def _place(self, seconds: float) -> int | None:
        film = self._film
        return None if film is None else film.frame_at(self._pictures.at(seconds))

    def _is_kept(self, seconds: float) -> bool:
        return self._place(seconds) in self._kept

    def _tell_kept(self, seconds: float) -> bool:
        place = self._place(seconds)
        if place is None or place not in self._kept:
            return False
        self._kept[place] = picture = self._kept.pop(place)
        self.ready.emit(seconds, picture)
        return True


def _tell_trouble(path: Path, work: Callable[[], None]) -> None:
    """Do it; what goes wrong is no more than a picture that does not come."""
    try:
        work()
    except Cancelled:
        log.debug("nobody waits for it any more")
    except TempoError as error:
        log.warning("no picture of %s: %s", path, error.message)
    except Exception:
        log.exception("no picture of %s", path)


def _stops(film: Film) -> Sequence[int] | None:
    """The pictures a player's seek can reach: all, or the key frames where the container has no index."""
    from engine.ingest.video import open_container

    with open_container(film.info.path) as container:
        unindexed = container.format.name in UNINDEXED
    return film.keyframes.tolist() if unindexed and len(film.keyframes) < len(film.seconds) else None


def _picture(film: Film, moment: float, cancel: CancelToken) -> QImage:
    from engine.ingest.frames import read_frame_at

    picture = read_frame_at(film, moment, cancel=cancel, for_people=True).picture  # [height, width, 3]
    height, width, _ = picture.shape
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    return image.scaledToWidth(min(_WIDTH, width), Qt.TransformationMode.SmoothTransformation)
