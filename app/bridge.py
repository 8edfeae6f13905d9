"""The border. Requests in, engine events out as one Qt signal; one worker on its own thread owns session and model.

Every request has an id; a new one cancels the one before, whose late events are dropped. Chatty events pass at 30 Hz.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from app.throttle import TICK_MILLISECONDS, Throttle
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError
from engine.events import Emit, Event, Failed, Stopped
from engine.records import Answer, VideoInfo
from engine.settings import Settings

log = logging.getLogger(__name__)

LONGEST_EXIT_MILLISECONDS = 1300  # with the 600 of the thumbnails: gone within two seconds
_UNFINISHED: list[tuple[QThread, QObject]] = []  # kept until the process ends


class AnySession(Protocol):
    """What the bridge needs of `engine.session.Session`."""

    def open(self, path: Path, emit: Emit) -> VideoInfo: ...
    def ask(self, question: str, *, settings: Settings | None = None, emit: Emit, cancel: CancelToken) -> Answer: ...
    def prepare(self, emit: Emit, cancel: CancelToken) -> Iterator[str]: ...
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
    warmed = Signal(object)  # ModelLoaded or Failed: how the warm-up ended
    _go_on = Signal()

    def __init__(self, make_session: Callable[[], AnySession]) -> None:
        super().__init__()
        self._make_session = make_session
        self._session: AnySession | None = None
        self._steps: Iterator[str] | None = None
        self._go_on.connect(self.warm_on, Qt.ConnectionType.QueuedConnection)  # behind whatever was asked meanwhile

    @Slot(object)
    def warm_up(self, cancel: CancelToken) -> None:
        """Get the model ready, one step at a time."""
        if not cancel.cancelled:
            self._steps = self._ready().prepare(self.warmed.emit, cancel)
            self._go_on.emit()

    @Slot()
    def warm_on(self) -> None:
        """The next step, and then another one."""
        try:
            if self._steps is not None and next(self._steps, None) is not None:
                self._go_on.emit()
            else:
                self._steps = None
        except Cancelled:
            self._steps = None
        except TempoError as error:  # the first question meets it again and tells more
            log.info("the warm-up failed: %s", error.message)
            self._steps = None
            self.warmed.emit(Failed(message=error.message, advice=error.advice))

    @Slot(int, object, object)
    def open(self, request: int, path: Path, cancel: CancelToken) -> None:
        """Probe a film."""
        self._run(request, cancel, lambda session, emit: session.open(path, emit))

    @Slot(int, str, object, object)
    def ask(self, request: int, question: str, settings: Settings | None, cancel: CancelToken) -> None:
        """Answer a question about the film that is open."""
        self._run(
            request, cancel, lambda session, emit: session.ask(question, settings=settings, emit=emit, cancel=cancel)
        )

    @Slot()
    def close(self) -> None:
        """Let go of the model; the last thing done on this thread."""
        session, self._session = self._session, None
        if session is not None:
            try:
                session.close()
            except Exception:
                log.exception("the session did not close cleanly")

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
            emit(Failed(message=error.message, advice=error.advice))
        except Exception as error:
            log.exception("request %d failed unexpectedly", request)
            emit(Failed(message=f"Something went wrong inside the program ({type(error).__name__}).",
                        advice="The log has the details; the film and your questions are still here."))  # fmt: skip
        finally:
            self.finished.emit(request)


class Bridge(QObject):
    """The window's only way to the engine."""

    arrived = Signal(object)  # an engine event of the current request
    busy_changed = Signal(bool)
    warmed = Signal(object)  # ModelLoaded or Failed

    _warming = Signal(object)
    _opening = Signal(int, object, object)
    _asking = Signal(int, str, object, object)

    def __init__(self, make_session: Callable[[], AnySession] = real_session, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._request = 0
        self._cancel = CancelToken()
        self._no_warm_up = CancelToken()
        self._busy = False
        self._throttle = Throttle()
        self._tick = QTimer(self, singleShot=True, interval=TICK_MILLISECONDS)
        self._tick.timeout.connect(self._deliver_waiting)
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self._worker = Worker(make_session)
        self._worker.moveToThread(self._thread)
        self._warming.connect(self._worker.warm_up)
        self._worker.warmed.connect(self.warmed, Qt.ConnectionType.QueuedConnection)
        self._opening.connect(self._worker.open)
        self._asking.connect(self._worker.ask)
        self._worker.emitted.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._worker.finished.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._thread.finished.connect(self._worker.close, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """True from a request until its worker is done with it."""
        return self._busy

    def warm_up(self) -> None:
        """Get the model ready before anything is asked; requests take precedence."""
        self._warming.emit(self._no_warm_up)

    def open(self, path: Path) -> int:
        """Probe a film; returns the request's id."""
        request = self._begin()
        self._opening.emit(request, path, self._cancel)
        return request

    def ask(self, question: str, *, settings: Settings | None = None) -> int:
        """Ask about the open film; returns the request's id."""
        request = self._begin()
        self._asking.emit(request, question, settings, self._cancel)
        return request

    def cancel(self) -> None:
        """Stop the current request; `Stopped` follows when the device is free."""
        self._cancel.cancel()

    def shutdown(self) -> bool:
        """Cancel, quit and wait. False if the worker did not stop in time; then only the process's end helps."""
        self._request += 1  # whatever still comes is stale
        self._cancel.cancel()
        self._no_warm_up.cancel()
        self._tick.stop()
        self._thread.quit()
        stopped = self._thread.wait(LONGEST_EXIT_MILLISECONDS)
        if not stopped:
            log.warning("the engine did not stop within %d ms", LONGEST_EXIT_MILLISECONDS)  # an import, a foreign call
            self._thread.setParent(None)  # destroying a running thread aborts the process
            _UNFINISHED.append((self._thread, self._worker))
        return stopped

    def _begin(self) -> int:
        self._cancel.cancel()
        self._cancel = CancelToken()
        self._throttle.drain()
        self._request += 1
        self._set_busy(True)
        return self._request

    @Slot(int, object)
    def _receive(self, request: int, event: Event) -> None:
        if request != self._request:
            return
        for due in self._throttle.push(event):
            self.arrived.emit(due)
        if self._throttle.waiting and not self._tick.isActive():
            self._tick.start()

    @Slot()
    def _deliver_waiting(self) -> None:
        for event in self._throttle.drain():
            self.arrived.emit(event)

    @Slot(int)
    def _finish(self, request: int) -> None:
        if request == self._request:
            self._deliver_waiting()
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
