"""Everything under the film as one widget: the line to seek on, where there is no timeline, and the bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.player.bounds import Loop
from app.player.seek_bar import SeekBar
from app.player.subtitles import Subtitles
from app.player.transport import Transport
from app.style import mark
from app.theme import Palette
from engine.ingest.chapters import Chapter


class Controls(QWidget):
    """Line and bar, told the same things."""

    def __init__(self, palette: Palette, subtitles: Subtitles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line, self.transport = SeekBar(palette), Transport(palette, subtitles)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.line, self.transport):
            column.addWidget(part)
        self.line.hide()

    def set_film(self, duration_seconds: float | None) -> None:
        """Another film, or none; its chapters are still to be read."""
        for part in (self.line, self.transport):
            part.set_film(duration_seconds)
        self.set_chapters(())

    def set_seconds(self, seconds: float) -> None:
        """The moment on screen."""
        for part in (self.line, self.transport):
            part.set_seconds(seconds)

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """The film's chapters."""
        for part in (self.line, self.transport):
            part.set_chapters(chapters)

    def set_loop(self, loop: Loop | None) -> None:
        """What is played again and again."""
        for part in (self.line, self.transport):
            part.set_loop(loop)

    def apply_palette(self, palette: Palette) -> None:
        """Other colours."""
        for part in (self.line, self.transport):
            part.apply_palette(palette)
