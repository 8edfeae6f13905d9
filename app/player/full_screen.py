"""The film alone on the screen: its bar lies over the picture and goes away, with the pointer, when the mouse rests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

REST_MILLISECONDS = 2000
_TREMBLE_PIXELS = 3  # a table that shakes moves nothing


class RestingControls(QObject):
    """Hides `bar` and the pointer over `screen` while nothing moves; shows them when the mouse does."""

    shown_changed = Signal(bool)

    def __init__(self, screen: QWidget, bar: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen, self._bar = screen, bar
        self._active = False
        self._seen = QPoint()
        self._timer = QTimer(self, singleShot=True, interval=REST_MILLISECONDS)
        self._timer.timeout.connect(self._rest)

    @property
    def active(self) -> bool:
        """True while the film fills the screen."""
        return self._active

    def set_active(self, active: bool) -> None:
        """Begin, or give bar and pointer back for good."""
        if active == self._active:
            return
        self._active = active
        application = QApplication.instance()
        if active and application is not None:
            application.installEventFilter(self)
        elif application is not None:
            application.removeEventFilter(self)
        self.wake()

    def wake(self) -> None:
        """Show everything; begin to wait if the film fills the screen."""
        self._screen.unsetCursor()
        self._bar.show()
        self.shown_changed.emit(True)
        self._timer.start() if self._active else self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Any movement of the mouse, any press and any key that goes to the bar wakes it."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            place = event.globalPosition().toPoint()
            if (place - self._seen).manhattanLength() > _TREMBLE_PIXELS:
                self._seen = place
                self.wake()
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel) or (
            kind == QEvent.Type.FocusIn and isinstance(watched, QWidget) and self._bar.isAncestorOf(watched)
        ):
            self.wake()
        return False

    def _rest(self) -> None:
        """Not under the pointer, not while a menu is open or somebody is on the bar with the keyboard."""
        focus = QApplication.focusWidget()
        busy = QApplication.activePopupWidget() is not None or (focus is not None and self._bar.isAncestorOf(focus))
        over = self._bar.isVisible() and self._bar.rect().contains(self._bar.mapFromGlobal(QCursor.pos()))
        if busy or over:
            self._timer.start()
            return
        self._bar.hide()
        self._screen.setCursor(Qt.CursorShape.BlankCursor)
        self.shown_changed.emit(False)
