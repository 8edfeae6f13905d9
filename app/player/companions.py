"""What belongs to a film besides pictures and sound, read on threads of their own: chapters, subtitles.

Another film cancels what is still being read of this one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, Signal

from app.task import Pool, Task
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError
from engine.records import VideoInfo

log = logging.getLogger(__name__)

_PATIENCE_MILLISECONDS = 600


class Companions(QObject):
    """Reads what comes with one film."""

    chapters_known = Signal(object)  # tuple of Chapter
    tracks_known = Signal(object, object)  # tuple of SubtitleTrack, tuple of Path: inside the film, beside it
    cues_read = Signal(object, object, bool)  # stream number or path, tuple of Cue, whether more will come
    noted = Signal(str)
    failed = Signal(object, str)  # stream number or path, a sentence
    _made = Signal(object, object)  # CancelToken, what to emit

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = Pool(threads=2)
        self._cancel = CancelToken()
        self._video: VideoInfo | None = None
        self._made.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def set_film(self, video: VideoInfo | None) -> None:
        """Another film, or none; its chapters and tracks are looked for at once."""
        self._cancel.cancel()
        self._cancel, self._video = CancelToken(), video
        if video is not None:
            self._start(None, lambda cancel: self._look(video, cancel))

    def read_track(self, stream: int) -> None:
        """Read subtitles inside the film; `cues_read` brings them piece by piece."""
        if self._video is not None:
            path = self._video.path
            self._start(stream, lambda cancel: self._read_track(path, stream, cancel))

    def read_file(self, path: Path, *, encoding: str = "") -> None:
        """Read a subtitle file; `encoding` instead of guessing."""
        film = self._video.path if self._video is not None else path
        self._start(path, lambda cancel: self._read_file(path, film, encoding, cancel))

    def shutdown(self) -> bool:
        """Forget everything and wait for what is at work. False if it did not end in time."""
        self.set_film(None)
        self._pool.clear()
        return self._pool.ended(_PATIENCE_MILLISECONDS, "chapters or subtitles were still being read")

    def _start(self, what: object, work: Callable[[CancelToken], None]) -> None:
        self._pool.start(Task(lambda cancel=self._cancel: self._guarded(what, work, cancel)))

    def _guarded(self, what: object, work: Callable[[CancelToken], None], cancel: CancelToken) -> None:
        """On a thread of the pool."""
        try:
            cancel.check()
            work(cancel)
        except Cancelled:
            log.debug("another film was opened")
        except TempoError as error:
            self._fail(what, error.message, cancel)
        except Exception:
            log.exception("%s cannot be read", what)
            self._fail(what, "These subtitles cannot be read.", cancel)

    def _fail(self, what: object, sentence: str, cancel: CancelToken) -> None:
        log.info("%s: %s", what, sentence)
        if what is not None:  # else the film itself, of which others speak
            self._made.emit(cancel, lambda: self.failed.emit(what, sentence))

    def _look(self, video: VideoInfo, cancel: CancelToken) -> None:
        from engine.ingest.chapters import read_chapters
        from engine.ingest.subtitles import files_beside, subtitle_tracks

        chapters = read_chapters(video.path, duration_seconds=video.duration_seconds)
        tracks, files = subtitle_tracks(video.path), files_beside(video.path)
        self._made.emit(cancel, lambda: self.chapters_known.emit(chapters))
        self._made.emit(cancel, lambda: self.tracks_known.emit(tracks, files))

    def _read_track(self, path: Path, stream: int, cancel: CancelToken) -> None:
        from engine.ingest.subtitles import read_track

        for cues in read_track(path, stream, cancel=cancel):
            self._made.emit(cancel, lambda cues=cues: self.cues_read.emit(stream, cues, True))
        self._made.emit(cancel, lambda: self.cues_read.emit(stream, (), False))

    def _read_file(self, path: Path, film: Path, encoding: str, cancel: CancelToken) -> None:
        from engine.ingest.subtitles import language_in_name, read_subtitle_file

        likely = (language_of(language_in_name(path, film)), QLocale.system().language())
        languages = tuple(code for code in map(QLocale.languageToCode, likely) if code not in ("", "C"))
        read = read_subtitle_file(path, languages=languages, encoding=encoding)
        self._made.emit(cancel, lambda: self.cues_read.emit(path, read.cues, False))
        for note in read.notes:
            self._made.emit(cancel, lambda note=note: self.noted.emit(note))

    def _deliver(self, cancel: CancelToken, tell: Callable[[], None]) -> None:
        if not cancel.cancelled:
            tell()


def language_of(code: str) -> QLocale.Language:
    """The language that a file or its name mean by eng, de, pt-BR or en.forced."""
    return QLocale.codeToLanguage(code.split(".")[0].split("-")[0].split("_")[0])
