"""Holds the panes in their docks, takes keys and dropped files, remembers how it was left; owns no logic of its own.

Panes emit intentions, `app.wiring` says who hears them, `app.desk` decides what becomes of films and questions.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from app.about import AboutDialog
from app.bars import MessageBar, StatusLine, TopBar
from app.bridge import Bridge
from app.charts.desk import ChartsDesk
from app.chat.model_card import ThingsDialog
from app.chat.pane import ChatPane
from app.cut_finder import CutFinder
from app.desk import Desk
from app.history.desk import HistoryDesk
from app.history.recent import RecentFilms
from app.knowledge import SAMPLE
from app.layout import lay_out
from app.models.desk import ModelsDesk
from app.moments.pane import MomentsPane
from app.opening import OpeningLine, local_files
from app.player.keys import action_for
from app.player.keys_dialog import KeysDialog
from app.player.pane import PlayerPane
from app.remembered import Remembered
from app.resuming import Resuming
from app.settings.desk import SettingsDesk
from app.shortcuts import key_actions
from app.theme import Palette, Theme
from app.thumbnails import Thumbnails
from app.timeline.pane import TimelinePane
from app.view_menu import ViewMenu
from app.wiring import connect


class MainWindow(QMainWindow):
    """The one window."""

    def __init__(self, bridge: Bridge, theme: Theme, settings: QSettings, *, sample: Path = SAMPLE) -> None:
        super().__init__()
        self._bridge, self._theme = bridge, theme
        self.stopped = False  # True once all threads have ended
        self.desk = Desk(self, bridge, sample=sample)
        palette, has_sample = theme.palette, sample.exists()
        self.top = TopBar(palette, has_sample=has_sample)
        self.message = MessageBar(palette)
        self.opening = OpeningLine(palette)
        self.player = PlayerPane(palette, has_sample=has_sample)
        self.chat = ChatPane(self.desk.knowledge, palette)
        self.timeline = TimelinePane(palette)
        self.moments = MomentsPane(settings, palette)
        self.status = StatusLine(palette)
        self.thumbnails = Thumbnails(self)
        self.cuts = CutFinder(self)
        self.models = ModelsDesk(settings, self)
        self.history = HistoryDesk(settings, self)
        self.settings = SettingsDesk(settings, self.models, palette, self)
        self.charts = ChartsDesk(palette, self)
        self.hearing = (self.chat, self.timeline, self.status)  # what is told of a question's events
        self.dressed = [self.top, self.message, self.opening, self.player, self.chat, self.timeline, self.status]
        self.recent = RecentFilms(palette)
        self.dressed += [self.moments, self.settings, self.recent, self.charts]
        bridge.begin_with(self.settings.standing)
        self.setWindowTitle("Tempo Desk")
        self.setAcceptDrops(True)
        self.docks = lay_out(self, palette)
        self.dressed += self.docks.values()
        self.top.set_view_menu(ViewMenu(self, theme))
        connect(self, bridge, theme)
        self.resuming = Resuming(self)
        self._actions = key_actions(self)
        self.chat.set_film(None, self.desk.suggestions())
        self._remembered = Remembered(settings, self)
        self._remembered.restore()
        self.player.set_volume(self._remembered.volume)
        if self.settings.notes:
            self.message.say(" ".join(self.settings.notes))
        self.player.setFocus()

    def on_palette(self, palette: Palette) -> None:
        """Other colours."""
        for part in self.dressed:
            part.apply_palette(palette)

    def warm_up(self) -> None:
        """Get the model ready while nobody waits for it."""
        self._bridge.warm_up()

    def open_film(self, path: Path, *, question: str = "", suggestion: str = "") -> None:
        """Open a film; `question` is asked right after, `suggestion` is typed in and not sent."""
        self.desk.open_film(path, question=question, suggestion=suggestion)

    def ask(self, question: str) -> None:
        """Ask about the open film, or the sample."""
        self.desk.ask(question)

    def toggle_full_screen(self) -> None:
        """The film alone, and back."""
        full = not self.isFullScreen()
        if full:
            self._remembered.keep_layout()
        for part in (self.top, self.statusBar(), *self.docks.values()):
            part.setVisible(not full)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)  # maximised, it stays so beneath
        if not full:
            self._remembered.restore_layout()
        self.player.set_full_screen(full)
        self.player.setFocus()

    def reset_layout(self) -> None:
        """The panes where they first stood."""
        self._remembered.forget_layout()

    def reveal(self, name: str) -> None:
        """Show a dock, in front of what shares its place, and give it the keys. Full screen ends for it."""
        if self.isFullScreen():
            self.toggle_full_screen()
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        if dock.isFloating():
            dock.activateWindow()
        dock.take_focus()
        self.timeline.looking.stay_in_front()

    def show_keys(self) -> None:
        """The list."""
        KeysDialog(self._actions, self).exec()

    def show_about(self) -> None:
        """Version, licences, log."""
        AboutDialog(self).exec()

    def show_things(self) -> None:
        """What the bundled model knows."""
        ThingsDialog(self.desk.knowledge, self).exec()

    def escape(self) -> None:
        """Stop opening a film, else the answer, else leave full screen, else leave the question box."""
        if self.desk.opener.stop() or self.desk.stop():
            return
        if self.isFullScreen():
            self.toggle_full_screen()
        else:
            self.player.setFocus()

    def next_pane(self, steps: int = 1) -> None:
        """Give the keys to the next part of the window, in reading order."""
        parts: list[QWidget] = [self.top, self.player, *(d for d in self.docks.values() if not d.hidden_or_behind)]
        now = self.focusWidget()
        here = next((place for place, part in enumerate(parts) if now is not None and part.isAncestorOf(now)), 1)
        part = parts[(here + steps) % len(parts)]
        taking = getattr(part, "take_focus", None)
        taking() if taking else part.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keys that the focused part did not want are the player's."""
        action = self._actions.get(action_for(event) or "")
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Files are welcome."""
        if local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open the first."""
        if files := local_files(event):
            event.acceptProposedAction()
            for film in self.player.take_subtitles(files)[:1]:
                self.open_film(film)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the window and what was said, let go of the film, stop the engine."""
        self.history.close()
        self._remembered.keep(volume=self.player.volume, theme=self._theme.mode)
        for dock in self.docks.values():
            dock.setFloating(False) if dock.isFloating() else None
        self.player.show_film(None)
        self.charts.close()
        self.models.stop()
        parts = (self.thumbnails, self.cuts, self.player, self._bridge, self.models, self.history, self.desk,
                 self.moments)  # fmt: skip
        stopped = [part.shutdown() for part in parts]  # every one, whatever the others say
        self.stopped = all(stopped)
        super().closeEvent(event)
