"""The line below the list: how many moments, how long together, and a button that copies their times."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from app.counting import count_of
from app.moments.moments import Moment, summary
from app.style import mark
from app.theme import Palette, icon
from app.timeline.heatmap import Heatmap
from app.tool_button import ToolButton


class Foot(QWidget):
    """Count, duration, Copy times."""

    copy_wanted = Signal(bool)  # True: as Markdown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        mark(self._text, kind="small", tone="2")
        self.copy = ToolButton("Copy all times in this order", text="Copy times")
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        menu.addAction("As plain lines", lambda: self.copy_wanted.emit(False))
        menu.addAction("As Markdown", lambda: self.copy_wanted.emit(True))
        self.copy.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self.copy)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_moments(self, moments: tuple[Moment, ...], heatmap: Heatmap) -> None:
        """Count what is listed; while scores come, say of how many segments."""
        parts = [summary(moments)] if moments else []
        if heatmap.provisional and heatmap.segments and heatmap.unscored:
            parts.append(f"{count_of(len(heatmap.scores), len(heatmap.segments), 'segment')} scored")
        self._text.setText("; ".join(parts))
        self.copy.setEnabled(bool(moments))

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self.copy.setIcon(icon("copy", palette.text2, disabled=palette.text3))
