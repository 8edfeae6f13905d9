"""Video frames and subtitles in, a picture in the right proportions out, a short word in its corner when asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QWidget

from app.player.captions import Captions, letter_pixels
from app.player.developing import Developer, develop
from app.theme import Palette, sized
from engine.ingest.cues import Cue

_WORD_MILLISECONDS = 1500
_EDGE = 8  # pixels round the picture, but not where it fills the screen


class Screen(QWidget):
    """Paints the current frame. A click is for play and pause, a double click for full screen, the wheel for sound."""

    clicked = Signal()
    double_clicked = Signal()
    turned = Signal(float)  # notches of the wheel
    menu_wanted = Signal(QPoint)  # on the desktop

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: QVideoFrame | None = None
        self._picture: QImage | None = None  # the frame, or the one before it while it is being developed
        self._developer = Developer(self)
        self._developer.developed.connect(self._on_developed)
        self._surround = QColor(palette.window)
        self._captions = Captions()
        self._word = ""
        self._lift = 0.0
        self._word_timer = QTimer(self, singleShot=True, interval=_WORD_MILLISECONDS)
        self._word_timer.timeout.connect(lambda: self.say(""))
        self.setMinimumSize(QSize(240, 135))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Film")

    def apply_palette(self, palette: Palette) -> None:
        """Change the surround."""
        self._surround = QColor(palette.window)
        self.update()

    def show_frame(self, frame: QVideoFrame | None) -> None:
        """Paint this frame from now on; None for an empty screen."""
        self._frame = frame
        if frame is None:
            self._developer.forget()
            self._picture = None
            self.update()
        else:
            self._develop()

    def shutdown(self) -> bool:
        """End what develops pictures. False if that did not end in time."""
        return self._developer.shutdown()

    def set_cues(self, cues: Sequence[Cue]) -> None:
        """What is read over the picture."""
        self._captions.set_cues(cues)
        self.setAccessibleDescription("\n".join(cue.text for cue in cues))
        self.update()

    def set_letter_scale(self, scale: float) -> None:
        """Larger or smaller subtitles."""
        self._captions.set_scale(scale)
        self.update()

    def set_lift(self, pixels: float) -> None:
        """What covers the lower edge: subtitles stand above it."""
        self._lift = pixels
        self.update()

    def say(self, word: str) -> None:
        """A word in the corner, for a moment."""
        self._word = word
        self._word_timer.start() if word else self._word_timer.stop()
        self.update()

    @property
    def has_picture(self) -> bool:
        """True once a frame was shown."""
        return self._frame is not None

    @property
    def word(self) -> str:
        """What stands in the corner."""
        return self._word

    @property
    def cues(self) -> tuple[Cue, ...]:
        """What is read over the picture."""
        return self._captions.cues

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The frame, as large as fits, in the middle; words over it."""
        painter = QPainter(self)
        full = self.window().isFullScreen()
        surround = QColor("#000000") if full else self._surround
        painter.fillRect(self.rect(), surround)
        if self._frame is not None:
            picture = self.picture_place()
            if self._picture is None:  # the very first one, or nobody looked so far
                self._picture = develop(self._frame, self._pixels()) or self._frame.toImage()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(picture, self._picture)
            covered = max(picture.bottom() - (self.height() - self._lift), 0.0) if self._lift else 0.0
            self._captions.paint(painter, picture, lift=covered)
            self._paint_word(painter, picture)
        painter.end()

    def picture_place(self) -> QRectF:
        """Where the picture is: the largest upright one, in the middle."""
        edge = 0 if self.window().isFullScreen() else _EDGE
        room = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        size = self._frame.surfaceFormat().viewport().size() if self._frame is not None else QSize(16, 9)
        if self._frame is not None and self._frame.surfaceFormat().rotation().value % 180:
            size = size.transposed()
        fitted = QSizeF(size).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        made = QRectF(QPointF(), fitted)
        made.moveCenter(room.center())
        return made

    def _pixels(self) -> QSize:
        return (self.picture_place().size() * self.devicePixelRatioF()).toSize()

    def _develop(self) -> None:
        if self._frame is not None and self.isVisible():
            self._developer.want(self._frame, self._pixels())
        else:
            self._picture = None

    def _on_developed(self, frame: QVideoFrame, picture: QImage) -> None:
        if self._frame is not None and not picture.isNull():
            self._picture = picture
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Other room: the picture in its new size, as soon as it is made."""
        super().resizeEvent(event)
        if self._frame is not None:
            self._develop()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Somebody looks."""
        super().showEvent(event)
        self._develop()

    def _paint_word(self, painter: QPainter, picture: QRectF) -> None:
        if not self._word:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(max(round(letter_pixels(picture.size().toSize(), 0.5)), 13), weight=500))
        room = QRectF(painter.fontMetrics().boundingRect(self._word)).adjusted(-10, -6, 10, 6)
        room.moveTopLeft(QPointF(max(picture.left(), 0) + 12, max(picture.top(), 0) + 12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(room, 6, 6)
        painter.setPen(QColor("white"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._word)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Play or pause."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Full screen and back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """The right button, or the key for menus."""
        self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Louder or quieter."""
        if event.angleDelta().y():
            self.turned.emit(event.angleDelta().y() / 120)
        event.accept()
