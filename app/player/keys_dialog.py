"""The list under `?`: the table of keys as people read it, in columns. Keys of what is not here are left out."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.player.keys import FOCUSED, GROUPS, Group, Row
from app.style import mark

_IN_COLUMN = (2, 3)  # groups in the first columns, the others in the last
_KEYS_WIDTH, _GAP = 138, 28
_FRAME = QSize(32, 64)  # what a window manager adds, about, and some air


class KeysDialog(QDialog):
    """Every key whose action the window has."""

    def __init__(self, actions: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(_GAP)
        for groups in _columns(_present(actions)):
            column = QVBoxLayout()
            column.setSpacing(20)
            for group in groups:
                column.addLayout(_listed(group))
            column.addStretch()
            row.addLayout(column, 1)
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setAccessibleName("Keys and what they do")
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        wanted = inside.sizeHint() + QSize(2, 2)
        self.resize(wanted if parent is None else wanted.boundedTo(parent.window().size() - _FRAME))


def _present(actions: Collection[str]) -> list[Group]:
    """The groups without rows that would do nothing."""
    kept = [Group(group.title, tuple(row for row in group.rows if set(row.actions) & set(actions))) for group in GROUPS]
    return [*(group for group in kept if group.rows), *FOCUSED]


def _columns(groups: list[Group]) -> list[list[Group]]:
    columns, begin = [], 0
    for count in (*_IN_COLUMN, len(groups)):
        columns.append(groups[begin : begin + count])
        begin += count
    return [column for column in columns if column]


def _listed(group: Group) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, _KEYS_WIDTH)
    grid.setColumnStretch(1, 1)
    title = QLabel(group.title)
    mark(title, kind="label")
    grid.addWidget(title, 0, 0, 1, 2)
    for place, row in enumerate(group.rows, start=1):
        meaning = QLabel(row.meaning)
        mark(meaning, kind="small", tone="2")
        grid.addLayout(_keys(row), place, 0)
        grid.addWidget(meaning, place, 1)
    return grid


def _keys(row: Row) -> QHBoxLayout:
    held, keys = row.shown
    line = QHBoxLayout()
    line.setSpacing(4)
    for text in (held, *keys):
        if text:
            key = QLabel(text)
            key.setTextFormat(Qt.TextFormat.PlainText)
            mark(key, kind="small", panel="key")
            line.addWidget(key)
    line.addStretch()
    return line
