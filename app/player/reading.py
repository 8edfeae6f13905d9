"""Pictures that the engine reads, at the pace of a clock: a film and moments in, video frames out.

For films whose pictures Qt cannot decode. One thread reads; wishes and clock come from the window's thread.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame

from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError

if TYPE_CHECKING:
    from engine.ingest.video import Film
    from engine.records import Frame

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 1.0
_LATE_SECONDS = 0.1  # a picture so late is not shown
_HOPELESS_SECONDS = 1.5  # so far behind, reading goes on at the clock
_SOON_PICTURES = 24  # a picture so few ahead is reached faster by going on than by a seek
_KEPT_PICTURES = 3  # the next one is read before its time: who holds the film is one or two behind
_NAP_SECONDS = 0.02
_GRAIN = 0.001


@dataclass(frozen=True, slots=True)
class Pace:
    """A clock: at `since` (monotonic) it showed `seconds`, and runs `speed` times as fast; 0 stands still."""

    seconds: float = 0.0
    since: float = 0.0
    speed: float = 0.0

    def now(self) -> float:
        """What it shows."""
        return self.seconds + (time.monotonic() - self.since) * self.speed if self.speed else self.seconds

    def wait_for(self, seconds: float) -> float:
        """How long until it shows that; for ever if it stands still."""
        return (seconds - self.now()) / self.speed if self.speed else math.inf


class Reading(QObject):
    """Reads one film."""

    pictured = Signal(object, float, float)  # QVideoFrame, when it begins, when it ends
    failed = Signal(str)
    _made = Signal(int, object, float, float)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._changed = threading.Condition()
        self._wish, self._seconds, self._on = 0, 0.0, False  # `_wish` counts up: what is read for an older one is lost
        self._pace = Pace()
        self._closing = False
        self._stream: _Stream | None = None
        self._shape = 1.0  # width over height of a stored pixel, once the picture stands upright
        self._made.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)
        self._thread.start()

    def go(self, seconds: float, *, on: bool) -> None:
        """Show the picture of a moment; `on`: and those that follow, as `keep_pace` says."""
        with self._changed:
            self._wish, self._seconds, self._on = self._wish + 1, seconds, on
            self._pace = Pace(seconds)
            if self._stream is not None and not self._stream.is_near(seconds):
                self._stream.cancel()
            self._changed.notify_all()

    def keep_pace(self, pace: Pace) -> None:
        """The clock that pictures follow."""
        self._pace = pace

    def close(self) -> bool:
        """Stop and wait. False if reading did not end in time."""
        with self._changed:
            self._closing = True
            if self._stream is not None:
                self._stream.cancel()
            self._changed.notify_all()
        self._thread.join(_PATIENCE_SECONDS)
        return not self._thread.is_alive()

    # on the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        film, done = None, 0
        while (wish := self._next_wish(done)) is not None:
            done, seconds, on = wish
            try:
                if film is None:
                    film, self._shape = _open(self._path)
                self._follow(film, done, film.frame_at(seconds + _GRAIN), on=on)
            except Cancelled:
                log.debug("somebody wants another picture")
            except TempoError as error:
                self.failed.emit(error.message)
            except Exception:
                log.exception("no pictures of %s", self._path)
                self.failed.emit("The pictures of this film cannot be read.")
        if self._stream is not None:
            self._stream.close()

    def _next_wish(self, done: int) -> tuple[int, float, bool] | None:
        with self._changed:
            while self._wish == done and not self._closing:
                self._changed.wait()
            return None if self._closing else (self._wish, self._seconds, self._on)

    def _follow(self, film: Film, wish: int, number: int, *, on: bool) -> None:
        """Show a picture, and if `on` those after it, until the film ends or somebody wants others."""
        frame = self._read(film, number, wish)
        self._show(film, wish, number, frame)
        while on and number + 1 < len(film.seconds):
            number += 1
            late = -self._pace.wait_for(float(film.seconds[number]))
            if late > _HOPELESS_SECONDS:
                number = film.frame_at(self._pace.now())
            frame = self._read(film, number, wish)
            if not self._wait_for(frame.seconds, wish):
                return
            if late < _LATE_SECONDS or number + 1 == len(film.seconds):
                self._show(film, wish, number, frame)

    def _read(self, film: Film, number: int, wish: int) -> Frame:
        with self._changed:
            if self._wish != wish or self._closing:
                raise Cancelled
            stream = self._stream
            if stream is None or not stream.can_give(number):
                old, stream = stream, _Stream(film, number)
                self._stream = stream
            else:
                old = None
        if old is not None:
            old.close()
        return stream.give(number)

    def _show(self, film: Film, wish: int, number: int, frame: Frame) -> None:
        last = number + 1 == len(film.seconds)
        end = film.info.duration_seconds if last else float(film.seconds[number + 1])
        self._made.emit(wish, _video_frame(frame, end, self._shape), frame.seconds, end)

    def _wait_for(self, seconds: float, wish: int) -> bool:
        """True when the clock shows a moment; False if somebody wants another one first."""
        while self._wish == wish and not self._closing:
            left = self._pace.wait_for(seconds)
            if left <= 0:
                return True
            time.sleep(min(left, _NAP_SECONDS))
        return False

    # on the window's thread ---------------------------------------------------------------------------------------

    def _deliver(self, wish: int, frame: QVideoFrame, start: float, end: float) -> None:
        if wish == self._wish and not self._closing:
            self.pictured.emit(frame, start, end)


class _Stream:
    """Pictures in their order from one on. The last ones are kept: to hold there and go on costs nothing."""

    def __init__(self, film: Film, first: int) -> None:
        from engine.ingest.frames import read_frames
        from engine.ingest.sampling import SamplePlan

        moments = film.seconds[first:].tolist()
        plan = SamplePlan(tuple(range(first, first + len(moments))), tuple(moments), 1.0, moments[0], moments[-1])
        self._film, self._cancel = film, CancelToken()
        self._frames = read_frames(film, plan, cancel=self._cancel, for_people=True)
        self._next = first
        self._kept: deque[Frame] = deque(maxlen=_KEPT_PICTURES)  # the last of them is `_next` - 1

    def is_near(self, seconds: float) -> bool:
        """True if that picture comes soon without going anywhere."""
        return self.can_give(self._film.frame_at(seconds + _GRAIN))

    def can_give(self, number: int) -> bool:
        """True for the last pictures given and those soon after them."""
        return self._next - len(self._kept) <= number < self._next + _SOON_PICTURES and not self._cancel.cancelled

    def give(self, number: int) -> Frame:
        """Picture `number`. Raises `Cancelled` and what reading raises."""
        while self._next <= number:
            self._cancel.check()
            self._kept.append(next(self._frames))
            self._next += 1
        return self._kept[number - self._next]

    def cancel(self) -> None:
        """Stop reading, from any thread."""
        self._cancel.cancel()

    def close(self) -> None:
        """Let go of the file."""
        self._frames.close()


def _open(path: Path) -> tuple[Film, float]:
    from engine.ingest.video import film_stream, open_container, open_video

    film = open_video(path)
    with open_container(path) as container:
        stored = float(film_stream(path, container).sample_aspect_ratio or 1)
    return film, stored if film.info.rotation_degrees % 180 == 0 else 1 / stored


def _video_frame(frame: Frame, end: float, shape: float) -> QVideoFrame:
    import numpy as np

    height, width, _ = frame.picture.shape
    padded = np.empty((height, width, 4), np.uint8)  # what Qt paints without changing it once more
    padded[..., :3] = frame.picture
    padded[..., 3] = 255
    image = QImage(padded.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
    if shape != 1:
        image = image.scaled(round(width * shape), height)
    made = QVideoFrame(image)
    made.setStartTime(round(frame.seconds * 1e6))
    made.setEndTime(round(end * 1e6))
    return made
