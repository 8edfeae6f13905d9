"""The film: a path in, the moment on screen out. Puts screen, transport and playback together."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.player.playback import SPEEDS, Playback
from app.player.screen import Screen, Welcome
from app.player.transport import Transport
from app.style import mark
from app.theme import Palette
from engine.records import VideoInfo


class PlayerPane(QWidget):
    """Plays the film and says where it is."""

    moved = Signal(float)
    failed = Signal(str)
    open_wanted = Signal()
    sample_wanted = Signal()
    full_screen_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, palette: Palette, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.playback = Playback(self)
        self._screen = Screen(palette)
        self._welcome = Welcome(palette, has_sample=has_sample)
        self._transport = Transport(palette)
        self._volume, self._muted, self._speed = 0.8, False, 1.0
        stage = QWidget()
        self._stack = QStackedLayout(stage)
        self._stack.addWidget(self._welcome)
        self._stack.addWidget(self._screen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(stage, 1)
        column.addWidget(self._transport)
        self._connect()
        self.set_volume(self._volume)

    def _connect(self) -> None:
        playback, bar = self.playback, self._transport
        playback.frame_shown.connect(self._on_frame)
        playback.moved.connect(self._on_moved)
        playback.playing_changed.connect(bar.set_playing)
        playback.failed.connect(self.failed)
        self._screen.clicked.connect(playback.toggle)
        self._screen.double_clicked.connect(self.full_screen_wanted)
        self._welcome.open_wanted.connect(self.open_wanted)
        self._welcome.sample_wanted.connect(self.sample_wanted)
        bar.toggled.connect(playback.toggle)
        bar.stepped.connect(playback.step)
        bar.start_wanted.connect(lambda: playback.seek(0.0))
        bar.end_wanted.connect(self.to_end)
        bar.speed_wanted.connect(self.set_speed)
        bar.volume_wanted.connect(self.set_volume)
        bar.mute_wanted.connect(self.toggle_mute)
        bar.full_screen_wanted.connect(self.full_screen_wanted)
        bar.keys_wanted.connect(self.keys_wanted)

    @property
    def seconds(self) -> float:
        """The moment on screen."""
        return self.playback.seconds

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        return self._volume

    def load(self, path: Path) -> None:
        """Open a film, held at its first picture."""
        self.playback.load(path)

    def show_film(self, video: VideoInfo | None) -> None:
        """The engine knows the film now: its clock is the one that counts. None: no film."""
        if video is None:
            self.playback.unload()
            self._screen.show_frame(None)
            self._stack.setCurrentWidget(self._welcome)
            self._transport.set_film(None)
            return
        self.playback.know_duration(video.duration_seconds)
        self._stack.setCurrentWidget(self._screen)
        self._transport.set_film(video.duration_seconds)

    def seek(self, seconds: float) -> None:
        """Go to a moment."""
        self.playback.seek(seconds)

    def seek_by(self, seconds: float) -> None:
        """Go on or back."""
        self.playback.seek(self.playback.wanted + seconds)

    def to_end(self) -> None:
        """The last picture."""
        self.playback.pause()
        self.playback.seek(self.playback.duration)

    def set_volume(self, share: float) -> None:
        """Loudness, 0 to 1; a change ends muting."""
        self._volume = min(max(share, 0.0), 1.0)
        self._muted = False
        self._sound()

    def toggle_mute(self) -> None:
        """Silent, or not."""
        self._muted = not self._muted
        self._sound()

    def set_speed(self, factor: float) -> None:
        """Faster or slower."""
        self._speed = factor
        self.playback.set_speed(factor)
        self._transport.set_speed(factor)

    def change_speed(self, steps: int) -> None:
        """The next speed of the list, up or down."""
        place = SPEEDS.index(self._speed) + steps
        self.set_speed(SPEEDS[min(max(place, 0), len(SPEEDS) - 1)])

    def apply_palette(self, palette: Palette) -> None:
        """Repaint in the new colours."""
        for part in (self._screen, self._welcome, self._transport):
            part.apply_palette(palette)

    def _sound(self) -> None:
        self.playback.set_volume(self._volume)
        self.playback.set_muted(self._muted)
        self._transport.set_volume(self._volume, muted=self._muted)

    def _on_frame(self, frame: QVideoFrame) -> None:
        self._screen.show_frame(frame)

    def _on_moved(self, seconds: float) -> None:
        self._transport.set_seconds(seconds)
        self.moved.emit(seconds)
