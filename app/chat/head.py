"""The pane's name and its one command; stands in the dock's bar. And the hairline between parts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from app.chat.buttons import IconButton
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton


class Head(QWidget):
    """Title and New chat."""

    new_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Ask")
        mark(title, kind="control")
        self.new = ToolButton("Set this conversation aside and begin another", text="New chat", size=14)
        self.new.clicked.connect(self.new_wanted)
        self.past = IconButton("clock-counter-clockwise", "Earlier conversations about this film")
        self.past.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.past.hide()  # until there is a menu
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title)
        row.addStretch()
        row.addWidget(self.past)
        row.addWidget(self.new)
        self.apply_palette(palette)

    def set_menu(self, menu: QMenu) -> None:
        """The conversations of the past."""
        self.past.setMenu(menu)
        self.past.show()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self.past.apply_palette(palette)
        self.new.setIcon(icon("plus", palette.text2, disabled=palette.text3))


def hairline() -> QFrame:
    """Between two parts."""
    line = QFrame()
    mark(line, panel="line")
    line.setFixedHeight(1)
    return line
