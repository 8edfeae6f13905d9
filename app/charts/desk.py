"""Opens the window of charts when it is first wanted, and keeps it on what the timeline shows. Imports no pyqtgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.theme import Palette
from app.timeline.content import Content

if TYPE_CHECKING:
    from app.charts.window import ChartsWindow


class ChartsDesk(QObject):
    """Owns the window. Nothing is drawn while nobody looks."""

    seek_wanted = Signal(float)
    segment_pointed = Signal(object)  # the index of a segment

    def __init__(self, palette: Palette, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._palette = window, palette
        self._content = Content()
        self.pane: ChartsWindow | None = None

    def show(self) -> None:
        """Open the window, or bring it to the front."""
        if self.pane is None:
            from app.charts.window import ChartsWindow  # pyqtgraph: no start of the window waits for it

            self.pane = ChartsWindow(self._palette, self._window)
            self.pane.seek_wanted.connect(self.seek_wanted)
            self.pane.segment_pointed.connect(self.segment_pointed)
        self.pane.show_content(self._content)
        self.pane.show()
        self.pane.raise_()
        self.pane.activateWindow()

    def show_content(self, content: Content) -> None:
        """What the timeline shows now."""
        before, self._content = self._content, content
        unchanged = (before.heatmap, before.earlier, before.log) == (content.heatmap, content.earlier, content.log)
        if self.pane is not None and self.pane.isVisible() and not unchanged:
            self.pane.show_content(content)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        if self.pane is not None:
            self.pane.apply_palette(palette)

    def close(self) -> None:
        """The main window goes."""
        if self.pane is not None:
            self.pane.close()
            self.pane.shutdown()
