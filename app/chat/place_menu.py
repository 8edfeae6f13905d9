"""What can be done with a place in the film, as a menu: the same under a link and under a picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.clock import clock, span


def place_menu(
    parent: QWidget,
    start: float,
    end: float,
    *,
    seek: Callable[[float], object],
    play: Callable[[float, float], object],
) -> QMenu:
    """Go there, play it, copy its time."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(f"Go to {clock(start)}", lambda: seek(start))
    menu.addAction(f"Play only {span(start, end)}\tShift+Enter", lambda: play(start, end))
    menu.addAction("Copy this time", lambda: QGuiApplication.clipboard().setText(clock(start)))
    return menu
