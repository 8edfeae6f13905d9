"""Loudness, silence and the sound track, over one projector."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QMediaDevices

from app.player.projector import Projector

_STEP = 0.05
_USUAL = 0.8


class Sound(QObject):
    """What is heard."""

    changed = Signal()
    told = Signal(str)  # a short word for the picture's corner

    def __init__(self, projector: Projector, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projector = projector
        self.volume, self.muted = _USUAL, False
        self._said = False  # that there is no sound output

    @property
    def tracks(self) -> tuple[str, ...]:
        """What each sound track is called."""
        return self._projector.sounds()

    @property
    def track(self) -> int:
        """The one that plays; -1 for none."""
        return self._projector.sound

    def set_volume(self, share: float, *, tell: bool = True) -> None:
        """Loudness, 0 to 1; a change ends silence."""
        self.volume, self.muted = min(max(share, 0.0), 1.0), False
        self._apply(self._loudness if tell else "")

    def change_volume(self, steps: float) -> None:
        """Louder or quieter."""
        self.set_volume(self.volume + steps * _STEP)

    def toggle_mute(self) -> None:
        """Silent, or not."""
        self.muted = not self.muted
        self._apply("Muted" if self.muted else self._loudness)

    def set_track(self, number: int) -> None:
        """Play another sound track."""
        self._projector.set_sound_track(number)
        self._apply(f"Sound: {self.tracks[number]}")

    def next_track(self) -> None:
        """The sound track after this one."""
        if len(self.tracks) > 1:
            self.set_track((self.track + 1) % len(self.tracks))
        else:
            self.told.emit("There is one sound track" if self.tracks else "This film has no sound")

    def on_playing(self, playing: bool) -> None:
        """Who hears nothing shall know why."""
        if playing and not self._said and self.tracks and not QMediaDevices.audioOutputs():
            self._said = True
            self.told.emit("This computer has no sound output")

    @property
    def _loudness(self) -> str:
        return f"Volume {self.volume:.0%}"

    def _apply(self, word: str) -> None:
        self._projector.set_sound(self.volume, muted=self.muted)
        self.changed.emit()
        if word:
            self.told.emit(word)
