"""Progress in, five bars with mark and count out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.chat.progress import Progress, Stage, State
from app.style import mark

_GAP = 6
_NARROWEST = 95  # pixels: `1,024 of 1,024`; five of them fit the pane as it first stands
_MARKS = {State.WAITING: "○", State.RUNNING: "◐", State.DONE: "✓", State.STOPPED: "✕"}


class StageColumn(QWidget):
    """One stage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State | None = None
        self._bar = QProgressBar(textVisible=False)
        self._name = QLabel()
        mark(self._name, kind="label")
        self._count = QLabel()
        mark(self._count, kind="caption", tone="2")
        self._count.setContentsMargins(14, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._bar)
        column.addSpacing(3)
        column.addWidget(self._name)
        column.addWidget(self._count)

    def show_stage(self, stage: Stage) -> None:
        """Bar, mark and count."""
        running = stage.state is State.RUNNING
        if running and stage.total == 0:
            self._bar.setRange(0, 1)  # length unknown: a full accent bar, not a spinner without a count
            self._bar.setValue(1)
        else:
            self._bar.setRange(0, max(stage.total, 1))
            self._bar.setValue(stage.total if stage.state is State.DONE else stage.done)
        if stage.state is State.DONE:
            self._bar.setValue(self._bar.maximum())
        self._name.setText(f"{_MARKS[stage.state]} {stage.name}")
        self._count.setText(stage.count)
        self._name.setAccessibleName(f"{stage.name}: {stage.state.value}, {stage.count}")
        if self._state is not stage.state:
            self._state = stage.state
            mark(self._bar, running="yes" if running else "no")
            mark(
                self._name,
                tone={State.WAITING: "3", State.RUNNING: "accent", State.DONE: "1", State.STOPPED: "3"}[stage.state],
            )


class StageRow(QWidget):
    """All five, beside one another where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(_GAP)
        self._across = 0
        self._columns = [StageColumn() for _ in Progress().stages]
        self._deal(len(self._columns))
        self.show_progress(Progress())

    def show_progress(self, progress: Progress) -> None:
        """Bring all of them up to date."""
        for column, stage in zip(self._columns, progress.stages, strict=True):
            column.show_stage(stage)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Two beside one another, whatever is dealt now."""
        return QSize(2 * _NARROWEST + _GAP, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Two lines in a narrow pane, or three."""
        super().resizeEvent(event)
        fitting = (self.width() + _GAP) // (_NARROWEST + _GAP)
        self._deal(5 if fitting >= 5 else 3 if fitting >= 3 else 2)

    def _deal(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for place, column in enumerate(self._columns):
            self._grid.setColumnStretch(place, 1 if place < across else 0)
            self._grid.addWidget(column, place // across, place % across, Qt.AlignmentFlag.AlignTop)
