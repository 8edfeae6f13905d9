"""Progress in, four bars with mark and count out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.chat.progress import Progress, Stage, State
from app.style import mark

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
        self._count.setContentsMargins(16, 0, 0, 0)
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
    """All four, on the grid of four columns that evidence and numbers share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._columns = [StageColumn() for _ in range(4)]
        for column in self._columns:
            row.addWidget(column, 1, Qt.AlignmentFlag.AlignTop)
        self.show_progress(Progress())

    def show_progress(self, progress: Progress) -> None:
        """Bring all four up to date."""
        for column, stage in zip(self._columns, progress.stages, strict=True):
            column.show_stage(stage)
