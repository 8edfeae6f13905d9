"""A projector that does not leave the screen black: where Qt shows no picture of a film, the engine reads them.

Qt still gives the sound. Its players decode AV1 on graphics cards only, for instance, and say nothing about it.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame

from app.player.pictures import Pictures
from app.player.projector import Projector
from app.player.reading import Pace, Reading
from engine.records import VideoInfo

log = logging.getLogger(__name__)

_FIRST_PICTURE_MILLISECONDS = 2500
_DOUBTFUL = {"av1": 700}  # codecs that Qt often has no decoder for: not waited for so long
_NAMES = {"av1": "AV1", "hevc": "H.265", "h264": "H.264", "vvc": "H.266", "prores": "ProRes", "vp9": "VP9"}
_MISSED_SECONDS = 3.0  # so long after the next picture was due Qt has lost its decoder
_DRIFT_SECONDS, _LOST_SECONDS = 0.04, 2.0  # between sound and pictures: set right; not believed
_TICK_MILLISECONDS = 200
_UNFINISHED: list[Reading] = []  # threads that still read: kept until the process ends


class StandbyProjector(Projector):
    """Qt's player, and the engine's pictures in its stead."""

    noted = Signal(str)
    stood_in = Signal()  # from here on every picture can be reached

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._codec = ""
        self._reading: Reading | None = None
        self._pace = Pace()
        self._length, self._speed = 0.0, 1.0
        self._running = self._told_damage = False
        self._shown = 0.0  # when the picture on screen began
        self._doubt = QTimer(self, singleShot=True)
        self._doubt.timeout.connect(self._stand_in)
        self._sync = QTimer(self, interval=_TICK_MILLISECONDS)
        self._sync.timeout.connect(self._watch)
        self.loaded.connect(self._expect_picture)
        self.pictured.connect(self._on_pictured)

    @property
    def standing_in(self) -> bool:
        """True while the engine's pictures are shown."""
        return self._reading is not None

    @property
    def playing(self) -> bool:
        """True while the film runs."""
        return self._running if self.standing_in else super().playing

    @property
    def position(self) -> float:
        """Where the sound is, or the clock without it."""
        return self._pace.now() if self.standing_in else super().position

    def expect(self, video: VideoInfo) -> None:
        """The engine can read this film: then its pictures shall be seen."""
        self._codec, self._length = video.codec, video.duration_seconds

    def load(self, path: Path | None) -> None:
        """Open a film, held at its first picture; None lets go of it."""
        self.shutdown()
        self._path, self._codec, self._told_damage = path, "", False
        super().load(path)

    def shutdown(self) -> bool:
        """Stop reading. False if that did not end in time."""
        self._doubt.stop()
        self._sync.stop()
        reading, self._reading, self._running = self._reading, None, False
        if reading is None:
            return True
        stopped = reading.close()
        if stopped:
            reading.deleteLater()
        else:
            log.warning("pictures of %s were still being read", self._path)
            _UNFINISHED.append(reading)
        return stopped

    def know(self, pictures: Pictures) -> bool:
        """The moments of the film's pictures; the engine's clock is the one that counts."""
        differs = super().know(pictures)
        if not self.standing_in:
            return differs
        self._skew = 0.0
        return False

    def play(self) -> None:
        """Run."""
        if self.standing_in:
            self._go(self._pace.now(), running=True)
        else:
            super().play()

    def pause(self) -> None:
        """Hold."""
        super().pause()
        if self.standing_in and self._running:
            self._go(self._pace.now(), running=False)

    def show(self, seconds: float) -> None:
        """Go to the picture of a moment, exactly."""
        super().show(seconds)
        if self.standing_in:
            self._go(seconds, running=self._running)

    def set_speed(self, factor: float) -> None:
        """Play faster or slower."""
        super().set_speed(factor)
        self._speed = factor
        if self._pace.speed and self._reading is not None:
            self._set_pace(Pace(self._pace.now(), time.monotonic(), factor))

    def _expect_picture(self) -> None:
        self._sync.start()
        if self._codec and self._first is None:
            self._doubt.start(_DOUBTFUL.get(self._codec, _FIRST_PICTURE_MILLISECONDS))

    def _on_pictured(self, frame: QVideoFrame, start: float, end: float) -> None:
        self._doubt.stop()
        self._shown = start

    def _watch(self) -> None:
        """While Qt plays, pictures must come; while the engine reads, they follow the sound and end with the film."""
        if self.standing_in:
            self._keep_pace()
        elif super().playing and self._known:
            due = self._known.end(self._shown, otherwise=self._length)
            if super().position - self._skew > due + _MISSED_SECONDS:
                self._stand_in()

    def _stand_in(self) -> None:
        """Qt shows nothing: read the pictures from here on."""
        if self._path is None or self.standing_in or not self._codec:
            return
        log.warning("no picture of %s from Qt: the engine reads them", self._path)
        running, at = super().playing, super().position
        self.leave_pictures()
        self._reading = Reading(self._path, self)
        self._reading.pictured.connect(self._on_read)
        self._reading.failed.connect(self.failed)
        self._go(at if running else 0.0, running=running)
        self.stood_in.emit()
        name = _NAMES.get(self._codec, self._codec)
        self.noted.emit(f"The player cannot show {name} pictures here: the program reads them itself, which is slower.")

    def _go(self, seconds: float, *, running: bool) -> None:
        """Clock and sound wait for the picture."""
        changed, self._running = running != self._running, running
        self._pace = Pace(seconds)
        super().pause()
        if self._reading is not None:
            self._reading.go(seconds, on=running)
        if changed:
            self.playing_changed.emit(running)

    def _on_read(self, frame: QVideoFrame, start: float, end: float) -> None:
        if self._running and not self._pace.speed:
            super().play()
            self._set_pace(Pace(self._pace.seconds, time.monotonic(), self._speed))
        self.pictured.emit(frame, start, end)

    def _set_pace(self, pace: Pace) -> None:
        self._pace = pace
        if self._reading is not None:
            self._reading.keep_pace(pace)

    def _keep_pace(self) -> None:
        if not self._pace.speed:
            return
        if self._pace.now() >= self._length:
            self._go(self._length, running=False)
            super().pause()
            self.ended.emit()
        elif super().playing and self._player.hasAudio():
            apart = super().position - self._pace.now()
            if _DRIFT_SECONDS < abs(apart) < _LOST_SECONDS:
                self._set_pace(Pace(super().position, time.monotonic(), self._speed))

    def _on_state(self, state: QMediaPlayer.PlaybackState) -> None:
        if not self.standing_in:
            super()._on_state(state)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if not self.standing_in:
            super()._on_status(status)

    def _on_error(self, error: QMediaPlayer.Error, text: str) -> None:
        """What Qt cannot do, the engine may."""
        if error == QMediaPlayer.Error.NoError or self.standing_in:
            return
        if self._codec and self._first is None:
            self._stand_in()
        elif self._codec and error == QMediaPlayer.Error.FormatError:  # some packets; it plays on
            if not self._told_damage:
                self._told_damage = True
                self.noted.emit("Parts of this film are damaged: some pictures are missing.")
        else:
            super()._on_error(error, text)
