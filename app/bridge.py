"""The border. Requests in, engine events out as one Qt signal; one worker on its own thread owns session and model.

Every request has an id; a new one cancels the one before, whose late events are dropped. Chatty events pass at 30 Hz.
While nobody asks for anything the worker does chores, a step at a time: it gets the model ready, then indexes the film.
A request stops indexing within a layer of the network, and the chore goes on where it was when the request is done.
A model that loads is given up for a film that is opened, and for a stop; it loads again when nobody waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from app.throttle import TICK_MILLISECONDS, Throttle
from app.worker import AnySession, Worker, real_session
from engine.cancel import CancelToken
from engine.events import Event, ModelLoaded, VideoOpened
from engine.settings import Settings

log = logging.getLogger(__name__)

LONGEST_EXIT_MILLISECONDS = 1300  # with the 600 of the thumbnails: gone within two seconds
_UNFINISHED: list[tuple[QThread, QObject]] = []  # kept until the process ends


class Bridge(QObject):
    """The window's only way to the engine."""

    arrived = Signal(object)  # an engine event of the current request
    busy_changed = Signal(bool)
    warmed = Signal(object)  # ModelLoaded or Failed
    indexed = Signal(object)  # an engine event of the indexing that goes on while nobody asks

    _adopting = Signal(object)
    _warming = Signal(object)
    _indexing = Signal(object)
    _opening = Signal(int, object, object)
    _asking = Signal(int, str, object, object)

    def __init__(self, make_session: Callable[[], AnySession] = real_session, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._request = 0
        self._cancel = CancelToken()
        self._no_warm_up = CancelToken()
        self._no_index = CancelToken()
        self._film_open = self._model_ready = False
        self._warming_up = self._owes_warm_up = False
        self._busy = False
        self._throttle = Throttle()
        self._tick = QTimer(self, singleShot=True, interval=TICK_MILLISECONDS)
        self._tick.timeout.connect(self._deliver_waiting)
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self._worker = Worker(make_session)
        self._worker.moveToThread(self._thread)
        self._adopting.connect(self._worker.adopt)
        self._warming.connect(self._worker.warm_up)
        self._indexing.connect(self._worker.index)
        self._worker.warmed.connect(self._on_warmed, Qt.ConnectionType.QueuedConnection)
        self._worker.indexed.connect(self._on_indexed, Qt.ConnectionType.QueuedConnection)
        self._opening.connect(self._worker.open)
        self._asking.connect(self._worker.ask)
        self._worker.emitted.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._worker.finished.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._thread.started.connect(self._worker.step_back, Qt.ConnectionType.DirectConnection)
        self._thread.finished.connect(self._worker.close, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """True from a request until its worker is done with it."""
        return self._busy

    @property
    def stopping(self) -> bool:
        """True from a stop until the worker is done with what was stopped."""
        return self._busy and self._cancel.cancelled

    def warm_up(self) -> None:
        """Get the model ready before anything is asked; a question waits while it loads, a film and a stop do not."""
        self._warming_up, self._owes_warm_up = True, False
        self._warming.emit(self._no_warm_up)

    def use(self, settings: Settings) -> None:
        """Other settings, another model perhaps, from the next request on; `warm_up` gets it ready."""
        for chore in (self._no_warm_up, self._no_index):
            chore.cancel()
        self._no_warm_up = CancelToken()
        self._model_ready = False
        self._adopting.emit(settings)

    def begin_with(self, settings: Settings) -> None:
        """What the first request finds, if it is not what a session begins with."""
        if settings != Settings():
            self.use(settings)

    def open(self, path: Path) -> int:
        """Probe a film; returns the request's id."""
        request = self._begin()
        self._give_up_warm_up()
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
        if self._busy:
            self._give_up_warm_up()

    def shutdown(self) -> bool:
        """Cancel, quit and wait. False if the worker did not stop in time; then only the process's end helps."""
        self._request += 1  # whatever still comes is stale
        self._cancel.cancel()
        self._no_warm_up.cancel()
        self._no_index.cancel()
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
        self._no_index.cancel()
        self._cancel = CancelToken()
        self._throttle.drain()
        self._request += 1
        self._set_busy(True)
        return self._request

    def _give_up_warm_up(self) -> None:
        """A large model loads for minutes, in one step of the worker."""
        if self._warming_up:
            self._no_warm_up.cancel()
            self._no_warm_up = CancelToken()
            self._warming_up, self._owes_warm_up = False, True

    @Slot(int, object)
    def _receive(self, request: int, event: Event) -> None:
        if isinstance(event, VideoOpened):
            self._film_open = True
        elif isinstance(event, ModelLoaded):
            self._model_ready = True
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
            if self._owes_warm_up:
                self.warm_up()
            else:
                self._index()

    @Slot(object, object)
    def _on_warmed(self, chore: CancelToken, event: Event) -> None:
        if chore is not self._no_warm_up:  # of a model that was given up
            return
        self._warming_up = False
        self._model_ready = self._model_ready or isinstance(event, ModelLoaded)
        self.warmed.emit(event)
        if not self._busy:
            self._index()

    @Slot(object, object)
    def _on_indexed(self, chore: CancelToken, event: Event) -> None:
        if chore is self._no_index and not chore.cancelled:  # what was under way when a request came counts again later
            self.indexed.emit(event)

    def _index(self) -> None:
        """Use the time in which nobody asks for anything."""
        if self._film_open and self._model_ready:
            self._no_index.cancel()
            self._no_index = CancelToken()
            self._indexing.emit(self._no_index)

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
