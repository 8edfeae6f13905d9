"""Text pieces in while the answer is written, links out once it is grounded. As high as its text.

Set anew no more often than a tenth of the time allows, however long the answer; what somebody has selected stays
selected. Loads nothing from anywhere: no picture, no style sheet, no page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QTextBrowser, QWidget

from app.chat.answer.cited import SCHEME, Cited, cited, places
from app.chat.answer.markup import blocks_of
from app.chat.answer.rooms import with_rooms, without_rooms, words_between
from app.chat.answer.setting import Setter
from app.chat.answer.stream import Stream
from app.chat.answer.underlay import draw_underlay
from app.chat.place_menu import place_menu
from app.theme import Palette
from engine.records import Answer

_REST = 9  # times as long as the last setting took, and no less than a tick of the bridge
_TICK = 33  # milliseconds
_WALKING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class AnswerView(QTextBrowser):
    """The words of one answer."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)
    segment_pointed = Signal(object)  # the index of the segment whose time is pointed at, or None

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._stream = Stream()
        self._times: tuple[Cited, ...] = ()
        self._limits = (0, 0)
        self._segment: int | None = None
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        self.setAccessibleName("Answer")
        self.ensurePolished()  # the size of the text is the style sheet's
        self.document().setDefaultFont(self.font())
        self._setter = Setter(self.document(), palette)
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self._set)
        self.anchorClicked.connect(self._on_link)
        self.highlighted.connect(lambda url: self._point(self._time_of(url)))
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    # what stands in it --------------------------------------------------------------------------------------------

    def add(self, text: str) -> None:
        """What the model just wrote; shown at the next turn of the clock."""
        self._stream.add(text)
        if not self._due.isActive():
            self._due.start()

    def settle(self) -> None:
        """Show at once what was written so far."""
        if self._due.isActive():
            self._due.stop()
            self._set()

    def begin_again(self) -> None:
        """Forget what was written."""
        self._due.stop()
        self._stream = Stream()
        self._setter.show(())

    def show_answer(self, answer: Answer) -> None:
        """The whole answer, its times judged."""
        self._due.stop()
        self._times = cited(answer)
        self._limits = (answer.allocation.k_min, answer.allocation.k_max)
        self._keeping_selection(lambda: self._setter.show(blocks_of(answer.text, places(answer)), self._times))

    def show_text(self, text: str) -> None:
        """An answer that was broken off."""
        self._due.stop()
        self._setter.show(blocks_of(text))

    def apply_palette(self, palette: Palette) -> None:
        """Set again in the new colours."""
        self._palette = palette
        self._keeping_selection(lambda: self._setter.dress(palette))
        self.viewport().update()

    def _set(self) -> None:
        begun = time.monotonic()
        self._keeping_selection(lambda: self._setter.show(self._stream.blocks()))
        self._due.setInterval(max(round(_REST * 1000 * (time.monotonic() - begun)), _TICK))

    # selections ---------------------------------------------------------------------------------------------------

    def _keeping_selection(self, change: Callable[[], None]) -> None:
        """Selected words stay selected though the text around and beneath them is set anew."""
        before = self.textCursor()
        anchor, position = (without_rooms(at, self._rooms()) for at in (before.anchor(), before.position()))
        change()
        if anchor != position:
            last, rooms = self.document().characterCount() - 1, self._rooms()
            after = self.textCursor()
            after.setPosition(min(with_rooms(anchor, rooms), last))
            after.setPosition(min(with_rooms(position, rooms), last), QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(after)

    def _rooms(self) -> list[tuple[int, int]]:
        rooms = []
        for chip in self._setter.chips:
            begin, first = chip.whole.selectionStart(), chip.words.selectionStart()
            last, end = chip.words.selectionEnd(), chip.whole.selectionEnd()
            rooms += [(begin, first - begin), (last, end - last)]
        return rooms

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802
        """The answer's own words, without what the view put around its times."""
        cursor, made = self.textCursor(), super().createMimeDataFromSelection()  # one of ours would outlive Python
        made.text()  # Qt fills it when it is first read
        made.clear()
        made.setText(words_between(self.document(), cursor.selectionStart(), cursor.selectionEnd(), self._rooms()))
        return made

    # links --------------------------------------------------------------------------------------------------------

    @property
    def pointed(self) -> Cited | None:
        """The time whose link has the focus, or is under the pointer."""
        return self._time_of(QUrl(self.textCursor().charFormat().anchorHref())) if self.hasFocus() else None

    def menu_at(self, place: QPoint | None) -> QMenu:
        """What can be done with the time at a place of the view, or with the focused one; else with the words."""
        time = self.pointed if place is None else self._time_of(QUrl(self.anchorAt(place)))
        if time is None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        else:
            menu = place_menu(self, time.start_seconds, time.end_seconds, seek=self.seek_wanted.emit,
                              play=self.span_wanted.emit)  # fmt: skip
            menu.addSeparator()
        copy = menu.addAction("Copy the selected words", self.copy)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction("Select the whole answer", self.selectAll)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """By mouse at the pointer, by key at the link that has the focus."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        where = self.cursorRect().bottomLeft() if by_key else event.pos()
        self.menu_at(None if by_key else event.pos()).popup(self.viewport().mapToGlobal(where))

    def focusNextPrevChild(self, on: bool) -> bool:  # noqa: N802
        """Tab walks the links, and pointing follows."""
        moved = super().focusNextPrevChild(on)
        self._point(self.pointed)
        return moved

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Nothing is pointed at any more."""
        super().focusOutEvent(event)
        self._point(None)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """The pointer is gone."""
        super().leaveEvent(event)
        self._point(None)

    def _time_of(self, url: QUrl) -> Cited | None:
        place = url.fragment()
        if url.scheme() != SCHEME or not place.isdecimal() or int(place) >= len(self._times):
            return None
        time = self._times[int(place)]
        return time if time.link == url.toString() else None

    def _point(self, time: Cited | None) -> None:
        segment = time.segment if time is not None else None
        if segment != self._segment:
            self._segment = segment
            self.segment_pointed.emit(segment)

    def _on_link(self, url: QUrl) -> None:
        time = self._time_of(url)
        if time is not None:
            self.seek_wanted.emit(time.start_seconds)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802
        """Nothing is ever fetched."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copying, walking and following the links is ours; all other keys belong to the player."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        time = self.pointed
        if enter and time is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.span_wanted.emit(time.start_seconds, time.end_seconds)
        elif enter or event.matches(QKeySequence.StandardKey.Copy) or event.key() in _WALKING:
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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Chips and panels first, words on top."""
        painter = QPainter(self.viewport())
        draw_underlay(painter, self.document(), self._setter.chips, self._palette, self._limits, event.rect())
        painter.end()
        super().paintEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as the text."""
        return QSize(200, self._height())

    def _height(self) -> int:
        return int(self.document().size().height()) + 4

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())
