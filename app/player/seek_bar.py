"""A line for the whole film where there is no timeline: a hand that drags, clicks or points in, moments out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from app.clock import clock
from app.player.bounds import Loop
from app.theme import Palette
from engine.ingest.chapters import Chapter

_HEIGHT, _EDGE, _LINE, _THICK, _KNOB = 24, 20, 4.0, 6.0, 6.0
_GAP = 1.5  # pixels between chapters


class SeekBar(QSlider):
    """Where the film is. Keys stay the window's: they mean the same everywhere."""

    scrub_wanted = Signal(float)
    seek_wanted = Signal(float)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._palette = palette
        self._duration = self._seconds = 0.0
        self._chapters: tuple[Chapter, ...] = ()
        self._loop: Loop | None = None
        self._over = False
        self.setAccessibleName("Place in the film")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_HEIGHT)

    @property
    def held(self) -> bool:
        """True while a hand drags."""
        return self.isSliderDown()

    def set_film(self, duration_seconds: float | None) -> None:
        """Another film, or none."""
        self._duration, self._chapters, self._loop = duration_seconds or 0.0, (), None
        self.setRange(0, round(self._duration * 1000))
        self.set_seconds(0.0)

    def set_seconds(self, seconds: float) -> None:
        """The moment on screen."""
        self._seconds = seconds
        self.setValue(round(seconds * 1000))
        self.setAccessibleDescription(clock(max(seconds, 0.0)))
        self.update()

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """Where chapters begin."""
        self._chapters = tuple(chapters)
        self.update()

    def set_loop(self, loop: Loop | None) -> None:
        """What is played again and again."""
        self._loop = loop
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Other colours."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as there is room."""
        return QSize(400, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Still of use."""
        return QSize(120, _HEIGHT)

    def to_seconds(self, x: float) -> float:
        """The moment at a pixel."""
        share = (x - _EDGE) / max(self.width() - 2 * _EDGE, 1)
        return min(max(share, 0.0), 1.0) * self._duration

    def to_pixel(self, seconds: float) -> float:
        """The pixel of a moment."""
        share = seconds / self._duration if self._duration else 0.0
        return _EDGE + min(max(share, 0.0), 1.0) * (self.width() - 2 * _EDGE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton and self._duration:
            self.setSliderDown(True)
            self.scrub_wanted.emit(self.to_seconds(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag, or look."""
        seconds = self.to_seconds(event.position().x())
        if self.held:
            self.scrub_wanted.emit(seconds)
        if self._duration:
            place = QPoint(round(event.position().x()), -2 * _HEIGHT)
            QToolTip.showText(self.mapToGlobal(place), self._word(seconds), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        if self.held:
            self.setSliderDown(False)
            self.seek_wanted.emit(self.to_seconds(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Nobody's."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """The window's."""
        event.ignore()

    def enterEvent(self, event: QEvent) -> None:  # noqa: N802
        """Easier to hit."""
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Thin again."""
        self._over = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A line, broken where chapters begin; what is played, the loop, the knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette, thick = self._palette, _THICK if self._over or self.held else _LINE
        now, middle = self.to_pixel(self._seconds), self.height() / 2
        for start, end in self._pieces():
            painter.fillRect(QRectF(start, middle - thick / 2, end - start, thick), QColor(palette.border))
            if now > start:
                played = QRectF(start, middle - thick / 2, min(end, now) - start, thick)
                painter.fillRect(played, QColor(palette.text2))
        if self._loop is not None:
            self._paint_loop(painter, middle)
        if self._duration:
            painter.setBrush(QColor(palette.accent))
            painter.drawEllipse(QPointF(now, middle), _KNOB, _KNOB)
        painter.end()

    def _pieces(self) -> list[tuple[float, float]]:
        edges = [
            0.0,
            *(chapter.start_seconds for chapter in self._chapters if chapter.start_seconds > 0),
            self._duration,
        ]
        pixels = [self.to_pixel(seconds) for seconds in edges]
        pixels[-1] = self.width() - _EDGE
        return [
            (start + (_GAP if place else 0), end - (_GAP if place + 2 < len(pixels) else 0))
            for place, (start, end) in enumerate(pairwise(pixels))
        ]

    def _paint_loop(self, painter: QPainter, middle: float) -> None:
        start, end = self._loop or (0.0, None)
        accent = QColor(self._palette.accent)
        left, right = self.to_pixel(start), self.to_pixel(end if end is not None else start)
        painter.fillRect(QRectF(left, middle + _THICK / 2, right - left, 2), accent)
        for x in {left, right} if end is not None else {left}:
            painter.fillRect(QRectF(x - 1, middle - 8, 2, 16), accent)

    def _word(self, seconds: float) -> str:
        inside = (chapter for chapter in self._chapters if chapter.start_seconds <= seconds < chapter.end_seconds)
        title = next((chapter.title for chapter in inside), "")
        return f"{clock(seconds)}  {title}".strip()
