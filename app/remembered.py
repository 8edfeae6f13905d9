"""The window's size, its docks, volume and theme, kept from one start to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from app.layout import first_sizes

if TYPE_CHECKING:
    from app.main_window import MainWindow

_SIZE = (1600, 1000)
_DOCKS = 1  # rises when a dock is added: an older layout does not know it


class Remembered:
    """Settings of one window."""

    def __init__(self, settings: QSettings, window: MainWindow) -> None:
        self._settings, self._window = settings, window
        self._first = window.saveState(_DOCKS)  # docks added a second time would leave tabs behind

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        try:
            return min(max(float(str(self._settings.value("volume", 0.8))), 0.0), 1.0)
        except ValueError:
            return 0.8

    def restore(self) -> None:
        """As it was left; at the first start as it was drawn, as far as the screen allows."""
        window, room = self._window, self._window.screen().availableGeometry()
        window.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))
        state = self._settings.value("window")
        if isinstance(state, QByteArray):
            window.restoreGeometry(state)
        window.timeline.restore_state(str(self._settings.value("timeline", "")))
        self.restore_layout()

    def restore_layout(self) -> None:
        """The docks as they were left, else where they first stood."""
        state = self._settings.value("docks")
        if not (isinstance(state, QByteArray) and self._window.restoreState(state, _DOCKS)):
            self._place()

    def keep_layout(self) -> None:
        """Note where the docks stand."""
        self._settings.setValue("docks", self._window.saveState(_DOCKS))

    def forget_layout(self) -> None:
        """The docks where they first stood."""
        self._settings.remove("docks")
        self._place()

    def _place(self) -> None:
        self._window.restoreState(self._first, _DOCKS)
        first_sizes(self._window, self._window.docks)

    def keep(self, *, volume: float, theme: str) -> None:
        """Write all of it down."""
        if not self._window.isFullScreen():
            self._settings.setValue("window", self._window.saveGeometry())
            self.keep_layout()
        self._settings.setValue("volume", volume)
        self._settings.setValue("timeline", self._window.timeline.state())
        self._settings.setValue("theme", theme)
        self._settings.sync()
