"""Ctrl+C on the command line."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from engine.cancel import CancelToken


@contextmanager
def stopped_by_ctrl_c() -> Iterator[CancelToken]:
    """A token that Ctrl+C sets besides interrupting.

    The interrupt alone can be lost: it is raised in whatever Python code runs just then, and where that was called from
    C code that asks whether an attribute is there, every error means that it is not. The token stays set.
    """
    token = CancelToken()
    elsewhere = threading.current_thread() is not threading.main_thread()  # where no handler can be set
    if elsewhere or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as for jobs in the background
        yield token
        return

    def stop(number: int, frame: FrameType | None) -> None:
        token.cancel()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
