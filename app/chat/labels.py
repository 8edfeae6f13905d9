"""Text that wraps in any width, and remarks of the program beside the answer."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.style import mark
from app.theme import Palette, icon

_LONG_WORD = re.compile(r"\S{24,}")
_BREAK = "\u200b"  # a place to break a line that shows nothing


def breakable(text: str) -> str:
    """Long addresses and the like with places to break: a label would grow as wide as its longest word."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(re.findall(r".{1,12}", word[0])), text)


def wrapped(text: str, *, kind: str, tone: str = "1") -> QLabel:
    """Plain text that wraps and can be selected."""
    label = QLabel(breakable(text))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    policy = label.sizePolicy()  # keeps what Qt knows of its height
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    mark(label, kind=kind, tone=tone)
    return label


class ElidedLabel(QLabel):
    """One line, as much of it as there is room for; the tooltip has the rest."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = " ".join(text.split())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """More or less of it."""
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class Note(QWidget):
    """A remark of the program, kept apart from the answer."""

    def __init__(self, text: str, palette: Palette, *, picture: str = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self._name = picture
        self._picture = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(wrapped(text, kind="small", tone="2"), 1)
        self.setAccessibleName(text)
        self.apply_palette(palette)

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self._picture.setPixmap(icon(self._name, palette.text2).pixmap(15, 15))
