"""Holds a pane without a layout: what is laid out anew inside concerns the window only if more room is needed for it.

Qt passes every new layout on to the top, where all docks are moved to where they are: for every count in a label.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

_SLACK = 48  # pixels: to need so little less is no reason to move everything


class Hold(QWidget):
    """As large as it is told to be, and the pane with it. With `least` the pane can do with that, whatever it says."""

    def __init__(self, pane: QWidget, *, least: QSize | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pane, self._least = pane, least
        pane.setParent(self)
        self._needs = self._needed()

    def event(self, event: QEvent) -> bool:
        """The pane was laid out anew."""
        if event.type() == QEvent.Type.LayoutRequest:
            needs = self._needed()
            more = needs.expandedTo(self._needs) != self._needs
            less = self._needs - needs
            if more or less.width() > _SLACK or less.height() > _SLACK:
                self._needs = needs
                self.updateGeometry()
        return super().event(event)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The pane's."""
        return self._pane.sizeHint().expandedTo(self._needs)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The pane's, as the window last heard of it."""
        return self._needs

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The pane fills it."""
        super().resizeEvent(event)
        self._pane.setGeometry(self.rect())

    def _needed(self) -> QSize:
        return self._least or self._pane.minimumSizeHint().expandedTo(self._pane.minimumSize())
