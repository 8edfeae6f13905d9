"""Everything one can do with the film, without a widget: keys, buttons and other panes ask here.

What changed is told by signals; `told` is a short word for the picture's corner, `noted` a sentence for the window.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.clock import clock, span
from app.player.bounds import Bounds
from app.player.companions import Companions
from app.player.history import History
from app.player.playback import SPEEDS, Playback
from app.player.sound import Sound
from app.player.subtitles import Subtitles
from app.player.typed_time import moment_of
from engine.ingest.chapters import Chapter
from engine.ingest.subtitles import SUFFIXES
from engine.records import VideoInfo

_CHAPTER_BEGUN_SECONDS = 3.0  # so far into a chapter, "last chapter" means its own beginning
_GRAIN = 0.002


class Deck(QObject):
    """One film with its sound, chapters and subtitles."""

    told = Signal(str)
    noted = Signal(str)
    chapters_changed = Signal(object)  # tuple of Chapter
    chapter_changed = Signal(object)  # Chapter on screen, or None
    loop_changed = Signal(object)  # (start, end), (start, None) while half set, None
    span_changed = Signal(object)  # (start, end) while it plays, None
    speed_changed = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.playback = Playback(self)
        self.companions = Companions(self)
        self.subtitles = Subtitles(self.companions, self)
        self.chapters: tuple[Chapter, ...] = ()
        self.sound = Sound(self.playback.projector, self)
        self.speed = 1.0
        self._history = History()
        self._waiting: list[Path] = []  # subtitles that were dropped together with a film
        self._bounds = Bounds()
        self._chapter: Chapter | None = None
        self.playback.moved.connect(self._on_moved)
        self.playback.limits.changed.connect(self._on_bounds)
        self.playback.loaded_changed.connect(self.sound.changed)
        self.playback.playing_changed.connect(self.sound.on_playing)
        self.playback.projector.noted.connect(self.noted)
        self.companions.chapters_known.connect(self._on_chapters)
        self.subtitles.noted.connect(self.noted)
        for part in (self.subtitles, self.sound):
            part.told.connect(self.told)

    def set_film(self, video: VideoInfo | None) -> None:
        """The engine knows the film now: its clock is the one that counts. None: no film."""
        if video is None:
            self.playback.load(None)
        else:
            self.playback.know_film(video)
        self._history = History()
        self.subtitles.set_film(video)
        self._set_chapters(())
        self.companions.set_film(video)
        waiting, self._waiting = self._waiting if video is not None else [], []
        for path in waiting:
            self.subtitles.open(path)

    def shutdown(self) -> bool:
        """End what reads on other threads. False if something did not end in time."""
        stopped = [part.shutdown() for part in (self.companions, self.playback.projector)]
        return all(stopped)

    # moving -------------------------------------------------------------------------------------------------------

    def seek(self, seconds: float) -> None:
        """Go to a moment; it can be undone. Where a dragging hand lets go, it took hold before."""
        if not self.playback.scrubbing:
            self._note()
        self.playback.seek(seconds)

    def scrub(self, seconds: float) -> None:
        """Follow a dragging hand; where it took hold can be returned to."""
        if not self.playback.scrubbing:
            self._note()
        self.playback.scrub(seconds)

    def seek_by(self, seconds: float) -> None:
        """Go on or back."""
        self._note(stepping=True)
        self.playback.seek(self.playback.wanted + seconds)

    def to_end(self) -> None:
        """The last picture, held."""
        self._note()
        self.playback.pause()
        self.playback.seek(self.playback.duration)

    def go_to(self, typed: str) -> None:
        """Go to a typed time. Raises `TimeTextError` with one plain sentence."""
        now, duration = self.playback.wanted, self.playback.duration
        self.seek(moment_of(typed, now=now, duration=duration, pictures=self.playback.pictures))

    def undo_seek(self) -> None:
        """Back to where the last jump began."""
        self._return(self._history.undo(self.playback.wanted), "No seek to undo")

    def redo_seek(self) -> None:
        """Where one was before undoing."""
        self._return(self._history.redo(self.playback.wanted), "No seek to redo")

    def chapter_by(self, steps: int) -> None:
        """The next chapter, or the last."""
        starts = [chapter.start_seconds for chapter in self.chapters]
        now = self.playback.wanted
        place = bisect_right(starts, now + _GRAIN) - 1
        if steps < 0 and place >= 0 and now - starts[place] > _CHAPTER_BEGUN_SECONDS:
            place += 1
        if 0 <= place + steps < len(starts):
            self.seek(starts[place + steps])
            self.told.emit(self.chapters[place + steps].title)
        else:
            self.told.emit("No further chapter" if starts else "This film has no chapters")

    def line_by(self, steps: int) -> None:
        """Where the next subtitle is read, or the last."""
        found = self.subtitles.line_beside(self.playback.wanted, steps)
        if found is None:
            self.told.emit("No further subtitle" if self.subtitles.chosen else "No subtitles are shown")
        else:
            self.seek(found + _GRAIN)

    # playing ------------------------------------------------------------------------------------------------------

    def play_span(self, start: float, end: float) -> None:
        """Play this and no more."""
        self._note()
        self.playback.play_span(start, end)

    def set_loop(self, start: float | None, end: float | None = None) -> None:
        """Play a stretch again and again; without one, no loop."""
        if start is None or end is None:
            self.playback.clear_loop()
        else:
            self.playback.set_loop(start, end)

    def set_speed(self, factor: float) -> None:
        """Faster or slower, within bounds."""
        self.speed = min(max(factor, SPEEDS[0]), SPEEDS[-1])
        self.playback.projector.set_speed(self.speed)
        self.speed_changed.emit(self.speed)
        self.told.emit(f"Speed {self.speed:.3g}×")

    def change_speed(self, steps: int) -> None:
        """The next speed of the list, up or down."""
        others = [speed for speed in SPEEDS if (speed > self.speed if steps > 0 else speed < self.speed)]
        if others:
            self.set_speed(min(others) if steps > 0 else max(others))

    def take_subtitles(self, paths: Sequence[Path]) -> list[Path]:
        """Show the subtitle files among `paths`; returns the others. Those that come with a film wait for it."""
        mine = [path for path in paths if path.suffix.casefold() in SUFFIXES]
        others = [path for path in paths if path not in mine]
        if others:
            self._waiting = mine
        elif not self.playback.loaded:
            self.noted.emit("Open a film first, then its subtitles.")
        else:
            for path in mine:
                self.subtitles.open(path)
        return others

    def _note(self, *, stepping: bool = False) -> None:
        if not self.playback.has_film:
            return
        self._history.note(self.playback.wanted, now=time.monotonic(), stepping=stepping)

    def _return(self, seconds: float | None, otherwise: str) -> None:
        if seconds is None:
            self.told.emit(otherwise)
        else:
            self.playback.seek(seconds)
            self.told.emit(clock(max(seconds, 0.0)))

    def _on_moved(self, seconds: float) -> None:
        self.subtitles.set_seconds(seconds)
        place = bisect_right(self.chapters, seconds + _GRAIN, key=lambda chapter: chapter.start_seconds) - 1
        chapter = self.chapters[place] if place >= 0 else None
        if chapter is not None and seconds > chapter.end_seconds:
            chapter = None
        if chapter != self._chapter:
            self._chapter = chapter
            self.chapter_changed.emit(chapter)

    def _on_chapters(self, chapters: tuple[Chapter, ...]) -> None:
        self._set_chapters(chapters)
        self.chapters_changed.emit(chapters)

    def _set_chapters(self, chapters: tuple[Chapter, ...]) -> None:
        self.chapters, self._chapter = chapters, None
        self.chapter_changed.emit(None)
        self._on_moved(self.playback.wanted)

    def _on_bounds(self, bounds: Bounds) -> None:
        before, self._bounds = self._bounds, bounds
        if bounds.span != before.span:
            self.span_changed.emit(bounds.span)
        if bounds.loop != before.loop:
            self.loop_changed.emit(bounds.loop)
            self.told.emit(_loop_word(bounds))


def _loop_word(bounds: Bounds) -> str:
    if bounds.loop is None:
        return "No loop"
    start, end = bounds.loop
    return f"Loop from {clock(start)}: press L at its end" if end is None else f"Loop {span(start, end)}"
