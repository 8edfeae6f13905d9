"""Which subtitles there are, which are shown, what they say now: tracks and moments in, cues out.

What somebody chose (track, delay, size) holds until another film opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal

from app.player.companions import Companions, language_of
from app.player.cue_list import CueList
from engine.ingest.cues import Cue
from engine.ingest.subtitles import SubtitleTrack, language_in_name
from engine.records import VideoInfo

SIZES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
DELAY_STEP_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Choice:
    """Subtitles somebody can choose: a stream of the film, or a file."""

    source: int | Path
    label: str
    readable: bool = True


class Subtitles(QObject):
    """The subtitles of one film."""

    shown = Signal(object)  # tuple of Cue: what is read now
    changed = Signal()  # choices, the chosen one, delay or size
    told = Signal(str)  # a short word for the picture's corner
    noted = Signal(str)
    failed = Signal(str)

    def __init__(self, companions: Companions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._companions = companions
        companions.tracks_known.connect(self._on_tracks)
        companions.cues_read.connect(self._on_cues)
        companions.noted.connect(self.noted)
        companions.failed.connect(self._on_failed)
        self._film: Path | None = None
        self.scale = 1.0
        self._forget()

    def _forget(self) -> None:
        self.choices: tuple[Choice, ...] = ()
        self.chosen: Choice | None = None
        self.delay = 0.0
        self._last: Choice | None = None  # what V brings back
        self._cues: dict[int | Path, CueList] = {}
        self._seconds = 0.0
        self._now: tuple[Cue, ...] = ()

    def set_film(self, video: VideoInfo | None) -> None:
        """Another film, or none: the choices come when they are read."""
        self._film = video.path if video is not None else None
        self._forget()
        self.shown.emit(())
        self.changed.emit()

    def set_seconds(self, seconds: float) -> None:
        """The moment on screen."""
        self._seconds = seconds
        self._show()

    def choose(self, choice: Choice | None) -> None:
        """Show these; None shows none. Pictures cannot be shown, which is said."""
        if choice is not None and not choice.readable:
            self.noted.emit("These subtitles are pictures, not text: they cannot be shown here.")
            self.changed.emit()  # the menu must not tick them
            return
        self.chosen = choice
        self._last = choice or self._last
        if choice is not None and choice.source not in self._cues:
            self._cues[choice.source] = CueList()
            self._read(choice.source)
        self._show()
        self.changed.emit()

    def toggle(self) -> None:
        """On, or off."""
        readable = [choice for choice in self.choices if choice.readable]
        if self.chosen is not None:
            self._choose_and_tell(None)
        elif readable:
            self._choose_and_tell(self._last or readable[0])
        else:
            self.noted.emit("This film has no subtitles: drop a .srt, .vtt or .ass file on it.")

    def cycle(self, steps: int) -> None:
        """The next ones, or none after the last."""
        ring = [None, *(choice for choice in self.choices if choice.readable)]
        if len(ring) == 1:
            self.toggle()  # says that there are none
        else:
            self._choose_and_tell(ring[(ring.index(self.chosen) + steps) % len(ring)])

    def open(self, path: Path, *, encoding: str = "") -> None:
        """Read a subtitle file and show it."""
        choice = next((known for known in self.choices if known.source == path), None)
        if choice is None:
            choice = Choice(path, self._file_label(path))
            self.choices = (*self.choices, choice)
        self._cues[path] = CueList()
        self._companions.read_file(path, encoding=encoding)
        self.choose(choice)

    def move(self, seconds: float) -> None:
        """Later, or earlier if negative."""
        self.delay = round(self.delay + seconds, 3)
        self.told.emit(f"Subtitles {self.delay:+.1f} s" if self.delay else "Subtitles as stored")
        self._show()
        self.changed.emit()

    def resize(self, steps: int) -> None:
        """Larger, or smaller if negative."""
        self.scale = SIZES[min(max(SIZES.index(self.scale) + steps, 0), len(SIZES) - 1)]
        self.changed.emit()

    def line_beside(self, seconds: float, steps: int) -> float | None:
        """When the next line is read, or the one before; None if there is none."""
        if self.chosen is None:
            return None
        found = self._cues[self.chosen.source].beside(seconds - self.delay, steps)
        return None if found is None else found + self.delay

    def _choose_and_tell(self, choice: Choice | None) -> None:
        self.choose(choice)
        self.told.emit(f"Subtitles: {choice.label}" if choice is not None else "Subtitles off")

    def _read(self, source: int | Path) -> None:
        if isinstance(source, Path):
            self._companions.read_file(source)
        else:
            self._companions.read_track(source)

    def _show(self) -> None:
        cues = () if self.chosen is None else self._cues[self.chosen.source].at(self._seconds - self.delay)
        if cues != self._now:
            self._now = cues
            self.shown.emit(cues)

    def _on_tracks(self, tracks: Sequence[SubtitleTrack], files: Sequence[Path]) -> None:
        opened = [choice for choice in self.choices if choice.source not in files]
        beside = [Choice(path, self._file_label(path)) for path in files]
        inside = [Choice(track.stream, _track_label(track), track.is_text) for track in tracks]
        self.choices = (*inside, *beside, *opened)
        meant = [choice for track, choice in zip(tracks, inside, strict=True) if track.is_default or track.is_forced]
        first = next((choice for choice in (*beside, *meant) if choice.readable), None)
        if first is not None and self.chosen is None:
            self.choose(first)
        else:
            self.changed.emit()

    def _on_cues(self, source: int | Path, cues: Sequence[Cue], more: bool) -> None:
        self._cues.setdefault(source, CueList()).add(cues)
        self._show()

    def _on_failed(self, source: int | Path, sentence: str) -> None:
        self._cues.pop(source, None)
        if isinstance(source, Path):
            self.choices = tuple(choice for choice in self.choices if choice.source != source)
        if self._last is not None and self._last.source == source:
            self._last = None
        if self.chosen is not None and self.chosen.source == source:
            self.chosen = None
        self._show()
        self.changed.emit()
        self.failed.emit(sentence)

    def _file_label(self, path: Path) -> str:
        code = language_in_name(path, self._film) if self._film is not None else ""
        language = language_of(code)
        known = language not in (QLocale.Language.AnyLanguage, QLocale.Language.C)
        return f"{QLocale.languageToString(language)}, {path.name}" if known else path.name


def _track_label(track: SubtitleTrack) -> str:
    language = language_of(track.language)
    known = language not in (QLocale.Language.AnyLanguage, QLocale.Language.C)
    name = QLocale.languageToString(language) if known else track.language
    marks = [(track.is_forced, "forced"), (track.for_deaf, "for the deaf"), (not track.is_text, "pictures, not shown")]
    parts = [part for part in (name, track.title, *(mark for set_, mark in marks if set_)) if part]
    return ", ".join(parts) or f"Track {track.stream}"
