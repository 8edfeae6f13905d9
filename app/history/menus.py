"""The menus of the past: films opened last, under Open; conversations about the open film, in the head of the chat."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QWidget

from app.history.records import FilmCard, PastChat
from app.history.words import about_chat, count, for_menu

_MOST = 10  # films in a menu


class RecentMenu(QMenu):
    """Open, the sample, then the films opened last."""

    open_wanted = Signal()
    sample_wanted = Signal()
    chosen = Signal(object)  # FilmCard
    unlist_wanted = Signal(object)  # None: all
    forget_wanted = Signal(object)  # None: all

    def __init__(self, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__("Open", parent)
        self._has_sample = has_sample
        self.show_films(())

    def show_films(self, films: Sequence[tuple[FilmCard, QImage]]) -> None:
        """Another list."""
        self.clear()
        self.addAction("Open a film …\tCtrl+O", self.open_wanted.emit)
        if self._has_sample:
            self.addAction("Open the sample", self.sample_wanted.emit)
        _heading(self, "Recent films" if films else "No recent films")
        for card, _ in films[:_MOST]:
            asked = f"  ({count(card.questions, 'question')})" if card.questions else ""
            action = self.addAction(for_menu(f"{card.path.name}{asked}"))
            action.triggered.connect(lambda _=False, card=card: self.chosen.emit(card))
            action.setToolTip(str(card.path))
        self.addSeparator()
        self.addAction("Clear the list", lambda: self.unlist_wanted.emit(None)).setEnabled(bool(films))
        self.addAction("Delete the history …", lambda: self.forget_wanted.emit(None))


class ChatsMenu(QMenu):
    """A new conversation, then the past ones, those about an earlier version of the file last and apart."""

    new_wanted = Signal()
    chosen = Signal(object)  # PastChat

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Conversations", parent)
        self.show_chats(())

    def show_chats(self, chats: Sequence[PastChat], *, current: str = "", can_begin: bool = True) -> None:
        """All about the open film; `current` is on screen, and `can_begin` says whether it can be set aside."""
        self.clear()
        self.addAction("New conversation", self.new_wanted.emit).setEnabled(can_begin)
        own = [chat for chat in chats if not chat.earlier_version]
        self._list("Conversations about this film" if own else "No earlier conversations", own, current)
        earlier = [chat for chat in chats if chat.earlier_version]
        if earlier:
            self._list("About an earlier version of this file", earlier, current)

    def _list(self, title: str, chats: Sequence[PastChat], current: str) -> None:
        _heading(self, title)
        for chat in chats:
            action = self.addAction(for_menu(about_chat(chat, time.time())))
            action.setCheckable(True)
            action.setChecked(chat.key == current)
            action.triggered.connect(lambda _=False, chat=chat: self.chosen.emit(chat))


def _heading(menu: QMenu, text: str) -> None:
    """A word above what follows; the style sheet draws no titles of sections."""
    menu.addSeparator()
    menu.addAction(text).setEnabled(False)
