"""A moment and a rectangle in, its painted cell out: picture, times, bars with their numbers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.clock import span
from app.moments.columns import GAP, Widths, column_widths
from app.moments.model import MOMENT, Column, MomentsModel
from app.moments.moments import Moment, cited_text
from app.theme import Palette, sized
from app.timeline.heat import heat

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_BAR_HEIGHT = 6


class MomentDelegate(QStyledItemDelegate):
    """Paints cells; the row behind them is the view's."""

    def __init__(self, model: MomentsModel, palette: Palette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.palette = palette
        self.widths: Widths = column_widths(0)
        self._strong, self._small, self._rank = sized(13, weight=600), sized(12), sized(13, weight=500)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Every row is as high as a picture."""
        return QSize(option.rect.width(), self.widths.row_height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell."""
        moment, box = index.data(MOMENT), QRectF(option.rect)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        match index.column():
            case Column.RANK:
                self._paint_rank(painter, box, moment)
            case Column.PICTURE:
                self._paint_picture(painter, box, moment)
            case Column.TIME:
                self._paint_time(painter, box, moment)
            case Column.TOKENS:
                self._paint_tokens(painter, box, moment)
            case Column.RELEVANCE:
                text, colour = f"{moment.peak_score:.2f}", QColor(self.palette.text2)
                self._paint_measure(painter, box, text, moment.peak_score, colour)
        painter.restore()

    def _paint_rank(self, painter: QPainter, box: QRectF, moment: Moment) -> None:
        here = moment.key == self._model.now
        painter.setFont(self._rank)
        painter.setPen(QColor(self.palette.accent if here else self.palette.text2))
        painter.drawText(box.adjusted(14, 0, 0, 0), _MIDDLE, str(moment.rank))
        if here:  # the playhead stands here: a shape as well as a colour
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.palette.accent))
            middle = box.center().y()
            painter.drawPolygon(QPolygonF([QPointF(5, middle - 4), QPointF(11, middle), QPointF(5, middle + 4)]))

    def _paint_picture(self, painter: QPainter, box: QRectF, moment: Moment) -> None:
        width = self.widths.picture - GAP
        if width < 0:
            return
        frame = QRectF(box.left(), box.center().y() - width * 9 / 32, width, width * 9 / 16)
        path = QPainterPath()
        path.addRoundedRect(frame, 4, 4)
        painter.setClipPath(path)
        painter.fillRect(frame, QColor(self.palette.hover))
        picture = self._model.picture(moment)
        if picture is not None:
            painter.drawImage(covering(frame, picture.size()), picture)

    def _paint_time(self, painter: QPainter, box: QRectF, moment: Moment) -> None:
        line = box.adjusted(4, 0, -6, 0)
        cited, chapter = cited_text(moment), moment.chapter
        below = bool(cited or chapter)
        upper = QRectF(line.left(), line.center().y() - (20 if below else 10), line.width(), 20)
        painter.setFont(self._strong)
        painter.setPen(QColor(self.palette.text))
        painter.drawText(upper, _MIDDLE, span(moment.start_seconds, moment.end_seconds))
        if not below:
            return
        painter.setFont(self._small)
        metrics = QFontMetrics(self._small)
        lower = upper.translated(0, 20)
        room = int(lower.width()) - (metrics.horizontalAdvance(f", {cited}") if cited else 0)
        name = metrics.elidedText(chapter, Qt.TextElideMode.ElideRight, max(room, 0)) if chapter else ""
        name = name + ", " if name and cited else name
        painter.setPen(QColor(self.palette.text2))
        painter.drawText(lower, _MIDDLE, name)
        painter.setPen(QColor(self.palette.accent))
        painter.drawText(lower.adjusted(metrics.horizontalAdvance(name), 0, 0, 0), _MIDDLE, cited)

    def _paint_tokens(self, painter: QPainter, box: QRectF, moment: Moment) -> None:
        low, high = self._model.limits
        if moment.peak_tokens is None:
            self._paint_measure(painter, box, "–", 0.0, QColor(self.palette.hover))
            return
        colour = QColor(*heat(moment.peak_tokens, low=low, high=high, dark=self.palette.dark))
        self._paint_measure(painter, box, str(moment.peak_tokens), moment.peak_tokens / max(high, 1), colour)

    def _paint_measure(self, painter: QPainter, box: QRectF, text: str, share: float, colour: QColor) -> None:
        """A bar, then its number; where there is no room for a bar, the number with a swatch of its colour."""
        bar = self.widths.bar
        top, left = box.center().y() - _BAR_HEIGHT / 2, box.left()
        if bar:
            painter.fillRect(QRectF(left, top, bar - GAP, _BAR_HEIGHT), QColor(self.palette.hover))
            painter.fillRect(QRectF(left, top, (bar - GAP) * min(max(share, 0.0), 1.0), _BAR_HEIGHT), colour)
        else:
            painter.fillRect(QRectF(left, box.center().y() - 6, 4, 12), colour)
        painter.setFont(self._strong)
        painter.setPen(QColor(self.palette.text))
        painter.drawText(QRectF(left + (bar or 9), box.top(), box.width(), box.height()), _MIDDLE, text)


def covering(box: QRectF, size: QSize) -> QRectF:
    """The picture scaled to fill the box, its middle kept."""
    factor = max(box.width() / max(size.width(), 1), box.height() / max(size.height(), 1))
    made = QRectF(0, 0, size.width() * factor, size.height() * factor)
    made.moveCenter(box.center())
    return made
