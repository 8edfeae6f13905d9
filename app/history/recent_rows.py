"""The rows of the list of recent films: what they hold, and how they are painted."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.history.records import FilmCard
from app.history.words import about_film
from app.theme import Palette, icon, sized

ROW_HEIGHT = 72
PICTURE = QSize(96, 54)
_EDGE, _GAP = 10, 12
MORE = 32  # wide: the right end of a row, which opens its menu
GONE = "Not where it was"
CARD = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class RecentRows(QAbstractListModel):
    """Films, last opened first."""

    def __init__(self) -> None:
        super().__init__()
        self._films: list[tuple[FilmCard, QImage]] = []
        self._gone: set[str] = set()

    def show(self, films: Sequence[tuple[FilmCard, QImage]]) -> None:
        """Another list."""
        self.beginResetModel()
        self._films = list(films)
        self.endResetModel()

    def mark(self, card: FilmCard, *, gone: bool) -> None:
        """Whether a film's file is where it was."""
        if gone is not (card.content in self._gone):
            self._gone.symmetric_difference_update({card.content})
            for row, (shown, _) in enumerate(self._films):
                if shown.content == card.content:
                    self.dataChanged.emit(self.index(row), self.index(row))

    def card(self, row: int) -> FilmCard:
        """The film of a row."""
        return self._films[row][0]

    def picture(self, row: int) -> QImage:
        """Its picture, a null one where there is none."""
        return self._films[row][1]

    def gone(self, card: FilmCard) -> bool:
        """True if its file is known not to be where it was."""
        return card.content in self._gone

    def line(self, card: FilmCard) -> str:
        """What stands under its name."""
        about = about_film(card, time.time())
        return f"{GONE}: find it …  ·  {about}" if self.gone(card) else about

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - an invalid index, as Qt has it
        """How many."""
        return 0 if parent.isValid() else len(self._films)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, tip, words for screen readers."""
        card = self.card(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return card.path.name
            case Qt.ItemDataRole.ToolTipRole:
                return str(card.path)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{card.path.name}, {self.line(card)}"
            case _:
                return None


class RecentPainter(QStyledItemDelegate):
    """Paints picture, name and line."""

    def __init__(self, rows: RecentRows, palette: Palette) -> None:
        super().__init__()
        self._rows, self.palette = rows, palette
        self._name, self._line = sized(14, weight=600), sized(12)
        self._icons: dict[tuple[str, str], QIcon] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """All rows are of one height."""
        return QSize(320, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        card, colours, room = self._rows.card(index.row()), self.palette, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        at = QRect(room.left() + _EDGE, room.center().y() - PICTURE.height() // 2, PICTURE.width(), PICTURE.height())
        self._picture(painter, at, self._rows.picture(index.row()))
        left = at.right() + _GAP
        words = QRect(left, room.top(), room.right() - left - MORE, room.height())
        gone = self._rows.gone(card)
        self._text(painter, words.adjusted(0, 14, 0, -36), card.path.name, self._name,
                   colours.text2 if gone else colours.text)  # fmt: skip
        self._text(painter, words.adjusted(0, 36, 0, -12), self._rows.line(card), self._line,
                   colours.accent if gone else colours.text2)  # fmt: skip
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            dots = QRect(room.right() - MORE, room.center().y() - 9, 18, 18)
            self._icon("dots-three-vertical", colours.text2).paint(painter, dots)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state, room = option.state, option.rect.adjusted(1, 1, -1, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(self.palette.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.palette.soft if focused else self.palette.hover))
            painter.drawRoundedRect(room, 6, 6)

    def _picture(self, painter: QPainter, at: QRect, picture: QImage) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(at, 4, 4)
        painter.fillPath(shape, QColor(self.palette.block))
        if picture.isNull():
            icon("film-strip", self.palette.text3).paint(
                painter, QRect(at.center().x() - 10, at.center().y() - 10, 20, 20)
            )
            return
        size = picture.size().scaled(at.size(), Qt.AspectRatioMode.KeepAspectRatio)
        inner = QRect(at.center().x() - size.width() // 2, at.center().y() - size.height() // 2, *size.toTuple())
        painter.setClipPath(shape)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(inner, picture)
        painter.setClipping(False)

    def _icon(self, name: str, colour: str) -> QIcon:
        """Made once a colour: painting must be quick."""
        if (name, colour) not in self._icons:
            self._icons[name, colour] = icon(name, colour)
        return self._icons[name, colour]

    def _text(self, painter: QPainter, room: QRect, text: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
