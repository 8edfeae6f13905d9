"""The window's only way to the history. Films opened and conversations in; what is known of them out, by signals.

Nothing here waits: files are looked at by the finder's threads, the history is read and written by the writer's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QImage

from app.conversation import Exchange
from app.history import chats, films
from app.history.door import Door
from app.history.finder import Finder
from app.history.pictures import jpeg
from app.history.place import data_folder
from app.history.recent_list import RecentList
from app.history.recorder import Changes, Recorder
from app.history.records import Chat, Past, PastChat
from engine.records import VideoInfo

KEEP = "session/keep"  # in the window's settings: whether anything is kept on this computer
REOPEN = "session/reopen"  # also there: whether a start without a film opens the last one
LOOK_MILLISECONDS = 300  # a kill loses no more of a running answer
PLACE_SECONDS = 2.0  # nor of the place in the film
PICTURE_AT = 0.1  # of the film, past titles and black
CLOSED = "Stopped, because the program was closed."
LEFT = "Stopped, because another film was opened."
PUT_AWAY = "Stopped to show another conversation."


class HistoryDesk(QObject):
    """Keeps what happens to the open film, and gives back what happened to it before."""

    past_known = Signal(object)  # Past: of the film that was opened
    chat_known = Signal(object)  # Chat: one of the past that was wished for
    chats_changed = Signal(object)  # tuple[PastChat, ...]: all about the open film
    forgotten = Signal()  # what is on screen was deleted
    picture_wanted = Signal(float)
    said = Signal(str, str, bool)  # message, advice, good news

    def __init__(self, settings: QSettings, parent: QObject | None = None, *, folder: Path | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._recorder = Recorder()
        self._exchanges: Callable[[], Sequence[Exchange]] = tuple
        self._seconds: Callable[[], float] = float
        self._video: VideoInfo | None = None
        self._content = ""  # of the open film, once it is known
        self._place: float | None = None  # as written last
        self._place_at = 0.0
        self._door = Door(folder or data_folder(), self)
        self._door.said.connect(self.said)
        self._finder = Finder(self)
        self._finder.named.connect(self._on_named)
        self.recent = RecentList(self._door, self._finder, self)
        self.recent.forgot.connect(self._on_forgot)
        self._clock = QTimer(self, interval=LOOK_MILLISECONDS)
        self._clock.timeout.connect(self.look)

    def follow(self, exchanges: Callable[[], Sequence[Exchange]], seconds: Callable[[], float]) -> None:
        """Where the conversation on screen and the place in the film are to be had."""
        self._exchanges, self._seconds = exchanges, seconds

    @property
    def chat_key(self) -> str:
        """The conversation on screen."""
        return self._recorder.key

    @property
    def keeps(self) -> bool:
        """True if the person allows it."""
        return _switch(self._settings.value(KEEP, True))

    def set_keeps(self, on: bool) -> None:
        """Keep what happens from here on, or nothing of it."""
        self._settings.setValue(KEEP, on)
        self.look()

    def set_reopens(self, on: bool) -> None:
        """Open the last film at a start without one, or not."""
        self._settings.setValue(REOPEN, on)

    @property
    def reopens(self) -> bool:
        """True if the person wants the last film back at a start without one."""
        return _switch(self._settings.value(REOPEN, False))

    def film_opened(self, video: VideoInfo) -> None:
        """Another film is about to take the place of the one on screen; `past_known` follows."""
        self._leave(LEFT)
        path = Path(os.path.abspath(video.path))  # noqa: PTH100 - links stay as the person knows them
        self._video = replace(video, path=path)
        self._finder.name(self._video, path)

    def look(self, *, ending: str = "") -> None:
        """Keep what is new on screen. With `ending`, the reason why nothing more comes, what runs is stopped."""
        if self._video is None or not self._content:
            return
        if not self.keeps:
            self._recorder.pass_over(self._exchanges())
            return
        changes = self._recorder.look(self._exchanges(), ending=ending)
        self._write(changes)
        if any(kept.exchange.outcome in chats.ENDED for kept in changes.written):
            self.ask_for_chats()
        if time.monotonic() - self._place_at >= PLACE_SECONDS:
            self._keep_place()

    def new_chat(self) -> None:
        """The conversation on screen is over."""
        self.look()
        self._recorder.begin()
        self.ask_for_chats()

    def open_chat(self, past: PastChat) -> None:
        """Get a conversation of the past; `chat_known` brings it."""
        video = self._video
        self._door.ask(lambda connection: chats.chat_of(connection, past), lambda chat: self._on_chat(video, chat))

    def ask_for_chats(self) -> None:
        """All conversations about the open film; `chats_changed` brings them."""
        if self._video is not None and self._content:
            content, path = self._content, self._video.path
            self._door.ask(lambda connection: chats.chats_of(connection, content, path), self.chats_changed.emit, ())

    def offer_picture(self, seconds: float, picture: QImage) -> None:
        """A picture of the open film; the one that was wanted goes into the list."""
        if self._content and self._video and seconds == self._video.duration_seconds * PICTURE_AT and self.keeps:
            content = self._content
            self._put(f"picture {content}", lambda connection: films.keep_picture(connection, content, jpeg(picture)))

    def close(self) -> None:
        """Write what is left, in the background."""
        self._leave(CLOSED)
        self._door.close()

    def shutdown(self) -> bool:
        """Wait for it. False if it did not end in time."""
        ended = (self._finder.shutdown(), self.recent.shutdown(), self._door.shutdown())
        return all(ended)

    # what comes back ----------------------------------------------------------------------------------------------

    def _on_named(self, about: object, content: str, why: str) -> None:
        video = self._video
        if video is None or about is not video:
            return
        if not content:
            self.said.emit(f"{video.path.name} cannot be recognised again ({why}).", "", False)
            return
        self._door.ask(
            lambda connection: chats.past_of(connection, content, video.path),
            lambda past: self._on_past(video, past),
            Past(content, video.path),
        )

    def _on_past(self, video: VideoInfo, past: Past) -> None:
        if video is not self._video:
            return
        self._content, self._place = past.content, past.seconds
        if self._exchanges():  # asked before the past was known: that is a conversation of its own
            past = replace(past, chat=None)
        self._recorder.forget()
        if past.chat is not None:
            self._recorder.go_on(past.chat)
        if self.keeps:
            content, now = past.content, time.time()
            self._put(f"film {content}", lambda connection: films.note_opened(connection, content, video, now))
        self._clock.start()
        self.past_known.emit(past)
        self.chats_changed.emit(past.chats)
        self._door.say_trouble()
        if not past.has_picture:
            self.picture_wanted.emit(video.duration_seconds * PICTURE_AT)

    def _on_chat(self, video: VideoInfo | None, chat: Chat | None) -> None:
        if chat is None or video is not self._video:
            return
        self.look(ending=PUT_AWAY)
        self._recorder.go_on(chat)
        if not chat.earlier_version and self.keeps:
            now = time.time()
            self._put(f"look {chat.key}", lambda connection: chats.look_at(connection, chat.key, now))
        self.chat_known.emit(chat)

    def _on_forgot(self, content: object) -> None:
        if content in (None, self._content):
            self.forgotten.emit()
            self._recorder.forget()
            self.ask_for_chats()

    # writing ------------------------------------------------------------------------------------------------------

    def _leave(self, why: str) -> None:
        if self._video is not None and self._content and self.keeps:
            self._write(self._recorder.look(self._exchanges(), ending=why))
            self._keep_place()
        self._clock.stop()
        self._video, self._content = None, ""

    def _write(self, changes: Changes) -> None:
        content, video, now = self._content, self._video, time.time()
        for kept in changes.written:
            self._put(
                f"exchange {kept.key}",
                lambda connection, kept=kept: chats.keep_exchange(connection, content, video, changes.chat, kept, now),
            )
        for key in changes.dropped:
            self._put(f"exchange {key}", lambda connection, key=key: chats.drop_exchange(connection, key))

    def _keep_place(self) -> None:
        self._place_at = time.monotonic()
        content, seconds = self._content, self._seconds()
        if seconds != self._place:
            self._place = seconds
            self._put(f"place {content}", lambda connection: films.keep_place(connection, content, seconds))

    def _put(self, name: str, apply: Callable[..., object]) -> None:
        self._door.put(name, apply, film=self._content)


def _switch(value: object) -> bool:
    """Files of settings hold words."""
    return str(value).lower() not in ("false", "0")
