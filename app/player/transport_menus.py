"""The menus of the bar under the film: lists and what is chosen in, wishes out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.clock import clock
from app.player.playback import SPEEDS
from app.player.subtitles import Subtitles
from engine.ingest.chapters import Chapter
from engine.ingest.encodings import NAMES


class SpeedMenu(QMenu):
    """How fast."""

    wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for speed in SPEEDS:
            _add(self, f"{speed:g}×", lambda speed=speed: self.wanted.emit(speed), data=speed)

    def set_speed(self, speed: float) -> None:
        """Tick the present one."""
        for action in self.actions():
            action.setChecked(action.data() == speed)


class ChaptersMenu(QMenu):
    """Where chapters begin."""

    wanted = Signal(float)

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """Another film's."""
        self.clear()
        for chapter in chapters:
            start = chapter.start_seconds
            _add(
                self,
                f"{_plain(chapter.title)}\t{clock(start)}",
                lambda start=start: self.wanted.emit(start),
                data=start,
            )

    def set_now(self, chapter: Chapter | None) -> None:
        """Tick the one on screen."""
        for action in self.actions():
            action.setChecked(chapter is not None and action.data() == chapter.start_seconds)


class SoundMenu(QMenu):
    """Which sound track."""

    wanted = Signal(int)

    def set_sounds(self, names: Sequence[str], chosen: int) -> None:
        """What there is, and what plays."""
        self.clear()
        group = QActionGroup(self)
        for number, name in enumerate(names):
            action = _add(self, _plain(name), lambda number=number: self.wanted.emit(number), data=number)
            action.setChecked(number == chosen)
            group.addAction(action)


class SubtitlesMenu(QMenu):
    """Which subtitles, when and how large. Built anew each time it opens: it shows what the subtitles are then."""

    file_wanted = Signal()

    def __init__(self, subtitles: Subtitles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subtitles = subtitles
        self.aboutToShow.connect(self._build)

    def _build(self) -> None:
        self.clear()
        subtitles = self._subtitles
        _add(self, "Off", lambda: subtitles.choose(None)).setChecked(subtitles.chosen is None)
        for choice in subtitles.choices:
            action = _add(self, _plain(choice.label), lambda choice=choice: subtitles.choose(choice))
            action.setChecked(choice == subtitles.chosen)
            action.setEnabled(choice.readable)
        self.addSeparator()
        self.addAction("Open a subtitle file…", self.file_wanted.emit)
        self.addSeparator()
        shown = subtitles.chosen is not None
        for text, seconds in (("0.1 s earlier\tZ", -0.1), ("0.1 s later\tX", 0.1), ("As stored", -subtitles.delay)):
            action = self.addAction(text, lambda seconds=seconds: subtitles.move(seconds))
            action.setEnabled(shown and seconds != 0)
        for text, steps in (("Smaller\tShift+F", -1), ("Larger\tShift+G", 1)):
            self.addAction(text, lambda steps=steps: subtitles.resize(steps)).setEnabled(shown)
        if subtitles.chosen is not None and isinstance(subtitles.chosen.source, Path):
            self._add_encodings(subtitles.chosen.source)

    def _add_encodings(self, path: Path) -> None:
        menu = self.addMenu("Wrong letters? Read as")
        for encoding, name in NAMES.items():
            menu.addAction(name, lambda encoding=encoding: self._subtitles.open(path, encoding=encoding))


def _add(menu: QMenu, text: str, do: object, *, data: object = None) -> QAction:
    action = QAction(text, menu, checkable=True)
    action.setData(data)
    action.triggered.connect(lambda _=False: do())
    menu.addAction(action)
    return action


def _plain(text: str) -> str:
    """A name from a file is no key for a menu."""
    return text.replace("&", "&&").replace("\t", " ")
