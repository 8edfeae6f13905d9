"""The card that floats above the ruler: a segment's time, tokens, relevance and picture."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.clock import span
from app.theme import Palette, sized
from app.timeline.heat import heat
from app.timeline.heatmap import Heatmap
from engine.records import Segment

WIDTH = 224
_PICTURE = QSize(208, 117)
_DELAY_MILLISECONDS = 120


class HoverCard(QWidget):
    """A child of the window; never in the way of the mouse."""

    def __init__(self, palette: Palette, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._palette = palette
        self._segment: Segment | None = None
        self._heatmap = Heatmap()
        self._picture: QImage | None = None
        self._anchor = QPoint()
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MILLISECONDS)
        self._delay.timeout.connect(self._appear)
        self.hide()

    @property
    def segment(self) -> Segment | None:
        """The segment it tells about."""
        return self._segment

    def point_at(self, segment: Segment | None, heatmap: Heatmap, anchor: QPoint) -> bool:
        """Tell about a segment above `anchor` (in the window); None hides. True if the segment is a new one."""
        changed = segment is not None and (self._segment is None or segment != self._segment)
        if changed:
            self._picture = None
        self._segment, self._heatmap, self._anchor = segment, heatmap, anchor
        if segment is None:
            self._delay.stop()
            self.hide()
        elif self.isVisible():
            self._place()
        elif not self._delay.isActive():
            self._delay.start()
        return changed

    def set_picture(self, picture: QImage) -> None:
        """The film at the segment's centre."""
        size = _PICTURE * self.devicePixelRatioF()
        self._picture = picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio,
                                       Qt.TransformationMode.SmoothTransformation)  # fmt: skip
        self._place()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def _appear(self) -> None:
        if self._segment is not None:
            self._place()
            self.show()
            self.raise_()

    def _place(self) -> None:
        height = 94 + (self._picture_height() + 8 if self._picture is not None else 0)
        self.resize(WIDTH, height)
        window = self.parentWidget()
        left = min(max(self._anchor.x() - WIDTH // 2, 8), window.width() - WIDTH - 8)
        self.move(left, max(self._anchor.y() - height - 8, 8))
        self.update()

    def _picture_height(self) -> int:
        return 0 if self._picture is None else round(self._picture.height() / self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Picture, then four lines."""
        if self._segment is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._palette.border), 1))
        painter.setBrush(QColor(self._palette.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        top = 8
        if self._picture is not None:
            wide = self._picture.width() / self.devicePixelRatioF()
            painter.drawImage(QRectF((WIDTH - wide) / 2, top, wide, self._picture_height()), self._picture)
            top += self._picture_height() + 8
        self._lines(painter, self._segment, top)
        painter.end()

    def _lines(self, painter: QPainter, segment: Segment, top: int) -> None:
        heatmap, palette = self._heatmap, self._palette
        self._row(painter, top, span(segment.start_seconds, segment.end_seconds), f"segment {segment.index + 1}", 600)
        tokens, score = heatmap.shares.get(segment.index), heatmap.scores.get(segment.index)
        if tokens is None or score is None:
            self._row(painter, top + 20, "Not scored yet", "", 400)
            return
        colour = QColor(*heat(tokens, low=heatmap.k_min, high=heatmap.k_max, dark=palette.dark))
        self._measure(painter, top + 20, "Tokens", str(tokens), tokens / max(heatmap.k_max, 1), colour)
        self._measure(painter, top + 38, "Relevance", f"{score:.2f}", score, QColor(palette.text2))
        frames = len(segment.frame_seconds)
        cited = heatmap.cited_as(segment.index)
        tail = f", pin {', '.join(map(str, cited))}" if cited else ""
        a_frame = f"{tokens / frames:.2f} tokens a frame{tail}" if frames else ""
        self._row(painter, top + 58, ("provisional, " if heatmap.provisional else "") + a_frame, "", 400)

    def _row(self, painter: QPainter, top: int, left: str, right: str, weight: int) -> None:
        box = QRectF(12, top, WIDTH - 24, 18)
        painter.setFont(sized(12 if weight > 400 else 11, weight=weight))
        painter.setPen(QColor(self._palette.text if weight > 400 else self._palette.text2))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, left)
        painter.setFont(sized(11))
        painter.setPen(QColor(self._palette.text3))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)

    def _measure(self, painter: QPainter, top: int, name: str, text: str, share: float, colour: QColor) -> None:
        painter.setFont(sized(12))
        painter.setPen(QColor(self._palette.text2))
        painter.drawText(QRectF(12, top, 70, 18), Qt.AlignmentFlag.AlignVCenter, name)
        painter.fillRect(QRectF(84, top + 6, 88, 6), QColor(self._palette.hover))
        painter.fillRect(QRectF(84, top + 6, 88 * min(max(share, 0.0), 1.0), 6), colour)
        painter.setFont(sized(12, weight=600))
        painter.setPen(QColor(self._palette.text))
        box = QRectF(176, top, WIDTH - 188, 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
