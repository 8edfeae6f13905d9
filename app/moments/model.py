"""Moments in, a table model out. What stays keeps its row object, so that nothing jumps while scores arrive."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from app.clock import clock, span
from app.counting import count
from app.moments.moments import Moment, cited_text, described

MOST_PICTURES = 300
Index = QModelIndex | QPersistentModelIndex
MOMENT = Qt.ItemDataRole.UserRole


class Column(IntEnum):
    """What stands where."""

    RANK = 0
    PICTURE = 1
    TIME = 2
    TOKENS = 3
    RELEVANCE = 4


HEADINGS = {Column.RANK: "#", Column.PICTURE: "Frame", Column.TIME: "Time and chapter", Column.TOKENS: "Tokens",
            Column.RELEVANCE: "Relevance"}  # fmt: skip

EXPLAINED = {
    Column.RANK: "Rank by relevance. Click to sort by it.",
    Column.TIME: "Click to sort by time.",
    Column.TOKENS: "The most tokens that one of its segments got. Click to sort by them.",
    Column.RELEVANCE: "The raw relevance of its best segment, 0 to 1. Click to sort by it.",
}


class MomentsModel(QAbstractTableModel):
    """A row a moment."""

    def __init__(self, parent: QAbstractItemModel | None = None) -> None:
        super().__init__(parent)
        self._moments: list[Moment] = []
        self._pictures: dict[float, QImage] = {}
        self._now: int | None = None
        self.limits = (0, 0)  # k_min and k_max: the ends of the colours

    @property
    def moments(self) -> tuple[Moment, ...]:
        """In the order shown."""
        return tuple(self._moments)

    @property
    def now(self) -> int | None:
        """The key of the moment that the playhead is in."""
        return self._now

    def show_moments(self, moments: Sequence[Moment], limits: tuple[int, int]) -> None:
        """Other moments, or the same with other figures or in another order."""
        self.limits = limits
        keys = {moment.key for moment in moments}
        gone = [row for row, moment in enumerate(self._moments) if moment.key not in keys]
        for first, last in reversed(_stretches(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._moments[first : last + 1]
            self.endRemoveRows()
        held = {moment.key for moment in self._moments}
        fresh = [moment for moment in moments if moment.key not in held]
        if fresh:
            self.beginInsertRows(QModelIndex(), len(held), len(held) + len(fresh) - 1)
            self._moments += fresh
            self.endInsertRows()
        self._arrange(moments)
        if moments:
            self.dataChanged.emit(self.index(0, 0), self.index(len(moments) - 1, len(Column) - 1))

    def clear(self) -> None:
        """Another film: nothing, and no pictures."""
        self.beginResetModel()
        self._moments, self._now = [], None
        self._pictures.clear()
        self.endResetModel()

    def set_now(self, key: int | None) -> None:
        """Where the playhead is."""
        if key != self._now:
            before, self._now = self._now, key
            for changed in (before, key):
                row = self.row_of(changed)
                if row is not None:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def row_of(self, key: int | None) -> int | None:
        """Where a moment stands now."""
        return next((row for row, moment in enumerate(self._moments) if moment.key == key), None)

    def picture(self, moment: Moment) -> QImage | None:
        """The film there, if it has arrived."""
        return self._pictures.get(moment.middle)

    def keep_picture(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        if len(self._pictures) >= MOST_PICTURES:
            self._pictures.pop(next(iter(self._pictures)))
        self._pictures[seconds] = picture
        for row, moment in enumerate(self._moments):
            if moment.middle == seconds:
                place = self.index(row, Column.PICTURE)
                self.dataChanged.emit(place, place)

    def _arrange(self, moments: Sequence[Moment]) -> None:
        """The rows in this order, selection and all."""
        places = {moment.key: row for row, moment in enumerate(moments)}
        moved = [places[moment.key] for moment in self._moments]
        if moved == list(range(len(moved))):
            self._moments = list(moments)
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        self.changePersistentIndexList(old, [self.index(moved[index.row()], index.column()) for index in old])
        self._moments = list(moments)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own default
        """A row a moment."""
        return 0 if parent.isValid() else len(self._moments)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own default
        """Rank, picture, time, tokens, relevance."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """The headings."""
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[Column(section)]
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return EXPLAINED.get(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole and section == Column.RANK:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for every cell: what is painted is said as well."""
        if not index.isValid():
            return None
        moment = self._moments[index.row()]
        if role == MOMENT:
            return moment
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(moment, Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            here = ", playing here" if moment.key == self._now else ""
            time = span(moment.start_seconds, moment.end_seconds)
            return f"Moment {moment.rank}, {time}, {described(moment)}{here}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(moment)
        return None


def _stretches(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as first and last of each unbroken stretch."""
    known = set(rows)
    firsts = [row for row in rows if row - 1 not in known]
    lasts = [row for row in rows if row + 1 not in known]
    return list(zip(firsts, lasts, strict=True))


def _words(moment: Moment, column: Column) -> str:
    match column:
        case Column.RANK:
            return str(moment.rank)
        case Column.TIME:
            return span(moment.start_seconds, moment.end_seconds)
        case Column.TOKENS:
            return "–" if moment.peak_tokens is None else str(moment.peak_tokens)
        case Column.RELEVANCE:
            return f"{moment.peak_score:.2f}"
        case _:
            return ""


def _tip(moment: Moment) -> str:
    place = " in ".join(filter(None, (cited_text(moment).capitalize(), moment.chapter)))
    return (f"{count(moment.segments, 'segment')}, {moment.seconds:.1f} s, {count(moment.tokens, 'token')} in all\n"
            f"Relevance {moment.peak_score:.2f} at its peak, {moment.mean_score:.2f} on average"
            f"\nThe picture is of {clock(moment.middle)}" + (f"\n{place}" if place else ""))  # fmt: skip
