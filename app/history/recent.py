"""The films opened last, as a list to go on from: a click opens, the menu of a row takes off the list or forgets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QMenu, QPushButton, QVBoxLayout, QWidget

from app.history.recent_rows import MORE, RecentPainter, RecentRows
from app.history.records import FilmCard
from app.style import mark
from app.theme import Palette


class RecentFilms(QWidget):
    """Hidden while there is nothing to show."""

    chosen = Signal(object)  # FilmCard: to be opened, at the place where it stood
    search_wanted = Signal(object)  # FilmCard: its file is gone, it is to be pointed to
    unlist_wanted = Signal(object)  # FilmCard to take off the list, or None for all
    forget_wanted = Signal(object)  # FilmCard to delete with its questions, or None for all
    filled = Signal(bool)  # there is something in the list

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RecentRows()
        self._painter = RecentPainter(self.rows, palette)
        self.list = _List(self)
        self.list.setModel(self.rows)
        self.list.setItemDelegate(self._painter)
        self.list.chosen.connect(self.choose)
        self.list.menu_wanted.connect(self.show_menu)
        self.list.removed.connect(lambda row: self.unlist_wanted.emit(self.rows.card(row)))
        title = QLabel("Recent films")
        mark(title, kind="label")
        self.clear = QPushButton("Clear …")
        self.clear.setToolTip("Clear this list, or delete the history")
        mark(self.clear, button="link")
        self.clear.clicked.connect(
            lambda: self.clear_menu().popup(self.clear.mapToGlobal(QPoint(0, self.clear.height())))
        )
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.list)
        self.hide()

    def show_films(self, films: Sequence[tuple[FilmCard, QImage]]) -> None:
        """Another list; the first is ready to be opened with Enter."""
        self.rows.show(films)
        self.setVisible(bool(films))
        if films:
            self.list.setCurrentIndex(self.rows.index(0))
        self.filled.emit(bool(films))

    def show_gone(self, card: FilmCard, *, gone: bool = True) -> None:
        """A film's file is not where it was, or is again."""
        self.rows.mark(card, gone=gone)

    def choose(self, row: int) -> None:
        """Open a film, or look for it."""
        card = self.rows.card(row)
        (self.search_wanted if self.rows.gone(card) else self.chosen).emit(card)

    def show_menu(self, row: int, where: QPoint) -> None:
        """What can be done with a film."""
        self.row_menu(row).popup(where)

    def row_menu(self, row: int) -> QMenu:
        """The menu of a row."""
        card, menu = self.rows.card(row), _menu(self)
        menu.addAction("Open", lambda: self.choose(row))
        menu.addAction("Find it …", lambda: self.search_wanted.emit(card))
        menu.addSeparator()
        menu.addAction("Remove from this list\tDel", lambda: self.unlist_wanted.emit(card))
        menu.addAction("Forget this film and its questions …", lambda: self.forget_wanted.emit(card))
        return menu

    def apply_palette(self, palette: Palette) -> None:
        """Repaint in the new colours."""
        self._painter.palette = palette
        self.list.viewport().update()

    def _show_clear_menu(self) -> None:
        self.clear_menu().popup(self.clear.mapToGlobal(QPoint(0, self.clear.height())))

    def clear_menu(self) -> QMenu:
        """What can be done with all of them."""
        menu = _menu(self)
        menu.addAction("Clear this list", lambda: self.unlist_wanted.emit(None))
        menu.addAction("Delete the history: all films and questions …", lambda: self.forget_wanted.emit(None))
        return menu


class _List(QListView):
    """One click opens, as does Enter; Delete takes off the list."""

    chosen = Signal(int)
    menu_wanted = Signal(int, QPoint)
    removed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._second = False
        self.setAccessibleName("Recent films")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(colours)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The first click of two has opened already."""
        self._second = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open, or show the menu of the row."""
        index, again = self.indexAt(event.position().toPoint()), self._second
        self._second = False
        super().mouseReleaseEvent(event)
        if not index.isValid() or again:
            return
        if (
            event.position().x() >= self.visualRect(index).right() - MORE - 4
            or event.button() == Qt.MouseButton.RightButton
        ):
            self.menu_wanted.emit(index.row(), event.globalPosition().toPoint())
        elif event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter, Delete, the menu key; keys of a film in the player mean nothing here."""
        index, key = self.currentIndex(), event.key()
        if index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(index.row())
        elif index.isValid() and key == Qt.Key.Key_Delete:
            self.removed.emit(index.row())
        elif index.isValid() and key == Qt.Key.Key_Menu:
            self.menu_wanted.emit(index.row(), self.viewport().mapToGlobal(self.visualRect(index).center()))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
