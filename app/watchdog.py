"""How late the GUI thread serves a timer of 10 ms: what a hand at the mouse would feel. For debug and test runs."""

from __future__ import annotations

import faulthandler
import logging
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

INTERVAL_MILLISECONDS = 10
STALL_MILLISECONDS = 100.0  # so late is worth a word in the log
# None of them before the first paint.
HEAVY = ("torch", "torchvision", "transformers", "av", "cv2", "bitsandbytes", "pyqtgraph")


@dataclass(frozen=True, slots=True)
class Lateness:
    """A stretch of time, in milliseconds of delay."""

    count: int
    p50: float
    p99: float
    most: float
    own: float  # the longest that the GUI thread itself worked between two ticks; the rest it waited for others
    delays: tuple[float, ...] = field(default=(), compare=False, repr=False)  # each of them

    @classmethod
    def of(cls, delays: Sequence[float], works: Sequence[float] = ()) -> Lateness:
        """From every single delay, and all work between them."""
        ordered = sorted(delays) or [0.0]
        most, own = ordered[-1], max(works, default=0.0)
        return cls(len(delays), _share(ordered, 0.5), _share(ordered, 0.99), most, own, tuple(delays))

    def __add__(self, other: Lateness) -> Lateness:
        """Two stretches as one."""
        return self.of((*self.delays, *other.delays), (self.own, other.own))

    def __str__(self) -> str:
        late = f"p50 {self.p50:5.1f} ms   p99 {self.p99:6.1f} ms   max {self.most:6.1f} ms   of {self.count:6,}"
        return f"{late}   own work up to {self.own:5.1f} ms"


class Watchdog(QObject):
    """Counts delays from `start` on; `take` hands them over and begins anew."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.due = 0.0  # when the next tick ought to come, on the clock of `time.monotonic`; 0 before the first
        self._delays, self._works = array("d"), array("d")
        self._worked = 0.0
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL_MILLISECONDS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> Watchdog:
        """Begin."""
        self._await_next()
        return self

    def stop(self) -> None:
        """No more ticks."""
        self._timer.stop()
        self.due = 0.0

    def take(self) -> Lateness:
        """The delays since the last time."""
        delays, works, self._delays, self._works = self._delays, self._works, array("d"), array("d")
        return Lateness.of(delays, works)

    def _tick(self) -> None:
        delay = (time.monotonic() - self.due) * 1000
        self._delays.append(max(delay, 0.0))
        self._works.append((time.thread_time() - self._worked) * 1000)
        if delay >= STALL_MILLISECONDS:
            log.info("the window was %.0f ms late", delay)
        self._await_next()

    def _await_next(self) -> None:
        self.due = time.monotonic() + INTERVAL_MILLISECONDS / 1000
        self._worked = time.thread_time()
        self._timer.start()


class Stalls(threading.Thread):
    """Tells what all threads do while the window does not answer, once a stall."""

    def __init__(
        self, watchdog: Watchdog, *, limit: float = STALL_MILLISECONDS, tell: Callable[[str], object] | None = None
    ) -> None:
        super().__init__(name="stalls", daemon=True)
        self._watchdog, self._limit, self._ended = watchdog, limit, threading.Event()
        self._tell = tell or (lambda told: log.info("the window does not answer:\n%s", told))

    def end(self) -> None:
        """No more looks."""
        self._ended.set()

    def run(self) -> None:
        """Until `end`."""
        told = 0.0
        while not self._ended.wait(self._limit / 5000):
            due = self._watchdog.due
            if due and due != told and (time.monotonic() - due) * 1000 > self._limit:
                told = due
                self._tell(stacks())


class FirstPaint(QObject):
    """Says in the log when a window was first on screen, and what was imported by then that need not be."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """After the paint that is under way."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._say)
        return super().eventFilter(watched, event)

    def _say(self) -> None:
        heavy = [name for name in HEAVY if sys.modules.get(name) is not None]
        log.info("%s, imported before it: %s", PAINTED, " ".join(heavy) or "nothing heavy")


PAINTED = "the window is painted"


def watch(window: QWidget) -> None:
    """Where log messages are shown (`main.py --debug`), tell of the first paint and of every stall."""
    if logging.getLogger().isEnabledFor(logging.INFO):
        FirstPaint(window)
        Stalls(Watchdog(window).start()).start()


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def stacks() -> str:
    """What every thread does. `sys._current_frames` makes objects of frames in use, which can end the process."""
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read().decode(errors="replace")
