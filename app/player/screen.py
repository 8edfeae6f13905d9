"""Video frames in, a picture in the right proportions out; without a film, the two ways in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.style import mark
from app.theme import Palette, icon


class Screen(QWidget):
    """Paints the current frame. A click is for play and pause, a double click for full screen."""

    clicked = Signal()
    double_clicked = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: QVideoFrame | None = None
        self._surround = QColor(palette.window)
        self.setMinimumSize(QSize(320, 180))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Film")

    def apply_palette(self, palette: Palette) -> None:
        """Change the surround."""
        self._surround = QColor(palette.window)
        self.update()

    def show_frame(self, frame: QVideoFrame | None) -> None:
        """Paint this frame from now on; None for an empty screen."""
        self._frame = frame
        self.update()

    @property
    def has_picture(self) -> bool:
        """True once a frame was shown."""
        return self._frame is not None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The frame, as large as fits, in the middle."""
        painter = QPainter(self)
        surround = QColor("#000000") if self.window().isFullScreen() else self._surround
        painter.fillRect(self.rect(), surround)
        if self._frame is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            options = QVideoFrame.PaintOptions()
            options.backgroundColor = surround
            options.aspectRatioMode = Qt.AspectRatioMode.KeepAspectRatio
            edge = 0 if self.window().isFullScreen() else 8
            self._frame.paint(painter, self._fitted(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)), options)
        painter.end()

    def _fitted(self, room: QRectF) -> QRectF:
        """The largest upright picture in the middle of `room`; Qt would fill the rest with black."""
        size = self._frame.surfaceFormat().viewport().size() if self._frame is not None else QSize(16, 9)
        if self._frame is not None and self._frame.surfaceFormat().rotation().value % 180:
            size = size.transposed()
        fitted = QSizeF(size).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        made = QRectF(QPointF(), fitted)
        made.moveCenter(room.center())
        return made

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Play or pause."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Full screen and back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()


class Welcome(QWidget):
    """The empty state of the player."""

    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, palette: Palette, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = QFrame()
        mark(frame, panel="drop")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 8, 8, 8)
        outer.addWidget(frame)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel("Open a film to start", alignment=Qt.AlignmentFlag.AlignCenter)
        mark(title, kind="title")
        text = QLabel("Drop a file here, or open one: MP4, MKV, MOV, WebM and AVI, of any length.")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setWordWrap(True)
        mark(text, kind="body", tone="2")
        self._open = QPushButton(" Open film")
        mark(self._open, button="main")
        self._open.clicked.connect(self.open_wanted)
        self._sample = QPushButton(" Open the sample")
        mark(self._sample, button="plain")
        self._sample.clicked.connect(self.sample_wanted)
        self._sample.setEnabled(has_sample)
        hint = QLabel("Ctrl+O opens a film, ? lists the keys", alignment=Qt.AlignmentFlag.AlignCenter)
        mark(hint, kind="small", tone="3")
        self._lay_out(frame, [self._picture, title, text], hint)
        self.apply_palette(palette)

    def _lay_out(self, frame: QFrame, head: list[QLabel], hint: QLabel) -> None:
        column = QVBoxLayout(frame)
        column.addStretch()
        for label in head:
            column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._open)
        buttons.addWidget(self._sample)
        buttons.addStretch()
        column.addSpacing(16)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(hint)
        column.addStretch()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._picture.setPixmap(icon("film-strip", palette.text3).pixmap(36, 36))
        self._open.setIcon(icon("folder-open", palette.on_accent))
        self._sample.setIcon(icon("play", palette.text))
