"""Text pieces in while the answer is written, links out once it is grounded. As high as its text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QWidget

from app.chat.answer_text import SCHEME


class AnswerView(QTextBrowser):
    """Loads nothing from anywhere: no picture, no style sheet, no page."""

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.setAccessibleName("Answer")
        self.anchorClicked.connect(self._on_link)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def add(self, text: str) -> None:
        """Append what the model just wrote."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802
        """Nothing is ever fetched."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copying and walking the links is ours; all other keys belong to the player."""
        ours = event.matches(QKeySequence.StandardKey.Copy) or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if ours or (event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The conversation scrolls, not the answer."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """A new width makes a new height."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as the text."""
        return QSize(200, self._height())

    def _height(self) -> int:
        return int(self.document().size().height()) + 4

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() == SCHEME:
            self.seek_wanted.emit(float(url.path()))
