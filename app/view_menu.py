"""What is shown: a switch for every dock, the theme, full screen, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.theme import Theme

_THEMES = {"system": "Colours as the system has them", "dark": "Dark", "light": "Light"}


class ViewMenu(QMenu):
    """Opens under the View button."""

    def __init__(self, window: MainWindow, theme: Theme) -> None:
        super().__init__("View", window)
        for number, dock in enumerate(window.docks.values(), start=1):
            switch = dock.toggleViewAction()
            switch.setText(f"{dock.windowTitle()}\tCtrl+{number}")
            self.addAction(switch)
        self.addAction("Put the panes back", window.reset_layout)
        self.addAction("Charts of relevance and tokens\tCtrl+D", window.charts.show)
        self.addSeparator()
        self._themes = QActionGroup(self)
        for mode, text in _THEMES.items():
            action = QAction(text, self, checkable=True)
            action.setData(mode)
            action.triggered.connect(lambda _=False, mode=mode: theme.set_mode(mode))
            self._themes.addAction(action)
            self.addAction(action)
        self.addSeparator()
        self.addAction("Full screen\tF", window.toggle_full_screen)
        self.addAction("Keys\t?", window.show_keys)
        self.addAction("About Tempo Desk", window.show_about)
        self.aboutToShow.connect(lambda: self._check(theme.mode))

    def _check(self, mode: str) -> None:
        for action in self._themes.actions():
            action.setChecked(action.data() == mode)
