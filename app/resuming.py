"""The past on screen: what the history knows of a film goes to chat, timeline and player, wishes of menus to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.conversation import Exchange
from app.history.asking import Asking
from app.history.desk import PUT_AWAY
from app.history.menus import ChatsMenu, RecentMenu
from app.history.place import data_folder
from app.history.records import Chat, FilmCard, Past, PastChat
from app.history.words import count
from app.settings.kept_card import KeptCard
from app.timeline.heatmap import Heatmap

if TYPE_CHECKING:
    from app.main_window import MainWindow

EARLIER_VERSION = "These answers are about an earlier version of this file. What you ask now is about the present one."
ELSEWHERE = "Asked in another conversation."


class Resuming(QObject):
    """Owns no widget."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._chats: tuple[PastChat, ...] = ()
        self.asking = Asking(window, window.history.recent)
        self.open_menu = RecentMenu(has_sample=window.desk.has_sample, parent=window)
        self.chats_menu = ChatsMenu(window)
        window.top.set_open_menu(self.open_menu)
        history, recent = window.history, window.history.recent
        history.follow(lambda: window.chat.exchanges, lambda: window.player.seconds)
        history.past_known.connect(self._on_past)
        history.chat_known.connect(self._on_chat)
        history.chats_changed.connect(self._on_chats)
        history.forgotten.connect(self._empty)
        history.said.connect(lambda message, advice, good: window.message.say(message, advice, good=good))
        history.picture_wanted.connect(window.thumbnails.want)
        window.thumbnails.ready.connect(history.offer_picture)
        recent.film_wanted.connect(window.open_film)
        recent.changed.connect(self.open_menu.show_films)
        recent.changed.connect(window.recent.show_films)
        recent.looked.connect(lambda card, there: window.recent.show_gone(card, gone=not there))
        window.recent.search_wanted.connect(self.asking.search)
        window.player.welcome.add(window.recent)
        window.recent.filled.connect(window.player.welcome.be_brief)
        for place in (self.open_menu, window.recent):
            place.chosen.connect(recent.open)
            place.unlist_wanted.connect(self._unlist)
            place.forget_wanted.connect(self.asking.before_forgetting)
        window.chat.head.set_menu(self.chats_menu)
        window.chat.set_aside.connect(self._on_set_aside)
        window.chat.brought_back.connect(lambda: self._show_heat(window.chat.exchanges))
        self.chats_menu.new_wanted.connect(window.chat.begin_new)
        self.chats_menu.chosen.connect(self._open_chat)
        self.chats_menu.aboutToShow.connect(self._fill_chats)
        self.open_menu.aboutToShow.connect(recent.refresh)
        window.settings.cards.append(self._kept_card)
        recent.refresh()

    def _kept_card(self) -> KeptCard:
        history = self._window.history
        card = KeptCard(str(data_folder()))
        card.show_switches(keep=history.keeps, reopen=history.reopens)
        card.keep_wanted.connect(history.set_keeps)
        card.reopen_wanted.connect(history.set_reopens)
        card.delete_wanted.connect(lambda: self.asking.before_forgetting(None))
        return card

    def reopen(self) -> None:
        """Open the film that was opened last."""
        recent = self._window.history.recent

        def first(films: tuple[tuple[FilmCard, object], ...]) -> None:
            recent.changed.disconnect(first)
            if films:
                recent.open(films[0][0])

        recent.changed.connect(first)
        recent.refresh()

    def _on_past(self, past: Past) -> None:
        window = self._window
        if past.chat is not None:
            self._show(past.chat)
        if past.seconds > 0 and not window.player.playback.playing:
            window.player.seek(past.seconds)
        questions = sum(chat.questions for chat in past.chats)
        if past.changed and not past.known:
            asked = f"What was asked about that one ({count(questions, 'question')}) is under Earlier conversations."
            window.message.say("This is not the file that was here before.", asked if questions else "")
        elif past.moved_from is not None and questions:
            window.message.say(f"Recognised: this film was at {past.moved_from}.", "Its questions are back.", good=True)

    def _on_chat(self, chat: Chat) -> None:
        self._empty()
        self._show(chat)
        if chat.earlier_version:
            self._window.message.say(EARLIER_VERSION)

    def _on_set_aside(self) -> None:
        """An empty conversation; the one on screen is kept."""
        self._window.history.new_chat()
        self._show_heat(())

    def _show(self, chat: Chat) -> None:
        self._window.chat.restore(chat.exchanges)
        self._show_heat(chat.exchanges)

    def _show_heat(self, exchanges: Sequence[Exchange]) -> None:
        window = self._window
        window.timeline.restore(
            Heatmap.from_answer(exchange.number, exchange.answer) for exchange in exchanges if exchange.answer
        )
        window.top.set_export(any(exchange.answer for exchange in exchanges))

    def _empty(self) -> None:
        self._window.desk.abandon(PUT_AWAY)
        self._window.chat.clear()
        self._show_heat(())

    def _open_chat(self, past: PastChat) -> None:
        window = self._window
        if past.key == window.history.chat_key:
            return
        window.desk.abandon(PUT_AWAY)
        window.chat.queue.hold(ELSEWHERE)
        window.history.open_chat(past)

    def _on_chats(self, chats: tuple[PastChat, ...]) -> None:
        self._chats = chats
        if self.chats_menu.isVisible():
            self._show_chats()

    def _fill_chats(self) -> None:
        """What is known by now, and perhaps a moment later what has come since."""
        self._window.history.look()
        self._window.history.ask_for_chats()
        self._show_chats()

    def _show_chats(self) -> None:
        window = self._window
        self.chats_menu.show_chats(self._chats, current=window.history.chat_key, can_begin=window.chat.can_begin_new)

    def _unlist(self, card: FilmCard | None) -> None:
        self._window.history.recent.unlist(card.content if card else None)
