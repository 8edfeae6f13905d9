"""Keys in, names of actions out: mpv's habits. One table for the window and for the list under `?`.

A key is named by what it types where it types a sign (`[` is AltGr+8 on a German keyboard), else by its name; letters
by their name, so that Caps Lock changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_SHOWN = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter", "PgUp": "Page ↑", "PgDown": "Page ↓"}
_REPEATING = frozenset({
    "back_5", "on_5", "back_1", "on_1", "back_60", "on_60", "back_600", "on_600", "frame_back", "frame_on", "slower",
    "faster", "quieter", "louder", "earlier", "later", "smaller", "larger", "undo", "redo", "line_back", "line_on",
    "chapter_back", "chapter_on", "moment_next", "moment_previous",
})  # fmt: skip
_CONTROL, _ALT, _SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: a meaning, the keys for it by action, and keys that go without saying."""

    meaning: str
    keys: tuple[tuple[str, str], ...]  # action, key
    unsaid: tuple[tuple[str, str], ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """What its keys do, each once."""
        return tuple(dict.fromkeys(action for action, _ in self.keys))

    @property
    def shown(self) -> tuple[str, tuple[str, ...]]:
        """What is held down for all its keys, if that is one, and the keys, as people read them."""
        parts = [key.rsplit("+", 1) if len(key) > 1 and "+" in key else ["", key] for _, key in self.keys]
        held = {holding for holding, _ in parts}
        if len(held) == 1:
            return _as_read(parts[0][0]), tuple(_as_read(key) for _, key in parts)
        return "", tuple(_as_read(key) for _, key in self.keys)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together."""

    title: str
    rows: tuple[Row, ...]


def _row(meaning: str, *keys: str, unsaid: tuple[str, ...] = ()) -> Row:
    """A row of `action key` words."""
    pairs, more = ([tuple(words.split(" ", 1)) for words in lines] for lines in (keys, unsaid))
    return Row(meaning, tuple((action, key) for action, key in pairs), tuple((action, key) for action, key in more))


GROUPS = (
    Group("Playing", (
        _row("play or pause", "toggle Space", "toggle P", unsaid=("toggle Media Play", "toggle Toggle Media Play/Pause",
                                                                  "toggle Media Pause")),
        _row("one frame back, on", "frame_back ,", "frame_on ."),
        _row("slower, faster", "slower [", "faster ]"),
        _row("half, double the speed", "half_speed {", "double_speed }"),
        _row("normal speed", "normal_speed Backspace"),
        _row("loop: begin, end, none", "loop L"),
        _row("save the picture on screen", "snapshot S"),
    )),
    Group("Moving", (
        _row("5 seconds back, on", "back_5 Left", "on_5 Right"),
        _row("1 second back, on", "back_1 Shift+Left", "on_1 Shift+Right"),
        _row("1 minute back, on", "back_60 Down", "on_60 Up"),
        _row("10 minutes back, on", "back_600 Shift+PgDown", "on_600 Shift+PgUp"),
        _row("to the start, the end", "start Home", "end End"),
        _row("previous, next chapter", "chapter_back PgDown", "chapter_on PgUp"),
        _row("previous, next subtitle", "line_back Ctrl+Left", "line_on Ctrl+Right"),
        _row("to a typed time", "go_to G", unsaid=("go_to Ctrl+G",)),
        _row("undo, redo a seek", "undo Ctrl+Z", "redo Ctrl+Shift+Z", unsaid=("undo Shift+Backspace", "redo Ctrl+Y")),
    )),
    Group("Sound and subtitles", (
        _row("quieter, louder", "quieter 9", "louder 0", unsaid=("quieter Num+/", "louder Num+*", "louder *")),
        _row("mute", "mute M"),
        _row("next sound track", "next_sound #"),
        _row("subtitles on, off", "subtitles V"),
        _row("other subtitles", "next_subtitles J", "last_subtitles Shift+J"),
        _row("subtitles earlier, later", "earlier Z", "later X", unsaid=("later Shift+Z",)),
        _row("subtitles smaller, larger", "smaller Shift+F", "larger Shift+G"),
    )),
    Group("Asking", (
        _row("type a question", "ask /"),
        _row("stop opening a film, or the answer", "stop Esc"),
        _row("save the conversation", "export Ctrl+S"),
    )),
    Group("Timeline", (
        _row("previous, next moment", "moment_previous Shift+N", "moment_next N"),
        _row("play only this moment", "moment_play Return", unsaid=("moment_play Enter",)),
        _row("save the moments", "moments_save Ctrl+Shift+S"),
        _row("charts of relevance and tokens", "charts Ctrl+D"),
    )),
    Group("Window", (
        _row("full screen, and back", "full_screen F", "stop Esc", unsaid=("full_screen F11",)),
        _row("open a film", "open Ctrl+O"),
        _row("choose or download a model", "models Ctrl+M"),
        _row("settings", "settings Ctrl+,"),
        _row("ask, timeline, moments", "pane_1 Ctrl+1", "pane_2 Ctrl+2", "pane_3 Ctrl+3"),
        _row("next part of the window", "pane_next F6"),
        _row("this list", "keys ?", unsaid=("keys F1",)),
    )),
)  # fmt: skip

# What a part of the window does itself while it has the keyboard; the actions are names only.
FOCUSED = (
    Group("On the timeline itself", (
        _row("previous, next segment", "segment_back Left", "segment_on Right"),
        _row("select segments for a question", "select_back Shift+Left", "select_on Shift+Right"),
        _row("go to the segment", "segment_go Return"),
        _row("closer, wider, whole film", "zoom_in +", "zoom_out -", "fit Ctrl+0"),
        _row("ask about the whole film again", "no_range Esc"),
    )),
)  # fmt: skip


def _by_key() -> dict[str, str]:
    rows = chain.from_iterable(group.rows for group in GROUPS)
    return {key: action for row in rows for action, key in (*row.keys, *row.unsaid)}


def action_for(event: QKeyEvent) -> str | None:
    """The action a key press means; None if it is nobody's, or held down where once is enough."""
    action = _BY_KEY.get(key_name(event))
    return None if event.isAutoRepeat() and action not in _REPEATING else action


def key_name(event: QKeyEvent) -> str:
    """A key press as the table names it."""
    modifiers, key, text = event.modifiers(), event.key(), event.text()
    number_pad = "Num+" if modifiers & Qt.KeyboardModifier.KeypadModifier else ""
    plain = not modifiers & (_CONTROL | _ALT) or (modifiers & _CONTROL and modifiers & _ALT)  # both: AltGr on Windows
    letter = Qt.Key.Key_A <= key <= Qt.Key.Key_Z
    if plain and len(text) == 1 and text.isprintable() and not text.isspace() and not letter:
        return f"{number_pad}{text}" if f"{number_pad}{text}" in _BY_KEY else text
    kept = modifiers & (_CONTROL | _ALT | _SHIFT)
    name = QKeySequence(QKeyCombination(Qt.KeyboardModifier.NoModifier, Qt.Key(key)))
    held = "".join(word for flag, word in ((_CONTROL, "Ctrl+"), (_ALT, "Alt+"), (_SHIFT, "Shift+")) if kept & flag)
    return held + name.toString(QKeySequence.SequenceFormat.PortableText)


def _as_read(key: str) -> str:
    parts = [_SHOWN.get(part, part) for part in key.split("+")] if len(key) > 1 else [key]
    return " + ".join(parts)


_BY_KEY = _by_key()
