"""The list itself: keys and mouse in, wishes out. Rows are painted here, cells by the delegate."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem, QTreeView, QWidget

from app.moments.columns import column_widths
from app.moments.delegate import MomentDelegate
from app.moments.model import MOMENT, MomentsModel
from app.moments.moments import Moment
from app.theme import Palette, sized

_WALK = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)
_FROM_THE_TOP = (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Home)
_SETTLE_MILLISECONDS = 80  # pictures are asked for when the list has come to rest


class MomentsView(QTreeView):
    """Rows of moments. What a person does is a signal; what the program selects is none."""

    chosen = Signal(object)  # a Moment: walked to, or clicked
    play_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    copy_wanted = Signal(object)
    settled = Signal()  # other rows are in view

    def __init__(self, model: MomentsModel, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Moments")
        self._palette = palette
        self._pressed, self._time_width = False, 0
        self._delegate = MomentDelegate(model, palette, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.header().setMinimumSectionSize(0)
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(False)
        self.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self.settled)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._settle.start())

    @property
    def moment(self) -> Moment | None:
        """The selected one."""
        selected = self.selectionModel().selectedRows()
        return selected[0].data(MOMENT) if selected else None

    def select(self, row: int, *, show: bool = True) -> None:
        """Select a row without telling anybody."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(index, flags)
        if show:
            self.scrollTo(index)

    @property
    def top_of_current(self) -> int:
        """Where the current row is drawn."""
        return self.visualRect(self.currentIndex()).top()

    def select_in_place(self, row: int, top: int) -> None:
        """Select a row and scroll so that it is drawn where `top` says, if that can be seen."""
        self.select(row, show=False)
        if 0 <= top < self.viewport().height():
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + self.top_of_current - top)

    def rows_in_view(self) -> tuple[Moment, ...]:
        """The moments that can be seen, and none else."""
        first, last = self.indexAt(QPoint(1, 1)), self.indexAt(QPoint(1, self.viewport().height() - 1))
        if self.visibleRegion().isEmpty() or not first.isValid():
            return ()
        end = last.row() if last.isValid() else self.model().rowCount() - 1
        return tuple(self.model().index(row, 0).data(MOMENT) for row in range(first.row(), end + 1))

    def make_room(self, longest_time: str) -> None:
        """No time may be cut."""
        width = QFontMetrics(sized(13, weight=600)).horizontalAdvance(longest_time)
        if width != self._time_width:
            self._time_width = width
            self._fit()

    def apply_palette(self, palette: Palette) -> None:
        """Repaint in the new colours."""
        self._palette = self._delegate.palette = palette
        self.viewport().update()

    # painting -----------------------------------------------------------------------------------------------------

    def drawRow(  # noqa: N802
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Selection, hover and hairline, then the cells."""
        row, palette = QRect(option.rect), self._palette  # a copy: the cells change it
        selected = self.selectionModel().isSelected(self.model().index(index.row(), 0))
        if selected:
            painter.fillRect(row, QColor(palette.soft))
            painter.fillRect(QRect(row.left(), row.top(), 2, row.height()), QColor(palette.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(palette.hover))
        painter.fillRect(QRect(row.left() + 12, row.bottom(), row.width() - 24, 1), QColor(palette.hairline))
        for column in range(self.model().columnCount()):
            cell = self.model().index(index.row(), column)
            option.rect = QRect(self.columnViewportPosition(column), row.top(), self.columnWidth(column), row.height())
            self._delegate.paint(painter, option, cell)
        if selected and self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawRect(QRectF(row).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Columns follow the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        before = self._delegate.widths.row_height
        widths = self._delegate.widths = column_widths(self.viewport().width(), time=self._time_width)
        wanted = (widths.rank, widths.picture, widths.time, widths.tokens, widths.relevance)
        for column, width in enumerate(wanted):
            self.header().resizeSection(column, width)
        if widths.row_height != before:
            self.scheduleDelayedItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """What is painted can be seen, and wants its pictures; behind another tab nothing is."""
        super().paintEvent(event)
        if not self._settle.isActive():
            self._settle.start()

    # hands --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walking seeks, Enter plays; every other key is the player's."""
        moment, modifiers = self.moment, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _WALK and not modifiers:
            if moment is None:
                self.select(0 if event.key() in _FROM_THE_TOP else self.model().rowCount() - 1)
            else:
                super().keyPressEvent(event)
            event.accept()
            if self.moment is not None and self.moment != moment:
                self.chosen.emit(self.moment)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and moment is not None and not modifiers:
            self.play_wanted.emit(moment)
        elif event.key() == Qt.Key.Key_C and modifiers == Qt.KeyboardModifier.ControlModifier and moment is not None:
            self.copy_wanted.emit(moment)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click seeks, also on the row that is selected already; the second one of a double click does not."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, False
        moment, index = self.moment, self.indexAt(event.position().toPoint())
        if pressed and moment is not None and index.isValid() and index.data(MOMENT).key == moment.key:
            self.chosen.emit(moment)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A double click plays."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.play_wanted.emit(index.data(MOMENT))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """What can be done with a moment."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            self.select(index.row(), show=False)
            self.menu_wanted.emit(index.data(MOMENT), event.globalPos() if by_mouse else self._below(index))

    def _below(self, index: QModelIndex) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
