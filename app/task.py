"""Work on other threads, and which of them goes first where several want a core: the window's own."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QRunnable, QThreadPool

log = logging.getLogger(__name__)

AT_ONCE, ENGINE, BESIDE = 0, 10, 15  # nice: what is on screen, what was asked for, what is shown beside it


def step_back(nice: int) -> None:
    """Let other threads of the program go before this one and those that it starts. Linux only: elsewhere a thread has
    no priority of its own that lasts."""
    if sys.platform == "linux" and nice:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


class Task(QRunnable):
    """Work for a pool, all of whose tasks are equally `nice`: its threads do one after another."""

    def __init__(self, work: Callable[[], None], *, nice: int = AT_ONCE) -> None:
        super().__init__()
        self._work, self._nice = work, nice

    def run(self) -> None:
        """On a thread of the pool."""
        step_back(self._nice)
        self._work()


class Pool(QThreadPool):
    """Threads of one's own. Without a parent: a pool that is destroyed waits for its task with the GIL in hand."""

    def __init__(self, *, threads: int) -> None:
        super().__init__()
        self.setMaxThreadCount(threads)

    def ended(self, milliseconds: int, work: str) -> bool:
        """Wait for what is at work. False if it takes longer; the pool is then kept until the process ends, for Qt
        would wait on. `work` says for the log what was still being done."""
        stopped = self.waitForDone(milliseconds)
        if not stopped:
            log.warning("%s after %d ms", work, milliseconds)
            _UNFINISHED.append(self)
        return stopped


_UNFINISHED: list[Pool] = []
