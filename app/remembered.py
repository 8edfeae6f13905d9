"""The window's size, its splitters, volume and theme, kept from one start to the next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

_SIZE = (1600, 1000)
_SIZES = {"above": [1056, 544], "panes": [640, 280]}  # at that size


class Remembered:
    """Settings of one window."""

    def __init__(self, settings: QSettings, window: QMainWindow, splitters: Mapping[str, QSplitter]) -> None:
        self._settings, self._window, self._splitters = settings, window, splitters

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        return float(str(self._settings.value("volume", 0.8)))

    def restore(self) -> None:
        """As it was left; at the first start as it was drawn."""
        self._window.resize(*_SIZE)
        for name, splitter in self._splitters.items():
            splitter.setSizes(_SIZES[name])
        state = self._settings.value("window")
        if isinstance(state, QByteArray):
            self._window.restoreGeometry(state)
        for name, splitter in self._splitters.items():
            state = self._settings.value(name)
            if isinstance(state, QByteArray):
                splitter.restoreState(state)

    def keep(self, *, volume: float, theme: str) -> None:
        """Write all of it down."""
        if not self._window.isFullScreen():
            self._settings.setValue("window", self._window.saveGeometry())
            for name, splitter in self._splitters.items():
                self._settings.setValue(name, splitter.saveState())
        self._settings.setValue("volume", volume)
        self._settings.setValue("theme", theme)
        self._settings.sync()
