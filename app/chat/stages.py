"""Progress in, five bars with mark and count out. One widget that paints them: five columns of styled labels cost the
window several milliseconds a question, and some with every count."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.chat.progress import Progress, Stage, State
from app.theme import Palette, sized

_GAP = 6
_NARROWEST = 95  # pixels: `1,024 of 1,024`; five of them fit the pane as it first stands
_BAR, _BELOW_BAR, _INDENT, _BETWEEN = 2, 6, 14, 1
_MARKS = {State.WAITING: "○", State.RUNNING: "◐", State.DONE: "✓", State.STOPPED: "✕"}


class StageRow(QWidget):
    """All five, beside one another where there is room."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._stages: tuple[Stage, ...] = ()
        self._name_font, self._count_font = sized(12, weight=600), sized(11)
        self._name_high = QFontMetrics(self._name_font).height()
        self._count_high = QFontMetrics(self._count_font).height()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_progress(Progress())

    def show_progress(self, progress: Progress) -> None:
        """Bring all of them up to date."""
        if progress.stages != self._stages:
            self._stages = progress.stages
            self.setAccessibleName("; ".join(f"{one.name}: {one.state.value}, {one.count}" for one in self._stages))
            self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Two lines in a narrow pane, or three."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As many lines as the width makes."""
        lines = -(-len(self._stages) // _across(width))
        return lines * (self._high + _GAP) - _GAP

    def sizeHint(self) -> QSize:  # noqa: N802
        """All five beside one another."""
        return QSize(len(self._stages) * (_NARROWEST + _GAP) - _GAP, self._high)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Two beside one another."""
        return QSize(2 * _NARROWEST + _GAP, self._high)

    @property
    def _high(self) -> int:
        return _BAR + _BELOW_BAR + self._name_high + _BETWEEN + self._count_high

    def places(self) -> list[QRectF]:
        """Where each stage stands, in pixels."""
        across = _across(self.width())
        wide = (self.width() + _GAP) / across
        return [
            QRectF(place % across * wide, place // across * (self._high + _GAP), wide - _GAP, self._high)
            for place in range(len(self._stages))
        ]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Bar, mark and name, count."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stage, box in zip(self._stages, self.places(), strict=True):
            self._paint(painter, stage, box)
        painter.end()

    def _paint(self, painter: QPainter, stage: Stage, box: QRectF) -> None:
        palette, running = self._palette, stage.state is State.RUNNING
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.hover))
        painter.drawRoundedRect(QRectF(box.topLeft(), QPointF(box.right(), box.top() + _BAR)), 1, 1)
        painter.setBrush(QColor(palette.accent if running else palette.text2))
        painter.drawRoundedRect(QRectF(box.left(), box.top(), box.width() * _share(stage), _BAR), 1, 1)
        tones = {State.RUNNING: palette.accent, State.DONE: palette.text}
        line = QRectF(box.left(), box.top() + _BAR + _BELOW_BAR, box.width(), self._name_high)
        painter.setFont(self._name_font)
        painter.setPen(QColor(tones.get(stage.state, palette.text3)))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, f"{_MARKS[stage.state]} {stage.name}")
        painter.setFont(self._count_font)
        painter.setPen(QColor(palette.text2))
        line = QRectF(line.left() + _INDENT, line.bottom() + _BETWEEN, line.width() - _INDENT, self._count_high)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, stage.count)


def _across(width: int) -> int:
    """How many stand beside one another."""
    fitting = (width + _GAP) // (_NARROWEST + _GAP)
    return 5 if fitting >= 5 else 3 if fitting >= 3 else 2


def _share(stage: Stage) -> float:
    """How much of a bar is full. Of unknown length: all of it, in the accent, not a spinner without a count."""
    if stage.state is State.DONE or (stage.state is State.RUNNING and stage.total == 0):
        return 1.0
    return min(stage.done / max(stage.total, 1), 1.0)
