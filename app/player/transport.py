"""The bar under the film: buttons out as intentions, the player's state in as labels. It never touches the player."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QSlider, QToolButton, QWidget

from app.clock import clock
from app.player.bounds import Loop
from app.player.narrow_row import NarrowRow
from app.player.subtitles import Subtitles
from app.player.time_field import TimeField
from app.player.transport_menus import ChaptersMenu, SoundMenu, SpeedMenu, SubtitlesMenu
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton
from engine.ingest.chapters import Chapter

_BUTTONS = {  # name: (icon, tooltip)
    "start": ("skip-back", "To the start (Home)"),
    "back": ("caret-left", "One frame back (,)"),
    "play": ("play", "Play or pause (Space)"),
    "on": ("caret-right", "One frame on (.)"),
    "end": ("skip-forward", "To the end (End)"),
    "chapter": ("bookmark-simple", "Chapters (Page ↓, Page ↑)"),
    "loop": ("repeat", "Loop: begin, end, none (L)"),
    "sound": ("headphones", "Sound track (#)"),
    "subtitles": ("closed-captioning", "Subtitles (V)"),
    "speed": (None, "Speed ([ and ])"),
    "mute": ("speaker-high", "Mute (M)"),
    "keys": ("keyboard", "List of keys (?)"),
    "full": ("corners-out", "Full screen (F)"),
    "more": ("dots-three", "More"),
}
_ORDER = ("start", "back", "play", "on", "end", "time", "length", "frame", "chapter", "title", "stretch", "loop",
          "sound", "subtitles", "speed", "mute", "volume", "keys", "full", "more")  # fmt: skip
_GIVEN_UP = ("title", "keys", "frame", "volume", "end", "start", "length", "sound", "chapter", "speed", "loop", "on",
             "back", "subtitles", "mute")  # fmt: skip
_NEED_FILM = ("start", "back", "play", "on", "end", "chapter", "loop", "sound", "subtitles")
_LEAST_WIDTH, _HEIGHT, _EDGE = 240, 48, 12
_TITLE_WIDTH = 140


class Transport(NarrowRow):
    """Play, step, time, chapters, loop, subtitles, speed, sound."""

    toggled = Signal()
    stepped = Signal(int)
    start_wanted = Signal()
    end_wanted = Signal()
    seek_wanted = Signal(float)
    loop_wanted = Signal()
    sound_wanted = Signal(int)
    speed_wanted = Signal(float)
    volume_wanted = Signal(float)
    mute_wanted = Signal()
    full_screen_wanted = Signal()
    keys_wanted = Signal()
    subtitle_file_wanted = Signal()

    def __init__(self, palette: Palette, subtitles: Subtitles, parent: QWidget | None = None) -> None:
        super().__init__(_LEAST_WIDTH, _HEIGHT, _EDGE, parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self._palette, self._subtitles = palette, subtitles
        self._playing = self._muted = self._full = False
        self._volume_now, self._loop, self._chapters = 1.0, None, ()
        self._buttons = {name: self._button(name) for name in _BUTTONS}
        self.time = TimeField()
        self._length, self._frame, self._title = QLabel(), QLabel(), QLabel()
        for label in (self._length, self._frame, self._title):
            mark(label, kind="control", tone="3")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._volume = self._slider()
        self._add_menus()
        self._connect()
        others = {"time": self.time, "length": self._length, "frame": self._frame, "title": self._title,
                  "volume": self._volume}  # fmt: skip
        self.fill({**self._buttons, **others}, _ORDER, _GIVEN_UP, "more")
        self.set_chapters(())
        self.set_chapter(None)
        self.set_sounds((), -1)
        self.set_speed(1.0)
        self.set_film(None)
        self.apply_palette(palette)

    def _button(self, name: str) -> QToolButton:
        picture, tip = _BUTTONS[name]
        dress = "" if picture is None else "play" if name == "play" else "icon"
        button = ToolButton(tip, dress=dress, size=18)
        button.setObjectName(name)
        return button

    def _slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, toolTip="Volume (9 and 0)")
        slider.setAccessibleName("Volume")
        slider.setRange(0, 100)
        slider.setPageStep(5)
        slider.setFixedWidth(88)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        slider.valueChanged.connect(lambda value: self.volume_wanted.emit(value / 100))
        return slider

    def _add_menus(self) -> None:
        buttons = self._buttons
        self._speeds, self._chapter_list, self._sounds = SpeedMenu(self), ChaptersMenu(self), SoundMenu(self)
        subtitles = SubtitlesMenu(self._subtitles, self)
        subtitles.file_wanted.connect(self.subtitle_file_wanted)
        self._speeds.wanted.connect(self.speed_wanted)
        self._chapter_list.wanted.connect(self.seek_wanted)
        self._sounds.wanted.connect(self.sound_wanted)
        menus = {"speed": self._speeds, "chapter": self._chapter_list, "sound": self._sounds, "subtitles": subtitles}
        for name, menu in menus.items():
            buttons[name].setMenu(menu)
            buttons[name].setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _connect(self) -> None:
        buttons = self._buttons
        simple = {"play": self.toggled, "start": self.start_wanted, "end": self.end_wanted, "loop": self.loop_wanted,
                  "mute": self.mute_wanted, "full": self.full_screen_wanted, "keys": self.keys_wanted}  # fmt: skip
        for name, signal in simple.items():
            buttons[name].clicked.connect(signal)
        buttons["back"].clicked.connect(lambda: self.stepped.emit(-1))
        buttons["on"].clicked.connect(lambda: self.stepped.emit(1))
        self._subtitles.changed.connect(self._draw_icons)

    def menu_of(self, name: str) -> QMenu:
        """The menu of a button: speed, chapter, sound, subtitles or more."""
        return self._buttons[name].menu()

    def set_film(self, duration_seconds: float | None) -> None:
        """Name the film's length; None without a film."""
        for name in _NEED_FILM:
            self._buttons[name].setEnabled(duration_seconds is not None)
        self._length.setText("" if duration_seconds is None else f"/ {clock(duration_seconds)}")
        self.time.set_length(duration_seconds)
        self.set_frame(None)
        self.refit()

    def set_seconds(self, seconds: float | None) -> None:
        """The moment on screen."""
        self.time.set_seconds(seconds)

    def set_frame(self, number: int | None, *, count: int = 0) -> None:
        """The number of the picture on screen, None while unknown; room for `count`."""
        self._frame.setText("" if number is None else f"#{number:,}")
        self._frame.setToolTip("" if number is None else f"Frame {number:,} of {count:,}, counted from 0")
        wide = self._frame.fontMetrics().horizontalAdvance(f"#{count:,}") + 12 if count else 0
        if wide != self._frame.minimumWidth():
            self._frame.setMinimumWidth(wide)
            self.refit()

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """Another film's chapters."""
        self._chapters = tuple(chapters)
        self._chapter_list.set_chapters(chapters)
        self.set_present("chapter", bool(chapters))

    def set_chapter(self, chapter: Chapter | None) -> None:
        """The chapter on screen."""
        self._chapter_list.set_now(chapter)
        tip = _BUTTONS["chapter"][1]
        title = chapter.title if chapter is not None else ""
        self._buttons["chapter"].setToolTip(f"{title}\n{tip}" if title else tip)
        self._title.setToolTip(title)
        self._title.setText(self._title.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, _TITLE_WIDTH))
        self.set_present("title", bool(title))
        self.refit()

    def set_sounds(self, names: Sequence[str], chosen: int) -> None:
        """The sound tracks; one alone is no choice."""
        self._sounds.set_sounds(names, chosen)
        self.set_present("sound", len(names) > 1)

    def set_playing(self, playing: bool) -> None:
        """The play button shows what a click would do."""
        self._playing = playing
        self._draw_icons()

    def set_loop(self, loop: Loop | None) -> None:
        """The loop as it is."""
        self._loop = loop
        self._draw_icons()

    def set_full_screen(self, full: bool) -> None:
        """Whether the film fills the screen."""
        self._full = full
        self._draw_icons()

    def set_volume(self, share: float, *, muted: bool) -> None:
        """Loudness as it is."""
        self._muted, self._volume_now = muted, share
        self._volume.blockSignals(True)
        self._volume.setValue(round(share * 100))
        self._volume.blockSignals(False)
        self._draw_icons()

    def set_speed(self, factor: float) -> None:
        """Speed as it is."""
        self._buttons["speed"].setText(f"{factor:.3g}×" if factor != 1 else "1.0×")
        self._speeds.set_speed(factor)
        self.refit()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        self._draw_icons()

    def _draw_icons(self) -> None:
        loud = "speaker-high" if self._volume_now > 0.5 else "speaker-low" if self._volume_now else "speaker-none"
        on = self._subtitles.chosen is not None
        looped = self._loop is not None and self._loop[1] is not None
        swapped = {
            "play": "pause" if self._playing else "play",
            "mute": "speaker-slash" if self._muted else loud,
            "full": "corners-in" if self._full else "corners-out",
            "subtitles": "closed-captioning-fill" if on else "closed-captioning",
            "loop": "repeat-fill" if looped else "repeat",
        }
        lit = {"subtitles": on, "loop": self._loop is not None}
        for name, button in self._buttons.items():
            picture = swapped.get(name, _BUTTONS[name][0])
            if picture is not None:
                colour = self._palette.accent if lit.get(name) else self._palette.text
                button.setIcon(icon(picture, colour, disabled=self._palette.text3))
        half = self._loop is not None and not looped
        self._buttons["loop"].setToolTip("Loop: press at its end (L)" if half else _BUTTONS["loop"][1])
        state = "on" if looped else "begun" if half else "off"
        self._buttons["loop"].setAccessibleDescription(f"The loop is {state}")
        self._buttons["subtitles"].setAccessibleDescription("Subtitles are on" if on else "Subtitles are off")
