"""One film and one model: a question in, events on the way, an `Answer` out.

    ingest   the film's frames, read and cut into segments         once a film
    memory   prefixes of the segments (kept on the shelf and on    once a film
             disk), by `index` before anything is asked
             memory tokens and scores                              once a question
    recall   scores -> shares -> context
    reply    context -> words -> citations

The model is loaded at the first question, or before it by `prepare`. Importing this file imports neither torch nor Qt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine import events
from engine.asking import Asking
from engine.cancel import CancelToken
from engine.errors import QuestionError, TempoError
from engine.events import Emit
from engine.film_work import FilmWork
from engine.libraries import libraries_loaded
from engine.records import Answer, VideoInfo
from engine.settings import Settings
from engine.shelf import Shelf
from engine.stopwatch import Stopwatch
from engine.surprises import in_plain_words, is_out_of_memory
from engine.tiers import Limits

if TYPE_CHECKING:
    from engine.ingest.video import Film
    from engine.memory.store import Store
    from engine.weights.loading import LoadedModel


log = logging.getLogger(__name__)
TOOK_TURNS = "Memory ran out: compressor and decoder now take turns on the device, and this question began again."


class Session:
    """Holds the open film, the loaded model and the prefixes that both made; answers one question at a time."""

    def __init__(
        self, settings: Settings | None = None, *, shelf: Shelf | None = None, store: Store | None = None
    ) -> None:
        self._settings = settings or Settings()
        self._shelf = shelf or Shelf(Limits.of(self._settings))
        self._given_store = store
        self._store = store  # where indexes lie; the user's own if none is given and `keep_index` is set
        self._film: Film | None = None
        self._model: LoadedModel | None = None
        self._model_key: tuple[str, str, str] | None = None

    def open(self, path: Path | str, emit: Emit, *, cancel: CancelToken | None = None) -> VideoInfo:
        """Probe a film and make it the one that questions are about. Raises `VideoError`, or `Cancelled`."""
        from engine.ingest.video import open_video

        with in_plain_words():
            self._film = open_video(Path(path), cancel=cancel)
        emit(events.VideoOpened(self._film.info))
        return self._film.info

    def ask(
        self, question: str, *, settings: Settings | None = None, emit: Emit, cancel: CancelToken | None = None
    ) -> Answer:
        """Answer a question about the open film. Raises `TempoError` and nothing else; `Cancelled` when stopped."""
        settings, cancel, watch = settings or self._settings, cancel or CancelToken(), Stopwatch()
        if self._film is None:
            raise QuestionError("There is no film to ask about.", advice="Open one first.")
        if not question.strip():
            raise QuestionError("There is no question.", advice="Type one first.")
        with in_plain_words():
            model = self._loaded(settings, emit, cancel)
            work = self._work(self._film, model, settings, emit, cancel, watch)
            try:
                return Asking(work, question).run()
            except Exception as error:
                if isinstance(error, TempoError) or not is_out_of_memory(error) or not model.residency.take_turns():
                    raise
                log.warning("out of memory: %s", error)
        with in_plain_words():  # outside the handler, which would keep what filled the memory alive
            self._shelf.clear()
            work = self._work(self._film, model, settings, emit, cancel, watch)
            return Asking(work, question, beforehand=(TOOK_TURNS,)).run()

    def index(
        self, *, settings: Settings | None = None, emit: Emit, cancel: CancelToken | None = None, gently: bool = False
    ) -> Iterator[int]:
        """Do the question-free half of the work on the open film, a batch of segments at a time.

        Yields how many segments are ready; between two, other requests may be served. `gently` leaves half of the
        processor's cores to whatever else goes on. Raises as `ask` does.
        """
        settings, cancel, watch = settings or self._settings, cancel or CancelToken(), Stopwatch()
        if self._film is None:
            raise QuestionError("There is no film to index.", advice="Open one first.")
        with in_plain_words():
            model = self._loaded(settings, emit, cancel)
            yield from self._work(self._film, model, settings, emit, cancel, watch).index(gently=gently)

    def prepare(self, emit: Emit, cancel: CancelToken | None = None) -> Iterator[str]:
        """Get the model ready before the first question, step by step; other requests may be served in between.

        Yields what it did last. Raises as `ask` does.
        """
        cancel = cancel or CancelToken()
        with in_plain_words():
            yield from libraries_loaded(cancel)
            here = self._model is not None and self._model_key == _key(self._settings)
            model = self._loaded(self._settings, emit, cancel)
            if here:  # nothing was loaded, and whoever waits wants to know
                emit(events.ModelLoaded(model.info, 0.0))

    def adopt(self, settings: Settings) -> None:
        """Other settings from here on; a model they do not name is let go of when the one they name is wanted.

        What is in memory of the film stays there, unless the limits or the model are others: a second question is
        still fast when only words or tokens are asked for differently.
        """
        before, self._settings = self._settings, settings
        if Limits.of(settings) != Limits.of(before) or _key(settings) != _key(before):
            self._shelf.clear()
            self._shelf = Shelf(Limits.of(settings))
        if settings.disk_megabytes != before.disk_megabytes:
            self._store = self._given_store

    def use(self, model: LoadedModel) -> None:
        """Work with a model that was loaded elsewhere, until settings ask for another."""
        self._model, self._model_key = model, _key(self._settings)

    @property
    def index_notes(self) -> tuple[str, ...]:
        """What was noticed while the open film was read."""
        return tuple(self._shelf.film.notes) if self._shelf.film is not None else ()

    def close(self) -> None:
        """Let go of film, model and prefixes."""
        self._shelf.clear()
        self._film = self._model = self._model_key = None

    def _work(
        self, film: Film, model: LoadedModel, settings: Settings, emit: Emit, cancel: CancelToken, watch: Stopwatch
    ) -> FilmWork:
        from engine.store_place import the_store

        if self._store is None and settings.keep_index:
            self._store = the_store(self._settings)
        return FilmWork(film, model, self._shelf, self._store, settings, emit, cancel, watch)

    def _loaded(self, settings: Settings, emit: Emit, cancel: CancelToken) -> LoadedModel:
        key = _key(settings)
        if self._model is None or key != self._model_key:
            tuple(libraries_loaded(cancel))
            from engine.weights.loading import load_model

            self._shelf.clear()
            self._model = self._model_key = None  # the old one goes first: two may not fit
            watch = Stopwatch()
            self._model = load_model(
                settings.model, device=settings.device, precision=settings.precision, cancel=cancel
            )
            self._model_key = key
            emit(events.ModelLoaded(self._model.info, watch.elapsed))
        return self._model


def _key(settings: Settings) -> tuple[str, str, str]:
    return settings.model, settings.device, settings.precision
