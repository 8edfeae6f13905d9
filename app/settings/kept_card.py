"""What is kept on this computer: two switches and a way to delete it all, beside the settings of questions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.settings.fields import SwitchField
from app.style import mark

TITLE = "On this computer"
KEEP = "Keep films, questions and answers"
KEEP_HELP = (
    "They come back at the next start, from one file on this computer: {folder}. Nothing of it is sent anywhere. "
    "Switched off, nothing new is written; what is there stays until it is deleted."
)
REOPEN = "Reopen the last film at start"
REOPEN_HELP = "Otherwise a start without a film shows the list of recent ones."
DELETE = "Delete the history …"


class KeptCard(QFrame):
    """Says what is wanted; owns nothing."""

    keep_wanted = Signal(object)  # bool
    reopen_wanted = Signal(object)  # bool
    delete_wanted = Signal()

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="card")
        self._words = " ".join((TITLE, KEEP, KEEP_HELP, REOPEN, REOPEN_HELP, DELETE)).lower()
        self.keep, self.reopen = SwitchField(), SwitchField()
        self.keep.committed.connect(self.keep_wanted)
        self.reopen.committed.connect(self.reopen_wanted)
        self.delete = QPushButton(DELETE)
        self.delete.setAutoDefault(False)
        mark(self.delete, button="plain")
        self.delete.clicked.connect(self.delete_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(_label(TITLE, kind="label", tone="2"))
        column.addLayout(_row(KEEP, KEEP_HELP.format(folder=folder), self.keep))
        column.addLayout(_row(REOPEN, REOPEN_HELP, self.reopen))
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.delete)
        column.addLayout(foot)

    def show_switches(self, *, keep: bool, reopen: bool) -> None:
        """What is in force."""
        self.keep.show_value(keep)
        self.reopen.show_value(reopen)

    def matches(self, words: Sequence[str]) -> bool:
        """True if every word is in its text."""
        return all(word in self._words for word in words)


def _row(name: str, help_text: str, field: SwitchField) -> QHBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(4)
    title, more = _label(name, kind="control"), _label(help_text, kind="small", tone="2")
    title.setBuddy(field)
    more.setWordWrap(True)
    words.addWidget(title)
    words.addWidget(more)
    field.setAccessibleName(name)
    field.setToolTip(help_text)
    row = QHBoxLayout()
    row.setSpacing(24)
    row.addLayout(words, 1)
    row.addWidget(field)
    return row


def _label(text: str, *, kind: str, tone: str = "1") -> QLabel:
    label = QLabel(text)
    mark(label, kind=kind, tone=tone)
    return label
