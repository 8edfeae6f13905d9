"""The worker: lives on its own thread, owns session and model, does one request at a time, and chores in between."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.task import ENGINE, step_back
from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError, OutOfMemoryError, TempoError
from engine.events import Emit, Event, Failed, Stopped
from engine.records import Answer, VideoInfo
from engine.settings import Settings

log = logging.getLogger(__name__)


class AnySession(Protocol):
    """What the bridge needs of `engine.session.Session`."""

    def open(self, path: Path, emit: Emit, *, cancel: CancelToken | None = None) -> VideoInfo: ...
    def ask(self, question: str, *, settings: Settings | None = None, emit: Emit, cancel: CancelToken) -> Answer: ...
    def prepare(self, emit: Emit, cancel: CancelToken) -> Iterator[str]: ...
    def index(self, *, emit: Emit, cancel: CancelToken, gently: bool = False) -> Iterator[int]: ...
    def adopt(self, settings: Settings) -> None: ...
    def close(self) -> None: ...


def real_session() -> AnySession:
    """The engine's own session; called on the worker's thread, so that no import ever holds up the window."""
    from engine.session import Session

    session: AnySession = Session(Settings())
    return session


class Worker(QObject):
    """Lives on the worker thread; does one request at a time."""

    emitted = Signal(int, object)
    finished = Signal(int)
    warmed = Signal(object, object)  # a warm-up that ended: its cancel token, and ModelLoaded or Failed
    indexed = Signal(object, object)  # indexing that nobody asked for: its cancel token, and what happened
    _go_on = Signal()

    def __init__(self, make_session: Callable[[], AnySession]) -> None:
        super().__init__()
        self._make_session = make_session
        self._session: AnySession | None = None
        self._chores: deque[tuple[Generator[object, None, None], Callable[[Event], None]]] = deque()
        self._go_on.connect(self.go_on, Qt.ConnectionType.QueuedConnection)  # behind whatever was asked meanwhile

    @Slot()
    def step_back(self) -> None:
        """Let the window go first where both want a core."""
        step_back(ENGINE)

    @Slot(object)
    def adopt(self, settings: Settings) -> None:
        """Work with other settings from here on; chores that hold on to the model before end."""
        self._end_chores()
        self._ready().adopt(settings)

    @Slot(object)
    def warm_up(self, cancel: CancelToken) -> None:
        """Get the model ready, one step at a time."""

        def tell(event: Event) -> None:
            self.warmed.emit(cancel, event)

        if not cancel.cancelled:
            self._begin_chore(lambda: self._ready().prepare(tell, cancel), tell)

    @Slot(object)
    def index(self, cancel: CancelToken) -> None:
        """Index the open film, one batch at a time."""

        def tell(event: Event) -> None:
            self.indexed.emit(cancel, event)

        if not cancel.cancelled:
            self._begin_chore(lambda: self._ready().index(emit=tell, cancel=cancel, gently=True), tell)

    @Slot()
    def go_on(self) -> None:
        """The next step of the first chore, and then another one."""
        if not self._chores:
            return
        chore, tell = self._chores[0]
        try:
            finished = next(chore, None) is None
        except Cancelled:
            finished = True
        except TempoError as error:  # the next question meets it again and tells more
            log.info("a chore failed: %s", error.message)
            finished = True
            tell(Failed(message=error.message, advice=error.advice))
        except Exception as error:
            log.exception("a chore failed unexpectedly")
            finished = True
            tell(unexpected(error))
        if finished:
            self._chores.popleft()[0].close()
        if self._chores:
            self._go_on.emit()

    def _begin_chore(self, make: Callable[[], Iterator[object]], tell: Callable[[Event], None]) -> None:
        self._chores.append((_steps(make), tell))
        if len(self._chores) == 1:
            self._go_on.emit()

    @Slot(int, object, object)
    def open(self, request: int, path: Path, cancel: CancelToken) -> None:
        """Probe a film."""
        self._run(request, cancel, lambda session, emit: session.open(path, emit, cancel=cancel))

    @Slot(int, str, object, object)
    def ask(self, request: int, question: str, settings: Settings | None, cancel: CancelToken) -> None:
        """Answer a question about the film that is open."""
        self._run(
            request, cancel, lambda session, emit: session.ask(question, settings=settings, emit=emit, cancel=cancel)
        )

    @Slot()
    def close(self) -> None:
        """Let go of the model; the last thing done on this thread."""
        self._end_chores()
        session, self._session = self._session, None
        if session is not None:
            try:
                session.close()
            except Exception:
                log.exception("the session did not close cleanly")

    def _end_chores(self) -> None:
        while self._chores:
            self._chores.popleft()[0].close()  # ends the thread that reads ahead, closes the film

    def _ready(self) -> AnySession:
        if self._session is None:
            self._session = self._make_session()
        return self._session

    def _run(self, request: int, cancel: CancelToken, work: Callable[[AnySession, Emit], object]) -> None:
        def emit(event: Event) -> None:
            self.emitted.emit(request, event)

        try:
            cancel.check()
            work(self._ready(), emit)
        except Cancelled:
            emit(Stopped())
        except TempoError as error:
            log.info("request %d failed: %s", request, error.message)
            emit(
                Failed(
                    error.message,
                    error.advice,
                    out_of_memory=isinstance(error, OutOfMemoryError),
                    no_model=isinstance(error, ModelError),
                )
            )
        except Exception as error:
            log.exception("request %d failed unexpectedly", request)
            emit(unexpected(error))
        finally:
            self.finished.emit(request)


def unexpected(error: Exception) -> Failed:
    """What a person is told about an error that nobody foresaw."""
    return Failed(
        message=f"Something went wrong inside the program ({type(error).__name__}).",
        advice="The log has the details; the film and your questions are still here.",
    )


def _steps(make: Callable[[], Iterator[object]]) -> Generator[object, None, None]:
    """A chore that is made on its first step, where its errors are caught, and that can be closed."""
    yield from make()
