"""What goes wrong is written down in a small file, by a thread of its own; `folder()` is where people find it."""

from __future__ import annotations

import faulthandler
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from engine.store_place import cache_folder

_BYTES, _KEPT = 500_000, 3
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL,
}  # fmt: skip


def folder() -> Path:
    """Where the log lies."""
    return cache_folder() / "log"


@contextmanager
def logbook() -> Iterator[None]:
    """Write warnings of everybody and the news of our own packages to the log, and what kills the process as well.

    Where nothing can be written the program works on without a log.
    """
    try:
        folder().mkdir(parents=True, exist_ok=True)
        written = RotatingFileHandler(folder() / "window.log", maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8")
        crashes = (folder() / "crash.log").open("a", encoding="utf-8")
    except OSError as error:
        logging.getLogger(__name__).warning("no log is kept: %s", error)
        yield
        return
    written.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    put, listener = QueueHandler(queue), QueueListener(queue, written)
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("app", "engine")]
    before = [logger.level for logger in ours]
    for logger in ours:
        logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
    root.addHandler(put)
    faulthandler.enable(crashes)
    previous = qInstallMessageHandler(_from_qt)
    listener.start()
    try:
        yield
    finally:
        qInstallMessageHandler(previous)
        faulthandler.disable()
        root.removeHandler(put)
        for logger, level in zip(ours, before, strict=True):
            logger.setLevel(level)
        listener.stop()
        written.close()
        crashes.close()


def _from_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own words: into the log, and to the terminal from a warning on."""
    level = _LEVELS.get(kind, logging.WARNING)
    logging.getLogger(f"qt.{context.category or 'default'}").log(level, "%s", text)
    if level >= logging.ERROR and sys.stderr is not None:
        sys.stderr.write(text + "\n")
