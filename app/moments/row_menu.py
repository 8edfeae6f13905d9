"""What the right button over a moment offers: play, loop, ask about it, take its time along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget


def row_menu(
    parent: QWidget,
    *,
    play: Callable[[], object],
    loop: Callable[[], object],
    ask: Callable[[], object],
    copy: Callable[[], object],
    clip: Callable[[], object],
) -> QMenu:
    """A menu that deletes itself when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Play this moment\tEnter", play)
    menu.addAction("Play it in a loop", loop)
    menu.addAction("Ask about this part only", ask)
    menu.addSeparator()
    menu.addAction("Copy its time\tCtrl+C", copy)
    menu.addAction("Save it as a clip…", clip)
    return menu
