"""Work on other threads, and which of them goes first where several want a core: the window's own."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QRunnable

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
