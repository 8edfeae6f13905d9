"""A pin in, a small picture of its place with number, time and tokens out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.clock import clock, span
from app.counting import count
from app.pins import Pin
from app.theme import Palette, icon, sized
from app.throttle import SOON
from app.timeline.heat import heat
from app.tool_button import ToolButton
from engine.records import Allocation

NARROWEST = 92  # pixels: `1:02:03.5`, a swatch and three figures
_PLAY = 22
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EvidenceChip(QAbstractButton):
    """One place in the film."""

    play_wanted = Signal()
    pointed = Signal(bool)
    seen = Signal()  # once, when it is first on screen

    def __init__(self, pin: Pin, allocation: Allocation, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pin = pin
        self._allocation = allocation
        self._palette = palette
        self._picture: QImage | None = None
        self._seen = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        weak = ", weak evidence" if pin.weak else ""
        self.setToolTip(
            f"Go to {clock(pin.seconds)}: {count(pin.tokens, 'token')}, relevance {pin.relevance:.2f}{weak}\n"
            f"Shift+Enter plays only {span(pin.seconds, pin.end_seconds)}"
        )
        self.setAccessibleName(f"Evidence {pin.number} at {clock(pin.seconds)}, {count(pin.tokens, 'token')}{weak}")
        self.setFixedHeight(self.sizeHint().height())
        part = span(pin.seconds, pin.end_seconds)
        self.play = ToolButton(f"Play only {part} (Shift+Enter)", dress="over", size=12, parent=self)
        self.play.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Shift+Enter on the chip itself
        self.play.setIcon(icon("play", "#FFFFFF"))
        self.play.setFixedSize(_PLAY, _PLAY)
        self.play.clicked.connect(self.play_wanted)
        self.play.hide()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A picture of 16:9 and a line."""
        return QSize(122, 69 + 20)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Two of them fit any pane."""
        return QSize(NARROWEST, 69 + 20)

    def set_picture(self, picture: QImage) -> None:
        """The film at this place."""
        self._picture = picture
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter goes there, Shift+Enter plays the span."""
        if event.key() in _ENTER:
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.play_wanted.emit() if with_shift else self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Pointed at by the mouse."""
        super().enterEvent(event)
        self._on_pointing()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """No more."""
        super().leaveEvent(event)
        self._on_pointing()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Pointed at by the keyboard."""
        super().focusInEvent(event)
        self._on_pointing()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """No more."""
        super().focusOutEvent(event)
        self._on_pointing()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The play button stays in its corner."""
        super().resizeEvent(event)
        self.play.move(self.width() - _PLAY - 4, 67 - _PLAY - 3)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Picture, disc with the number, time, swatch, tokens."""
        if not self._seen and self._picture is None:
            self._seen = True
            QTimer.singleShot(SOON, self, self.seen.emit)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(1, 1, self.width() - 2, 67)
        path = QPainterPath()
        path.addRoundedRect(box, 4, 4)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(box, QColor(self._palette.hover))
        if self._picture is not None:
            painter.drawImage(_covering(box, self._picture.size()), self._picture)
        painter.restore()
        self._edge(painter, path)
        self._disc(painter)
        self._line(painter)
        painter.end()

    def _on_pointing(self) -> None:
        pointed = self.underMouse() or self.hasFocus()
        self.play.setVisible(pointed)
        self.pointed.emit(pointed)
        self.update()

    def _edge(self, painter: QPainter, path: QPainterPath) -> None:
        lively = self.underMouse() or self.hasFocus()
        colour = self._palette.accent if lively or self.pin.weak else self._palette.hairline
        style = Qt.PenStyle.DashLine if self.pin.weak else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(colour), 2 if lively else 1, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _disc(self, painter: QPainter) -> None:
        disc = QRectF(5, 5, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#121417"))
        painter.drawEllipse(disc)
        painter.setFont(sized(11, weight=600))
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.pin.number))

    def _line(self, painter: QPainter) -> None:
        line = QRectF(1, 71, self.width() - 2, 18)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(sized(12, weight=500))
        painter.setPen(QColor(self._palette.accent))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, clock(self.pin.seconds))
        painter.setPen(QColor(self._palette.text))
        text = str(self.pin.tokens)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, text)
        wide = painter.fontMetrics().horizontalAdvance(text)
        colour = heat(self.pin.tokens, low=self._allocation.k_min, high=self._allocation.k_max,
                      dark=self._palette.dark)  # fmt: skip
        painter.fillRect(QRectF(line.right() - wide - 11, line.top() + 4, 5, 10), QColor(*colour))


def _covering(box: QRectF, size: QSize) -> QRectF:
    """The picture scaled to fill the box, its middle kept."""
    factor = max(box.width() / max(size.width(), 1), box.height() / max(size.height(), 1))
    made = QRectF(0, 0, size.width() * factor, size.height() * factor)
    made.moveCenter(box.center())
    return made
