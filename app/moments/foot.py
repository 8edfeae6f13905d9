"""The line below the list: how many moments, how long together, and a way to take them along."""

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
    """Count, duration, Export."""

    copy_wanted = Signal(bool)  # True: as Markdown
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        mark(self._text, kind="small", tone="2")
        self.export = ToolButton("Save all moments as a file, or copy their times", text="Export")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export)
        menu.addAction("Save…\tCtrl+Shift+S", self.save_wanted.emit)
        menu.addSeparator()
        menu.addAction("Copy times as plain lines", lambda: self.copy_wanted.emit(False))
        menu.addAction("Copy times as Markdown", lambda: self.copy_wanted.emit(True))
        self.export.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self.export)

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
        self.export.setEnabled(bool(moments))

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self.export.setIcon(icon("export", palette.text2, disabled=palette.text3))
