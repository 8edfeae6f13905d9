"""A film's path and a moment in, its picture and sound out: Qt's media player behind a small interface.

Times are seconds from the container's own start, which Qt takes off as the engine does: one clock. Pictures are
reached exactly; Qt's ways with each kind of container stay in here.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaMetaData, QMediaPlayer, QVideoFrame, QVideoSink

from app.player.pictures import Pictures

_SENTENCES = {
    QMediaPlayer.Error.ResourceError: "The player cannot open this file.",
    QMediaPlayer.Error.FormatError: "The player does not know this file's format, or the file is damaged.",
    QMediaPlayer.Error.AccessDeniedError: "The player is not allowed to read this file.",
    QMediaPlayer.Error.NetworkError: "The player lost the connection to this file.",
}


class Projector(QObject):
    """Shows and sounds one film. It does as told: who waits for whom is `Playback`'s business."""

    pictured = Signal(object, float, float)  # QVideoFrame, when it begins, when it ends for Qt
    loaded = Signal()
    playing_changed = Signal(bool)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known = self._pictures = Pictures()  # on the engine's clock, and on Qt's
        self._skew = 0.0  # how far Qt's is ahead
        self._first: float | None = None  # when Qt showed its first picture
        self._sink = QVideoSink(self)
        self._sound = QAudioOutput(self)
        self._player = QMediaPlayer(self)
        self._player.setAudioOutput(self._sound)
        self._player.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.playbackStateChanged.connect(self._on_state)
        self._player.errorOccurred.connect(self._on_error)
        self._wanted: float | None = None  # held, and on the way to this picture
        self._corrected = self._is_loaded = self._restoring = False

    @property
    def playing(self) -> bool:
        """True while the film runs."""
        return self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState

    @property
    def position(self) -> float:
        """Where the sound is, in seconds."""
        return self._player.position() / 1000

    @property
    def duration(self) -> float:
        """The film's length as Qt sees it."""
        return self._player.duration() / 1000

    @property
    def speed(self) -> float:
        """How fast it plays."""
        return self._player.playbackRate()

    def load(self, path: Path | None) -> None:
        """Open a film, held at its first picture; None lets go of it."""
        self._is_loaded, self._wanted, self._first = False, None, None
        self.know(Pictures())
        self._call("stop")
        self._call("setSource", Q_ARG(QUrl, QUrl.fromLocalFile(str(path)) if path is not None else QUrl()))
        if path is not None:
            self._call("pause")

    def know(self, pictures: Pictures) -> bool:
        """The moments of the film's pictures, on the engine's clock. True if Qt's clock differs from it."""
        self._known = pictures
        self._skew = pictures.skew(self._first) if self._first is not None else 0.0
        self._pictures = pictures.shifted(self._skew)
        return bool(self._skew)

    def play(self) -> None:
        """Run."""
        self._wanted = None
        self._call("play")

    def pause(self) -> None:
        """Hold."""
        self._call("pause")

    def show(self, seconds: float) -> None:
        """Go to the picture of a moment, exactly, and go on playing or holding."""
        seconds += self._skew
        self._corrected, self._wanted = False, None if self.playing else seconds
        self._go_to(self._pictures.aim(seconds))

    def set_speed(self, factor: float) -> None:
        """Play faster or slower; the pitch stays if the backend can."""
        self._call("setPlaybackRate", Q_ARG(float, factor))

    def set_sound(self, share: float, *, muted: bool) -> None:
        """Loudness as heard, 0 to 1, and silence without forgetting it."""
        self._sound.setVolume(min(max(share, 0.0), 1.0) ** 2)
        self._sound.setMuted(muted)

    def sounds(self) -> tuple[str, ...]:
        """What each sound track is called."""
        return tuple(_track_name(track, number) for number, track in enumerate(self._player.audioTracks(), start=1))

    @property
    def sound(self) -> int:
        """The sound track that plays; -1 for none."""
        return self._player.activeAudioTrack()

    def set_sound_track(self, number: int) -> None:
        """Play another sound track from here on."""
        self._with_tracks(lambda: self._player.setActiveAudioTrack(number))

    def leave_pictures(self) -> None:
        """Only sound and clock from here on: somebody else reads the pictures."""
        self._with_tracks(lambda: self._player.setActiveVideoTrack(-1))

    def _with_tracks(self, change: object) -> None:
        """Change tracks while stopped: then no thread of Qt's waits for Python's lock, see `_call`."""
        position, playing = self._player.position(), self.playing
        self._restoring = True
        self._call("stop")
        change()
        self._call("play" if playing else "pause")
        self._call("setPosition", Q_ARG("qlonglong", position))
        self._restoring = False

    def _call(self, slot: str, *arguments: object) -> None:
        """Tell the player to do something, without holding Python's lock meanwhile.

        Qt's sound thread takes a lock of Qt's and then asks for Python's, because the objects it disconnects from have
        Python wrappers; a plain call takes them the other way round. One test run in six hung in `stop` (PySide6 6.11).
        """
        QMetaObject.invokeMethod(self._player, slot, Qt.ConnectionType.DirectConnection, *arguments)

    def _go_to(self, milliseconds: int) -> None:
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

    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid() or not self._is_loaded:  # else one of the film before
            return
        start = frame.startTime() / 1e6
        end = max(frame.endTime() / 1e6, start)
        if self._first is None:
            self._first = start
            self.know(self._known)
        if not self._sent_on(start, end):
            self._wanted = None
            self.pictured.emit(frame, max(start - self._skew, 0.0), max(end - self._skew, 0.0))

    def _sent_on(self, start: float, end: float) -> bool:
        """True if the picture is not the wanted one and Qt was sent on; it is sent on once."""
        if self._corrected or self.playing or self._wanted is None:
            return False
        aim = self._pictures.better_aim(self._wanted, start, end)
        if aim is not None:
            self._corrected = True
            self._go_to(aim)
        return aim is not None

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        statuses = QMediaPlayer.MediaStatus
        if status in (statuses.LoadedMedia, statuses.BufferedMedia) and not self._is_loaded:
            self._is_loaded = True
            self.loaded.emit()
        elif status == statuses.EndOfMedia:
            self.ended.emit()

    def _on_state(self, state: QMediaPlayer.PlaybackState) -> None:
        if not self._restoring:
            self.playing_changed.emit(state == QMediaPlayer.PlaybackState.PlayingState)

    def _on_error(self, error: QMediaPlayer.Error, text: str) -> None:
        if error != QMediaPlayer.Error.NoError:
            self.failed.emit(_SENTENCES.get(error) or f"The player stopped: {text.rstrip('.')}.")


def _track_name(track: QMediaMetaData, number: int) -> str:
    parts = [track.stringValue(key) for key in (QMediaMetaData.Key.Language, QMediaMetaData.Key.Title)]
    known = [part for part in parts if part and part.lower() not in ("default", "soundhandler", "undetermined")]
    return f"{number}  {', '.join(known)}" if known else f"Track {number}"
