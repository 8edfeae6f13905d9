"""The films opened last: the list, and what can be wished of one in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.history import films
from app.history.door import Door
from app.history.finder import Finder
from app.history.pictures import with_pictures
from app.history.records import FilmCard

_LOOKED_AT = 30  # the rows that a person may see without scrolling far


class RecentList(QObject):
    """Asks for films of the list and tells what came of it."""

    changed = Signal(object)  # tuple[tuple[FilmCard, QImage], ...], last opened first
    film_wanted = Signal(object)  # Path: the film is there, or was found again
    film_gone = Signal(object)  # FilmCard: somebody wants it, and it is not where it was
    looked = Signal(object, bool)  # FilmCard, and whether it is where it was
    other_film = Signal(object, object)  # FilmCard, Path: what was found instead
    forgot = Signal(object)  # content, or None for every film

    def __init__(self, door: Door, finder: Finder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door, self._finder = door, finder
        finder.seen.connect(self._on_seen)
        self._looker = Finder(self, threads=1)  # a drive that is gone may hold it up, and nothing else
        self._looker.seen.connect(self.looked)
        finder.named.connect(self._on_named)

    def refresh(self) -> None:
        """Read the list; `changed` brings it."""
        self._door.ask(lambda connection: with_pictures(films.recent_films(connection)), self._on_list, ())

    def open(self, card: FilmCard) -> None:
        """A film of the list, if it is still there: `film_wanted`, else `film_gone`."""
        self._finder.look_for(card, card.path)

    def found(self, card: FilmCard, path: Path) -> None:
        """Somebody says that this is the film: `film_wanted`, or `other_film` if it is not."""
        self._finder.name((card, path), path)

    def unlist(self, content: str | None) -> None:
        """Take a film, or with None every film, off the list; what was asked about it stays."""
        self._door.put(f"unlist {content}", lambda connection: films.unlist(connection, content))
        self.refresh()

    def forget(self, content: str | None) -> None:
        """Delete a film, or with None every film, with all that was asked about it."""
        self._door.wipe(lambda connection: films.forget(connection, content), film=content or "")
        self.forgot.emit(content)
        self.refresh()

    def shutdown(self) -> bool:
        """Give up what is looked at. False if it did not end in time."""
        return self._looker.shutdown()

    def _on_list(self, found: tuple[tuple[FilmCard, QImage], ...]) -> None:
        self.changed.emit(found)
        for card, _ in found[:_LOOKED_AT]:
            self._looker.look_for(card, card.path)

    def _on_seen(self, about: object, there: bool) -> None:
        if isinstance(about, FilmCard):
            self.film_wanted.emit(about.path) if there else self.film_gone.emit(about)

    def _on_named(self, about: object, content: str, why: str) -> None:
        if isinstance(about, tuple):
            card, path = about
            self.film_wanted.emit(path) if content == card.content else self.other_film.emit(card, path)
