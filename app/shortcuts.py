"""What each action of the keys does to the window; `app.player.keys` says which key means which action."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QApplication

from app.player.actions import player_actions

if TYPE_CHECKING:
    from app.main_window import MainWindow


def key_actions(window: MainWindow) -> dict[str, Callable[[], object]]:
    """One callable for every action in the table of keys."""
    return {
        **player_actions(window.player), "full_screen": window.toggle_full_screen,
        "ask": partial(window.reveal, "chat"), "open": window.desk.choose_film, "export": window.desk.export,
        "moment_next": window.moments.next, "moment_previous": window.moments.previous,
        "moments_save": window.moments.save,
        "moment_play": partial(_press_or, window.moments.play), "charts": window.charts.show,
        "settings": window.settings.show,
        "models": window.models.show, "pane_next": window.next_pane, "pane_previous": lambda: window.next_pane(-1),
        **{f"pane_{number}": partial(window.reveal, name) for number, name in enumerate(window.docks, start=1)},
        "stop": window.escape, "keys": window.show_keys,
    }  # fmt: skip


def _press_or(otherwise: Callable[[], object]) -> None:
    """Enter presses the button that has the focus; Qt leaves that to Space."""
    focus = QApplication.focusWidget()
    focus.click() if isinstance(focus, QAbstractButton) else otherwise()
