"""Parts below one another, as high as their width makes them.

Qt's own box layout asks every part for three heights whenever one of them changes: with fifty answers on screen that
is 5 ms for every few words of the next one. Here a part that did not change answers from its own cache.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class Column(QWidget):
    """The width is given, the height follows. Hidden parts take no room."""

    def __init__(self, *, sides: int, ends: int, gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides, self._ends, self._gap = sides, ends, gap
        self._parts: list[QWidget] = []

    def insert(self, place: int, part: QWidget) -> None:
        """Put a part before the one that stands at `place`."""
        self._parts.insert(place, part)
        part.setParent(self)
        if not part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            part.show()

    def add(self, part: QWidget) -> None:
        """Put a part last."""
        self.insert(len(self._parts), part)

    def remove(self, part: QWidget) -> None:
        """Let one go: it is destroyed."""
        self._parts.remove(part)
        part.hide()
        part.deleteLater()

    def event(self, event: QEvent) -> bool:
        """Some part wants another height, came or went."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width makes other heights."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def _place(self) -> None:
        width, top = self.width() - 2 * self._sides, self._ends
        for part in self._parts:
            if part.isHidden():
                continue
            height = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
            part.setGeometry(self._sides, top, width, height)
            top += height + self._gap
        self.setMinimumHeight(top - self._gap + self._ends)
