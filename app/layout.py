"""Where the panes stand: film and chat above, the timeline below, bars around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from app.main_window import MainWindow


def lay_out(window: MainWindow) -> tuple[QSplitter, QSplitter]:
    """Fill the window; returns the splitter between film and chat and the one above the timeline."""
    above = _splitter(Qt.Orientation.Horizontal, window.player, window.chat)
    panes = _splitter(Qt.Orientation.Vertical, above, window.timeline)
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(window.top)
    column.addWidget(window.message)
    column.addWidget(panes, 1)
    column.addWidget(window.status)
    window.setCentralWidget(middle)
    return above, panes


def _splitter(way: Qt.Orientation, first: QWidget, second: QWidget) -> QSplitter:
    """Two panes; the first takes the room that is won."""
    splitter = QSplitter(way, childrenCollapsible=False)
    splitter.addWidget(first)
    splitter.addWidget(second)
    splitter.setStretchFactor(0, 1)
    splitter.setHandleWidth(1)
    return splitter
