"""Where the panes stand at first: the film in the middle, chat beside it, the timeline below over the full width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QStatusBar, QTabWidget, QVBoxLayout, QWidget

from app.dock import Dock
from app.hold import Hold

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.theme import Palette

_RIGHT, _BOTTOM = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
_CHAT_SHARE, _CHAT_MOST, _TIMELINE_SHARE, _TIMELINE_MOST = 0.36, 544, 0.36, 316


def lay_out(window: MainWindow, palette: Palette) -> dict[str, Dock]:
    """Fill the window; returns its docks by name, in reading order."""
    bars = QWidget()
    column = QVBoxLayout(bars)
    column.setContentsMargins(0, 0, 0, 1)
    column.setSpacing(1)
    column.addWidget(window.top)
    column.addWidget(window.message)
    column.addWidget(window.opening)
    window.setMenuWidget(bars)
    window.setCentralWidget(window.player)
    below = QStatusBar(sizeGripEnabled=False)
    below.addWidget(Hold(window.status, least=QSize(200, window.status.minimumHeight())), 1)
    window.setStatusBar(below)
    options = QMainWindow.DockOption
    window.setDockOptions(options.AllowNestedDocks | options.AllowTabbedDocks)
    window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
    for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
        window.setCorner(corner, _BOTTOM)
    docks = {
        "chat": Dock("chat", "Ask", window.chat, palette, window),
        "timeline": Dock("timeline", "Timeline", window.timeline, palette, window),
        "moments": Dock("moments", "Moments", window.moments, palette, window),
    }
    for name, dock in docks.items():
        window.addDockWidget(_BOTTOM if name == "timeline" else _RIGHT, dock)
    for dock in _beside(docks)[1:]:
        window.tabifyDockWidget(docks["chat"], dock)
    docks["chat"].raise_()
    return docks


def first_sizes(window: QMainWindow, docks: dict[str, Dock]) -> None:
    """Every dock as large as at first."""
    beside = _beside(docks)
    width = min(round(window.width() * _CHAT_SHARE), _CHAT_MOST)
    height = min(round(window.height() * _TIMELINE_SHARE), _TIMELINE_MOST)
    window.resizeDocks(beside[:1], [width], Qt.Orientation.Horizontal)
    window.resizeDocks([docks["timeline"]], [height], Qt.Orientation.Vertical)


def _beside(docks: dict[str, Dock]) -> list[Dock]:
    return [dock for name, dock in docks.items() if name != "timeline"]
