"""What stands where the film will be: the two ways in, and below them whatever the window adds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.style import mark
from app.theme import Palette, icon

_WIDEST = 640


class Welcome(QWidget):
    """The empty state of the player."""

    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, palette: Palette, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = QFrame()
        mark(frame, panel="drop")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 8, 8, 8)
        outer.addWidget(frame)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel("Open a film to start", alignment=Qt.AlignmentFlag.AlignCenter)
        mark(title, kind="title")
        text = QLabel("Drop a file here, or open one: MP4, MKV, MOV, WebM and AVI, of any length.")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setWordWrap(True)
        mark(text, kind="body", tone="2")
        self._open = QPushButton(" Open film")
        mark(self._open, button="main")
        self._open.clicked.connect(self.open_wanted)
        self._sample = QPushButton(" Open the sample")
        mark(self._sample, button="plain")
        self._sample.clicked.connect(self.sample_wanted)
        self._sample.setEnabled(has_sample)
        hint = QLabel("Ctrl+O opens a film, ? lists the keys", alignment=Qt.AlignmentFlag.AlignCenter)
        mark(hint, kind="small", tone="3")
        self._added = QWidget()
        self._wordy = [self._picture, text, hint]  # what makes room for what is added
        self._lay_out(frame, [self._picture, title, text], hint)
        self.apply_palette(palette)

    def add(self, part: QWidget) -> None:
        """One more way in, below the buttons."""
        part.setMaximumWidth(_WIDEST)
        row = QHBoxLayout(self._added)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(part, 1000)  # as wide as it may be
        row.addStretch(1)
        self._column.insertWidget(self._column.count() - 1, self._added, 1)
        self._added.setVisible(not part.isHidden())

    def be_brief(self, brief: bool) -> None:
        """Leave the room to what was added."""
        self._added.setVisible(brief)  # else it would take the room that keeps the rest in the middle
        for part in self._wordy:
            part.setVisible(not brief)

    def _lay_out(self, frame: QFrame, head: list[QLabel], hint: QLabel) -> None:
        column = self._column = QVBoxLayout(frame)
        column.setContentsMargins(16, 16, 16, 16)
        column.addStretch()
        for label in head:
            column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._open)
        buttons.addWidget(self._sample)
        buttons.addStretch()
        column.addSpacing(16)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(hint)
        column.addStretch()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._picture.setPixmap(icon("film-strip", palette.text3).pixmap(36, 36))
        self._open.setIcon(icon("folder-open", palette.on_accent))
        self._sample.setIcon(icon("play", palette.text))
