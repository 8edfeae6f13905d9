"""Downloads, removals and fits of models on threads of their own; the window only hears of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from app.models.rows import folder_row, listed, listed_folder, rows
from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError
from engine.weights.catalogue import PUBLISHED, models_folder

if TYPE_CHECKING:
    from engine.weights.download import Progress

log = logging.getLogger(__name__)
TELL_SECONDS = 0.1  # between two words on a download
PATIENCE_MILLISECONDS = 700
LARGE = 2 * 10**9  # bytes of weights
SLOW = "Without a graphics card it is slow: seconds for every segment of a film."
_UNFINISHED: list[tuple[QThread, QObject]] = []  # kept until the process ends


class ModelJobs(QObject):
    """One download at a time; removals and fits do not wait for it."""

    progressed = Signal(str, object)  # name, Progress
    ended = Signal(
        str, str, str
    )  # name of what was fetched or removed, message, advice; the latter empty if all is well
    fitted = Signal(str, str, str)  # name, verdict ("" if none can be given), the reasons
    rows_found = Signal(object)  # what lies on disk: a tuple of Row
    devices_found = Signal(object)  # what this machine computes on, the best first: engine.weights.device.Device

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cancel = CancelToken()  # of the download
        self._no_more = CancelToken()  # of everything else
        self._slow, self._quick = _Lane("download", self), _Lane("models", self)

    def download(self, name: str) -> None:
        """Fetch a model, or go on fetching it."""
        cancel = self._cancel
        self._slow.run(lambda: self._guarded(name, lambda: self._download(name, cancel)))

    def remove(self, name: str) -> None:
        """Delete a model, or what has arrived of it."""
        self._quick.run(lambda: self._guarded(name, lambda: self._remove(name)))

    def fit(self, name: str, precision: str = "auto", device: str = "auto") -> None:
        """Find out whether a model fits this machine."""
        self._quick.run(lambda: self._fit(name, precision, device))

    def find_rows(self, in_use: str) -> None:
        """Find out what lies on disk, also in the folder that is in use if it is one's own."""
        self._quick.run(lambda: self._find_rows(in_use))

    def find_devices(self) -> None:
        """Find out what this machine computes on."""
        self._quick.run(self._find_devices)

    def stop(self) -> None:
        """End the download that runs; what has arrived is kept."""
        self._cancel.cancel()
        self._cancel = CancelToken()

    def shutdown(self) -> bool:
        """Stop and wait. False if a thread did not end in time."""
        self.stop()
        self._no_more.cancel()
        ended = [lane.shutdown() for lane in (self._slow, self._quick)]
        return all(ended)

    def _guarded(self, name: str, job: Callable[[], None]) -> None:
        told = ("", "")
        try:
            job()
        except Cancelled:
            pass
        except TempoError as error:
            told = (error.message, error.advice)
        except Exception as error:
            log.exception("a job on %s failed unexpectedly", name)
            told = (f"Something went wrong inside the program ({type(error).__name__}).", "The log has the details.")
        self._find_rows(name)
        self.ended.emit(name, *told)

    def _download(self, name: str, cancel: CancelToken) -> None:
        from engine.weights.download import download

        told = [0.0]

        def tell(progress: Progress) -> None:
            if monotonic() - told[0] > TELL_SECONDS or progress.done == progress.total:
                told[0] = monotonic()
                self.progressed.emit(name, progress)

        download(PUBLISHED[name], tell=tell, cancel=cancel)

    def _remove(self, name: str) -> None:
        from engine.weights.download import remove

        remove(models_folder() / name)

    def _find_rows(self, name: str) -> None:
        own = name not in {row.name for row in listed()}
        try:
            found = (*rows(), folder_row(name)) if own else rows()
        except Exception:  # of a disk that fails, or a package without its model
            log.exception("the models on this machine could not be listed")
            unknown = (*listed(), listed_folder(name)) if own else listed()
            found = tuple(replace(row, hidden=True) for row in unknown)
        self.rows_found.emit(found)

    def _find_devices(self) -> None:
        from engine.libraries import libraries_loaded

        try:
            tuple(libraries_loaded(self._no_more))
            from engine.weights.device import devices_here

            self.devices_found.emit(devices_here())
        except Cancelled:
            return
        except Exception:  # a driver may fail in any way; then the choice stays between automatic and the processor
            log.exception("the devices of this machine could not be listed")

    def _fit(self, name: str, precision: str, device: str) -> None:
        from engine.libraries import libraries_loaded

        try:
            tuple(libraries_loaded(self._no_more))
            from engine.planning import best_plan, config_of

            plan = best_plan(config_of(name), precision, device)
        except Cancelled:
            return
        except Exception as error:  # a model that cannot be read says so when it is used
            log.info("no plan for %s: %s", name, error)
            self.fitted.emit(name, "", str(error))
            return
        sizes = f"needs {plan.peak / 1e9:.1f} GB, {plan.free / 1e9:.1f} GB can be had"
        about = f"{plan.precision} on {plan.device}: {sizes}"
        slow = (SLOW,) if plan.device == "cpu" and plan.weights.total > LARGE else ()
        self.fitted.emit(name, plan.verdict, "\n".join((about, *plan.changed, *slow)))


class _Lane(QObject):
    """Jobs one after the other on one thread, started with the first."""

    _job = Signal(object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._over = False
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._job.connect(self._worker.work, Qt.ConnectionType.QueuedConnection)

    def run(self, job: Callable[[], None]) -> None:
        if self._over:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._job.emit(job)

    def shutdown(self) -> bool:
        self._over = True
        self._thread.quit()
        stopped = self._thread.wait(PATIENCE_MILLISECONDS)
        if not stopped:
            self._thread.setParent(None)  # destroying a running thread aborts the process
            _UNFINISHED.append((self._thread, self._worker))
        return stopped


class _Worker(QObject):
    @Slot(object)
    def work(self, job: Callable[[], None]) -> None:
        job()
