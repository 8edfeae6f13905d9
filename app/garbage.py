"""Python's garbage, collected on the window's own thread and while nobody waits.

Left to itself Python collects whenever and wherever enough objects were made: on the engine's thread, which must not
destroy widgets; inside Qt, while it destroys an object and holds its locks, where to destroy another one can
wait for ever; in the middle of a question, where a full collection holds up the window for ten milliseconds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

_LOOK_MILLISECONDS = 1000
FEW = 700  # objects made since the last collection that are not worth one


class Garbage(QObject):
    """Takes over from Python's own collector, for good: there is no safe moment to hand back while windows go."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._busy = False
        self._timer = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)  # not before `set_busy`: imports make much that stays
        gc.disable()

    def set_busy(self, busy: bool) -> None:
        """A question is being answered, or no more."""
        self._busy = busy
        if isValid(self._timer):  # warmed may be told when the window is gone already
            self._timer.start()  # a whole second of rest before a full collection

    def look(self) -> None:
        """Collect what is worth it: of the youngest only, while a question is answered."""
        if gc.get_count()[0] > FEW:
            gc.collect(0 if self._busy else 2)
