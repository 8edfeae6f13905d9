"""A film in, pictures and the moment they show out: Qt's media player behind a small interface in seconds.

Times are seconds from the container's own start, which Qt takes off as the engine does: one clock.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

from app.player.pictures import Pictures

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_SEEK_PATIENCE_MILLISECONDS = 400  # a seek that shows no picture by then (sound only, end of film) is over
_PICTURE_PATIENCE_MILLISECONDS = 3000  # the same where there are pictures: large ones take long


class Playback(QObject):
    """Plays one film. Seeks are exact, at most one is under way and at most one waits."""

    frame_shown = Signal(object)  # QVideoFrame
    moved = Signal(float)  # seconds; by frames, and in between by a timer while playing
    playing_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink = QVideoSink(self)
        self._sound = QAudioOutput(self)
        self._player = QMediaPlayer(self)
        self._player.setAudioOutput(self._sound)
        self._player.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.playbackStateChanged.connect(self._on_state)
        self._player.errorOccurred.connect(self._on_error)
        self._clock = QTimer(self, interval=33)
        self._clock.timeout.connect(self._tick)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._seek_done)
        self._forget()

    def _forget(self) -> None:
        self._duration = 0.0
        self._seconds = 0.0
        self._frame_end = 0.0
        self._frame_at = 0.0
        self._seeking: float | None = None
        self._queued: float | None = None
        self._loaded = False
        self._corrected = False
        self._pictures = Pictures()

    @property
    def seconds(self) -> float:
        """The moment on screen."""
        return self._seconds

    @property
    def wanted(self) -> float:
        """The moment on screen once all seeks are done."""
        return next((at for at in (self._queued, self._seeking) if at is not None), self._seconds)

    @property
    def duration(self) -> float:
        """Length of the film, 0 while unknown."""
        return self._duration or self._player.duration() / 1000

    @property
    def playing(self) -> bool:
        """True while the film runs."""
        return self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState

    @property
    def loaded(self) -> bool:
        """True once the film can be played."""
        return self._loaded

    def load(self, path: Path) -> None:
        """Open a film and show its first picture."""
        self._call("stop")
        self._forget()
        self._call("setSource", Q_ARG(QUrl, QUrl.fromLocalFile(str(path))))
        self._call("pause")

    def unload(self) -> None:
        """Let go of the film."""
        self._call("stop")
        self._forget()
        self._call("setSource", Q_ARG(QUrl, QUrl()))

    def know_duration(self, seconds: float) -> None:
        """Take the film's length from the engine, which measured it."""
        self._duration = seconds

    def know_times(self, times: Sequence[float], stops: Sequence[int] | None = None) -> None:
        """The moment of every picture, ascending; seeks and steps go to these once they are known. `stops`: the
        pictures that can be reached at all, where not all can."""
        self._pictures = Pictures(times, stops)
        if not self._frame_at and self._pictures and self._pictures.first > 0:  # Qt shows nothing before it
            self.seek(0.0)

    def play(self) -> None:
        """Run; from the beginning if the film stands at its end."""
        if self._loaded and self.duration and self._seconds >= self.duration - 0.05:
            self.seek(0.0)
        self._call("play")

    def pause(self) -> None:
        """Hold."""
        self._call("pause")

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def seek(self, seconds: float) -> None:
        """Go to a moment; the last one wanted wins."""
        limit = max(self.duration - 0.001, 0.0)
        seconds = min(max(seconds, 0.0), limit) if self.duration else max(seconds, 0.0)
        seconds = self._pictures.at(seconds)
        if self._seeking is not None or not self._loaded:
            self._queued = seconds
        else:
            self._start_seek(seconds)
        self.moved.emit(seconds)

    def step(self, frames: int) -> None:
        """One picture on or back, and hold there."""
        self.pause()
        if self._pictures:
            self.seek(self._pictures.beside(self.wanted, frames))
        elif frames > 0 and self._frame_end > self._seconds:
            self.seek(self._frame_end)
        elif frames < 0:
            self.seek(self._seconds - 0.002)

    def set_volume(self, share: float) -> None:
        """Loudness as heard, 0 to 1."""
        self._sound.setVolume(min(max(share, 0.0), 1.0) ** 2)

    def set_muted(self, muted: bool) -> None:
        """Silence without forgetting the loudness."""
        self._sound.setMuted(muted)

    def set_speed(self, factor: float) -> None:
        """Play faster or slower; the pitch stays if the backend can."""
        self._call("setPlaybackRate", Q_ARG(float, factor))

    def _call(self, slot: str, *arguments: object) -> None:
        """Tell the player to do something, without holding Python's lock meanwhile.

        Qt's sound thread takes a lock of Qt's and then asks for Python's, because the objects it disconnects from have
        Python wrappers; a plain call takes them the other way round. One test run in six hung in `stop` (PySide6 6.11).
        """
        QMetaObject.invokeMethod(self._player, slot, Qt.ConnectionType.DirectConnection, *arguments)

    def _start_seek(self, seconds: float) -> None:
        self._seeking, self._corrected = seconds, False
        self._go_to(self._pictures.aim(seconds))

    def _go_to(self, milliseconds: int) -> None:
        self._patience.start(_PICTURE_PATIENCE_MILLISECONDS if self._pictures else _SEEK_PATIENCE_MILLISECONDS)
        if milliseconds == 0:
            self._start_over()
            return
        if self._player.playbackState() == QMediaPlayer.PlaybackState.StoppedState:
            self._call("pause")  # at the end of the film Qt shows nothing more
        self._call("setPosition", Q_ARG("qlonglong", milliseconds))

    def _start_over(self) -> None:
        """To the first picture without a seek, which in some containers cannot reach it."""
        source, playing = self._player.source(), self.playing
        self._call("setSource", Q_ARG(QUrl, QUrl()))
        self._call("setSource", Q_ARG(QUrl, source))
        self._call("play" if playing else "pause")

    def _seek_done(self) -> None:
        self._patience.stop()
        self._seeking = None
        if self._queued is not None:
            queued, self._queued = self._queued, None
            self._start_seek(queued)

    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            return
        self._seconds = max(frame.startTime() / 1e6, 0.0)
        self._frame_end = max(frame.endTime() / 1e6, self._seconds)
        self._frame_at = time.monotonic()
        self.frame_shown.emit(frame)
        if self._seeking is not None and not self._correct():
            self._seek_done()
        if self._seeking is None:
            self.moved.emit(self._seconds)

    def _correct(self) -> bool:
        """True if the picture is not the wanted one and Qt was sent on; it is sent on once."""
        if self._corrected or self.playing or self._queued is not None or self._seeking is None:
            return False
        aim = self._pictures.better_aim(self._seeking, self._seconds, self._frame_end)
        if aim is not None:
            self._corrected = True
            self._go_to(aim)
        return aim is not None

    def _tick(self) -> None:
        """Between the pictures of a slow film the clock still runs, never past the end of the picture on screen."""
        passed = (time.monotonic() - self._frame_at) * self._player.playbackRate()
        if self._seeking is None and self._frame_at:
            end = self._pictures.end(self._seconds, otherwise=max(self._frame_end, self._seconds))
            self.moved.emit(min(self._seconds + passed, end))

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        statuses = QMediaPlayer.MediaStatus
        if status in (statuses.LoadedMedia, statuses.BufferedMedia) and not self._loaded:
            self._loaded = True
            if self._queued is not None:
                queued, self._queued = self._queued, None
                self._start_seek(queued)

    def _on_state(self, state: QMediaPlayer.PlaybackState) -> None:
        playing = state == QMediaPlayer.PlaybackState.PlayingState
        self._clock.start() if playing else self._clock.stop()
        self.playing_changed.emit(playing)

    def _on_error(self, error: QMediaPlayer.Error, text: str) -> None:
        errors = QMediaPlayer.Error
        sentence = {
            errors.ResourceError: "The player cannot open this file.",
            errors.FormatError: "The player does not know this file's format, or the file is damaged.",
            errors.AccessDeniedError: "The player is not allowed to read this file.",
            errors.NetworkError: "The player lost the connection to this file.",
        }.get(error)
        if error != errors.NoError:
            self.failed.emit(sentence or f"The player stopped: {text}.")
