"""What each action of the keys does to the window; `app.player.keys` says which key means which action."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.main_window import MainWindow


def key_actions(window: MainWindow) -> dict[str, Callable[[], object]]:
    """One callable for every action in the table of keys."""
    player = window.player
    return {
        "toggle": player.playback.toggle,
        "back_5": lambda: player.seek_by(-5), "on_5": lambda: player.seek_by(5),
        "back_1": lambda: player.seek_by(-1), "on_1": lambda: player.seek_by(1),
        "frame_back": lambda: player.playback.step(-1), "frame_on": lambda: player.playback.step(1),
        "start": lambda: player.seek(0.0), "end": player.to_end,
        "slower": lambda: player.change_speed(-1), "faster": lambda: player.change_speed(1),
        "quieter": lambda: player.set_volume(player.volume - 0.05),
        "louder": lambda: player.set_volume(player.volume + 0.05),
        "mute": player.toggle_mute, "full_screen": window.toggle_full_screen,
        "ask": window.chat.composer.box.setFocus, "open": window.desk.choose_film, "export": window.desk.export,
        "moment_next": window.moments.next, "moment_previous": window.moments.previous,
        "moment_play": window.moments.play, "settings": window.settings.show,
        "models": window.models.show, "pane_next": window.next_pane, "pane_previous": lambda: window.next_pane(-1),
        **{f"pane_{number}": partial(window.reveal, name) for number, name in enumerate(window.docks, start=1)},
        "stop": window.escape, "keys": window.show_keys,
    }  # fmt: skip
