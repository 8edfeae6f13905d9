"""Command-line wishes in, a running window and an exit code out. The window shows before anything heavy is imported."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.about import program_icon
from app.bridge import Bridge
from app.garbage import Garbage
from app.knowledge import SAMPLE, sample_questions
from app.logbook import logbook
from app.main_window import MainWindow
from app.theme import Theme
from app.watchdog import watch
from app.worker import AnySession, real_session
from engine.whole_file import give_up

log = logging.getLogger(__name__)

ORGANISATION = "tempo-desk"
WARM_UP_MILLISECONDS = 300  # after the window: its first paint comes before torch
_SWITCH_SECONDS = 0.0005  # how long the window waits for Python's lock while another thread computes; 0.005 by itself
_QUIET = "qt.multimedia.*=false"  # names of missing optional sound libraries and codecs; failures come as errors


def run(
    film: str | None = None, *, sample: bool = False, question: str | None = None, argv: Sequence[str] | None = None
) -> int:
    """Show the window on `film`, or on the sample with a question typed in; ask `question` if there is one."""
    with logbook():
        return _run(make_application(argv), film, sample=sample, question=question)


def _run(application: QApplication, film: str | None, *, sample: bool, question: str | None) -> int:
    window = make_window()
    previous, sys.excepthook = sys.excepthook, hook_for(window)
    watch(window)
    window.show()
    start = Path(film) if film else SAMPLE if sample or question else None
    suggestion = next(iter(sample_questions()), "") if sample and not question else ""
    if start is not None:
        QTimer.singleShot(0, window, lambda: window.open_film(start, question=question or "", suggestion=suggestion))
    elif window.history.reopens:
        window.resuming.reopen()
    QTimer.singleShot(WARM_UP_MILLISECONDS, window, window.warm_up)
    try:
        code = application.exec()
    finally:
        sys.excepthook = previous
    if not window.stopped:  # a thread inside a foreign call cannot be ended; the window and its settings are safe
        give_up()
        logging.shutdown()
        os._exit(code)
    return code


def make_application(argv: Sequence[str] | None = None) -> QApplication:
    """The one QApplication, dressed."""
    os.environ.setdefault("QT_LOGGING_RULES", _QUIET)
    sys.setswitchinterval(_SWITCH_SECONDS)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(list(argv or ["tempo-desk"]))
    application.setApplicationName("Tempo Desk")
    application.setStyle("Fusion")
    application.setWindowIcon(program_icon())
    return application


def make_window(
    make_session: Callable[[], AnySession] = real_session, *, settings: QSettings | None = None, sample: Path = SAMPLE
) -> MainWindow:
    """A window with its own engine thread."""
    settings = settings or QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, "window")
    theme = Theme(str(settings.value("theme", "system")))
    theme.apply()
    bridge = Bridge(make_session)
    window = MainWindow(bridge, theme, settings, sample=sample)
    theme.setParent(window)
    garbage = Garbage(window)
    bridge.busy_changed.connect(garbage.set_busy)
    bridge.warmed.connect(lambda _: garbage.set_busy(bridge.busy))
    return window


def hook_for(
    window: MainWindow,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """An error nobody caught, on whatever thread, becomes a message and a log entry; the window lives on."""
    complaints = _Complaints(window)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.error("an error nobody caught", exc_info=(kind, error, trace))
        complaints.caught.emit(kind.__name__)

    return hook


class _Complaints(QObject):
    """Lives on the window's thread, where alone widgets may be touched."""

    caught = Signal(str)  # the name of an error

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.caught.connect(self._say)

    @Slot(str)
    def _say(self, name: str) -> None:
        self._window.message.say(f"Something went wrong inside the program ({name}).", "The log has the details.")
