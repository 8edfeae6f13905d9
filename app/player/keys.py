"""Keys in, names of actions out: mpv's habits. One table for the window and for the list under `?`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from app.style import mark

KEYS: tuple[tuple[str, str, str], ...] = (  # action, keys as shown, meaning
    ("toggle", "Space", "play or pause"),
    ("back_5", "←", "5 seconds back"),
    ("on_5", "→", "5 seconds on"),
    ("back_1", "Shift + ←", "1 second back"),
    ("on_1", "Shift + →", "1 second on"),
    ("frame_back", ",  or  ↓", "one frame back"),
    ("frame_on", ".  or  ↑", "one frame on"),
    ("start", "Home", "to the start"),
    ("end", "End", "to the end"),
    ("slower", "[", "slower"),
    ("faster", "]", "faster"),
    ("quieter", "9", "quieter"),
    ("louder", "0", "louder"),
    ("mute", "M", "mute"),
    ("full_screen", "F", "full screen"),
    ("ask", "/", "type a question"),
    ("open", "Ctrl + O", "open a film"),
    ("export", "Ctrl + S", "save the conversation"),
    ("models", "Ctrl + M", "choose, download or remove a model"),
    ("settings", "Ctrl + ,", "settings"),
    ("moment_next", "N", "next moment; with Shift the one before"),
    ("pane_1", "Ctrl + 1, 2, 3", "go to a pane: ask, timeline, moments"),
    ("pane_next", "F6", "next part of the window"),
    ("stop", "Esc", "stop the answer, leave full screen, leave the question box"),
    ("keys", "?", "this list"),
)

_BY_KEY = {
    Qt.Key.Key_Space: "toggle", Qt.Key.Key_Comma: "frame_back", Qt.Key.Key_Period: "frame_on",
    Qt.Key.Key_Down: "frame_back", Qt.Key.Key_Up: "frame_on", Qt.Key.Key_Home: "start", Qt.Key.Key_End: "end",
    Qt.Key.Key_BracketLeft: "slower", Qt.Key.Key_BracketRight: "faster", Qt.Key.Key_9: "quieter",
    Qt.Key.Key_0: "louder", Qt.Key.Key_M: "mute", Qt.Key.Key_F: "full_screen", Qt.Key.Key_Slash: "ask",
    Qt.Key.Key_Escape: "stop", Qt.Key.Key_Question: "keys", Qt.Key.Key_F6: "pane_next",
}  # fmt: skip
_WITH_CONTROL = {
    Qt.Key.Key_O: "open", Qt.Key.Key_S: "export", Qt.Key.Key_M: "models", Qt.Key.Key_Comma: "settings",
    Qt.Key.Key_1: "pane_1", Qt.Key.Key_2: "pane_2", Qt.Key.Key_3: "pane_3",
}  # fmt: skip


def action_for(event: QKeyEvent) -> str | None:
    """The action a key press means; None if it is nobody's."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    shift = modifiers == Qt.KeyboardModifier.ShiftModifier
    key = event.key()
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and (shift or not modifiers):
        way = "back" if key == Qt.Key.Key_Left else "on"
        return f"{way}_{1 if shift else 5}"
    if key == Qt.Key.Key_N and (shift or not modifiers):
        return "moment_previous" if shift else "moment_next"
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        return _WITH_CONTROL.get(Qt.Key(key))
    if event.text() == "?":
        return "keys"
    return _BY_KEY.get(Qt.Key(key)) if not modifiers or (shift and event.text() in "/[]") else None


class KeysDialog(QDialog):
    """The table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        half = (len(KEYS) + 1) // 2
        for place, (_, keys, meaning) in enumerate(KEYS):
            name, text = QLabel(keys), QLabel(meaning)
            mark(name, kind="control")
            mark(text, kind="small", tone="2")
            column = 2 * (place // half)
            grid.addWidget(name, place % half, column)
            grid.addWidget(text, place % half, column + 1)
