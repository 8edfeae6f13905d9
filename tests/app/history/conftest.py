"""A desk of its own for a test, with the conversation and the place in the film in the test's hands."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from app.history.desk import HistoryDesk


class Screen(SimpleNamespace):
    """What the desk looks at, and all that it has said."""

    def __init__(self, desk):
        super().__init__(desk=desk, exchanges=(), seconds=0.0, past=[], chats=(), said=[], recent=None, wanted=[],
                         gone=[], other=[], chat=[], pictures=[], forgotten=0)  # fmt: skip
        desk.follow(lambda: self.exchanges, lambda: self.seconds)
        desk.past_known.connect(self._on_past)
        desk.chats_changed.connect(lambda chats: setattr(self, "chats", chats))
        desk.chat_known.connect(self._on_chat)
        desk.forgotten.connect(self._on_forgotten)
        desk.said.connect(lambda *what: self.said.append(what))
        desk.picture_wanted.connect(self.pictures.append)
        desk.recent.changed.connect(lambda cards: setattr(self, "recent", cards))
        desk.recent.film_wanted.connect(self.wanted.append)
        desk.recent.film_gone.connect(self.gone.append)
        desk.recent.other_film.connect(lambda *what: self.other.append(what))

    def _on_past(self, past):
        self.past.append(past)
        if past.chat is not None:
            self.exchanges = past.chat.exchanges
        self.seconds = past.seconds

    def _on_chat(self, chat):
        self.chat.append(chat)
        self.exchanges = chat.exchanges

    def _on_forgotten(self):
        self.forgotten += 1
        self.exchanges = ()


@pytest.fixture
def open_desk(qapp, settings):
    """Makes desks, one after another as at restarts, or several as in several windows."""
    made = []

    def make():
        made.append(HistoryDesk(settings))
        return Screen(made[-1])

    def end(desk):
        desk.close()
        assert desk.shutdown(), "the history's thread did not end"
        made.remove(desk)

    make.end = end
    yield make
    for desk in list(made):
        end(desk)


@pytest.fixture
def own_film(film, tmp_path):
    """The numbered film in a folder where it can be moved and changed."""
    (tmp_path / "films").mkdir()
    return shutil.copy(film, tmp_path / "films" / "holiday.mp4")
