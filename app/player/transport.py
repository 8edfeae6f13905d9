"""The bar under the film: buttons out as intentions, the player's state in as labels. It never touches the player."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget

from app.clock import clock
from app.player.playback import SPEEDS
from app.style import mark
from app.theme import Palette, icon

_BUTTONS = {  # name: (icon, tooltip)
    "start": ("skip-back", "To the start (Home)"),
    "back": ("caret-left", "One frame back (,)"),
    "play": ("play", "Play or pause (Space)"),
    "on": ("caret-right", "One frame on (.)"),
    "end": ("skip-forward", "To the end (End)"),
    "mute": ("speaker-high", "Mute (M)"),
    "full": ("corners-out", "Full screen (F)"),
    "keys": ("keyboard", "List of keys (?)"),
}


class Transport(QWidget):
    """Play, step, time, speed, volume."""

    toggled = Signal()
    stepped = Signal(int)
    start_wanted = Signal()
    end_wanted = Signal()
    speed_wanted = Signal(float)
    volume_wanted = Signal(float)
    mute_wanted = Signal()
    full_screen_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(48)
        self._palette = palette
        self._playing = self._muted = False
        self._buttons = {name: self._button(name) for name in _BUTTONS}
        self._time = QLabel("–:–")
        mark(self._time, kind="strong")
        self._length = QLabel()
        mark(self._length, kind="control", tone="3")
        self._speed = QToolButton(text="1.0×", toolTip="Speed ([ and ])")
        self._speed.setAccessibleName("Speed")
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setMenu(self._speed_menu())
        self._volume = QSlider(Qt.Orientation.Horizontal, toolTip="Volume (9 and 0)")
        self._volume.setAccessibleName("Volume")
        self._volume.setRange(0, 100)
        self._volume.setFixedWidth(88)
        self._volume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._volume.valueChanged.connect(lambda value: self.volume_wanted.emit(value / 100))
        self._connect()
        self._lay_out()
        self.set_film(None)
        self.apply_palette(palette)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(toolTip=_BUTTONS[name][1])
        button.setAccessibleName(_BUTTONS[name][1].split(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys away from the player
        button.setObjectName(name)
        button.setIconSize(QSize(18, 18))
        mark(button, button="play" if name == "play" else "icon")
        return button

    def _speed_menu(self) -> QMenu:
        menu = QMenu(self)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(f"{speed:g}×", menu, checkable=True)
            action.setData(speed)
            action.triggered.connect(lambda _=False, speed=speed: self.speed_wanted.emit(speed))
            self._speeds.addAction(action)
            menu.addAction(action)
        return menu

    def _connect(self) -> None:
        buttons = self._buttons
        buttons["play"].clicked.connect(self.toggled)
        buttons["back"].clicked.connect(lambda: self.stepped.emit(-1))
        buttons["on"].clicked.connect(lambda: self.stepped.emit(1))
        buttons["start"].clicked.connect(self.start_wanted)
        buttons["end"].clicked.connect(self.end_wanted)
        buttons["mute"].clicked.connect(self.mute_wanted)
        buttons["full"].clicked.connect(self.full_screen_wanted)
        buttons["keys"].clicked.connect(self.keys_wanted)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        for name in ("start", "back", "play", "on", "end"):
            row.addWidget(self._buttons[name])
        row.addSpacing(12)
        row.addWidget(self._time)
        row.addWidget(self._length)
        row.addStretch()
        row.addWidget(self._speed)
        row.addSpacing(8)
        row.addWidget(self._buttons["mute"])
        row.addWidget(self._volume)
        row.addStretch()
        row.addWidget(self._buttons["keys"])
        row.addWidget(self._buttons["full"])

    def set_film(self, duration_seconds: float | None) -> None:
        """Name the film's length; None without a film."""
        for name, button in self._buttons.items():
            button.setEnabled(duration_seconds is not None or name in ("keys", "full", "mute"))
        self._length.setText("" if duration_seconds is None else f"/ {clock(duration_seconds)}")
        self.set_seconds(0.0 if duration_seconds is not None else None)

    def set_seconds(self, seconds: float | None) -> None:
        """The moment on screen."""
        self._time.setText("–:–" if seconds is None else clock(max(seconds, 0.0)))

    def set_playing(self, playing: bool) -> None:
        """The play button shows what a click would do."""
        self._playing = playing
        self._draw_icons()

    def set_volume(self, share: float, *, muted: bool) -> None:
        """Loudness as it is."""
        self._muted = muted
        self._volume.blockSignals(True)
        self._volume.setValue(round(share * 100))
        self._volume.blockSignals(False)
        self._draw_icons()

    def set_speed(self, factor: float) -> None:
        """Speed as it is."""
        self._speed.setText(f"{factor:g}×" if factor != 1 else "1.0×")
        for action in self._speeds.actions():
            action.setChecked(action.data() == factor)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        self._draw_icons()

    def _draw_icons(self) -> None:
        swapped = {"play": "pause" if self._playing else "play",
                   "mute": "speaker-slash" if self._muted else "speaker-high"}  # fmt: skip
        for name, button in self._buttons.items():
            picture = swapped.get(name, _BUTTONS[name][0])
            button.setIcon(icon(picture, self._palette.text, disabled=self._palette.text3))
