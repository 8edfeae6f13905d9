"""What stands in the bar of the dock: the name of the pane and how many moments there are."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.style import mark


class Head(QWidget):
    """A title with a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title, self._count = QLabel("Moments"), QLabel()
        mark(title, kind="control")
        mark(self._count, kind="small", tone="3")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(self._count, 1)

    def show_count(self, count: int) -> None:
        """How many there are."""
        self._count.setText(f"{count:,} found" if count else "")
