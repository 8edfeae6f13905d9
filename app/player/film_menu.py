"""What the right button over the film offers: the bar's own menus and buttons, where the bar may be far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from app.clock import clock

if TYPE_CHECKING:
    from app.player.pane import PlayerPane

_SUBMENUS = {"chapter": "Chapters", "subtitles": "Subtitles", "sound": "Sound track", "speed": "Speed"}


def film_menu(player: PlayerPane) -> QMenu:
    """A menu for the film as it is now; whoever shows it deletes it."""
    deck, bar = player.deck, player.transport
    playback = deck.playback
    menu = QMenu(player)
    _add(menu, "Pause" if playback.playing else "Play", "Space", playback.toggle)
    _add(menu, "Go to a time…", "G", player.edit_time)
    _add(menu, "Back to before the last seek", "Ctrl+Z", deck.undo_seek)
    menu.addSeparator()
    loop = playback.limits.now.loop
    word = "Begin a loop here" if loop is None else "End the loop here" if loop[1] is None else "No loop"
    _add(menu, word, "L", playback.mark_loop)
    if loop is not None and loop[1] is not None:
        _add(menu, "Save the loop as a clip…", "", lambda: player.save_clip(*loop))
    menu.addSeparator()
    for name, title in _SUBMENUS.items():
        submenu = bar.menu_of(name)
        if submenu.actions() or name == "subtitles":
            submenu.setTitle(title)
            menu.addMenu(submenu)
    menu.addSeparator()
    now = clock(max(playback.wanted, 0.0))
    _add(menu, "Save this picture", "S", player.save_picture)
    _add(menu, f"Copy the time, {now}", "", lambda: QApplication.clipboard().setText(now))
    _add(menu, "Leave full screen" if player.window().isFullScreen() else "Full screen", "F",
         player.full_screen_wanted.emit)  # fmt: skip
    return menu


def _add(menu: QMenu, text: str, key: str, do: object) -> QAction:
    action = menu.addAction(f"{text}\t{key}" if key else text)
    action.triggered.connect(lambda _=False: do())
    return action
