"""The card that floats above the ruler: what a click would reach, in a picture, a time and the segment's numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMainWindow, QWidget

from app.clock import clock, span
from app.theme import Palette
from app.timeline.content import Content
from app.timeline.heat import heat, position
from app.timeline.sheet import CENTRED, LEFTWARD, RIGHTWARD, face, text_width
from app.timeline.targets import Target

WIDTH = 224
_INSIDE = WIDTH - 24
_PICTURE = QSize(208, 117)
_DELAY_MILLISECONDS = 120
_ROW = 18
ROUGH = "A key frame nearby; the exact picture follows"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: words left and right, or a measure."""

    left: str
    right: str = ""
    strong: bool = False
    share: float | None = None
    colour: str = ""


class HoverCard(QWidget):
    """A child of the window; never in the way of the mouse."""

    def __init__(self, palette: Palette, window: QWidget) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.stand_on(window)
        self._palette = palette
        self._target: Target | None = None
        self._rows: tuple[_Row, ...] = ()
        self._shape = QSize(_PICTURE)
        self._source: QImage | None = None
        self._scaled: QImage | None = None
        self._rough = False
        self._anchor = QPoint()
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MILLISECONDS)
        self._delay.timeout.connect(self._appear)
        self.hide()

    @property
    def target(self) -> Target | None:
        """What it tells about."""
        return self._target

    @property
    def picture(self) -> QImage | None:
        """The exact picture at the target, as it was read; None while it is awaited."""
        return None if self._rough else self._source

    @property
    def text(self) -> str:
        """All its words."""
        return "\n".join(f"{row.left} {row.right}".strip() for row in self._rows)

    def stand_on(self, window: QWidget) -> None:
        """Belong to a window. Over a detached timeline there is no room inside: there it is a window of its own."""
        if self.parentWidget() is not window:
            inside = isinstance(window, QMainWindow)
            kind = Qt.WindowType.Widget if inside else Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint
            self.setParent(window, kind)

    def set_shape(self, width: int, height: int) -> None:
        """The film's proportions: the room for the picture does not change while one is awaited."""
        self._shape = QSize(max(width, 1), max(height, 1)).scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio)

    def point_at(self, target: Target | None, content: Content, anchor: QPoint) -> None:
        """Tell about a target above `anchor` (in the window); None hides."""
        if target is None or self._target is None or target.seconds != self._target.seconds:
            self._source = self._scaled = None
            self._rough = False
        self._target, self._anchor = target, anchor
        if target is None:
            self._delay.stop()
            self.hide()
            return
        self.tell(content)
        if not self.isVisible() and not self._delay.isActive():
            self._delay.start()

    def tell(self, content: Content) -> None:
        """What is known of the target by now."""
        if self._target is not None:
            self._rows = _rows(self._target, content, self._palette)
            self._place() if self.isVisible() else None

    def set_picture(self, picture: QImage, *, rough: bool = False) -> None:
        """The film at the target; `rough`: near it, for the time being."""
        if rough and self._source is not None:
            return
        self._source, self._rough = picture, rough
        size = self._shape * self.devicePixelRatioF()
        self._scaled = picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio,
                                      Qt.TransformationMode.SmoothTransformation)  # fmt: skip
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def _appear(self) -> None:
        if self._target is not None:
            self._place()
            self.show()
            self.raise_()

    def _place(self) -> None:
        height = 8 + self._shape.height() + 6 + _ROW * len(self._rows) + 8
        self.resize(WIDTH, height)
        window = self.parentWidget()
        anchor, room = self._anchor, window.rect()
        if self.isWindow():
            anchor, room = window.mapToGlobal(anchor), window.screen().availableGeometry()
        left = min(max(anchor.x() - WIDTH // 2, room.left() + 8), room.right() - WIDTH - 7)
        self.move(left, max(anchor.y() - height - 8, room.top() + 8))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Picture, then lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._palette.border), 1))
        painter.setBrush(QColor(self._palette.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        wide, high = self._shape.width(), self._shape.height()
        box = QRectF((WIDTH - wide) / 2, 8, wide, high)
        self._paint_picture(painter, box)
        for place, row in enumerate(self._rows):
            self._paint_row(painter, box.bottom() + 6 + _ROW * place, row)
        painter.end()

    def _paint_picture(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, QColor(self._palette.lane))
        painter.setFont(face(11))
        if self._scaled is None:
            painter.setPen(QColor(self._palette.text3))
            painter.drawText(box, CENTRED, "Reading the picture")
            return
        painter.drawImage(box, self._scaled)
        if self._rough:
            strip = QRectF(box.left(), box.bottom() - 18, box.width(), 18)
            words = ROUGH if text_width(ROUGH, 11) < strip.width() - 8 else "Key frame nearby"
            painter.fillRect(strip, QColor(self._palette.raised))
            painter.setPen(QColor(self._palette.text2))
            painter.drawText(strip, CENTRED, words)

    def _paint_row(self, painter: QPainter, top: float, row: _Row) -> None:
        palette, box = self._palette, QRectF(12, top, _INSIDE, _ROW)
        if row.share is not None:
            painter.fillRect(QRectF(84, top + 6, 88, 6), QColor(palette.hover))
            painter.fillRect(QRectF(84, top + 6, 88 * min(max(row.share, 0.0), 1.0), 6), QColor(row.colour))
        painter.setFont(face(12 if row.strong else 11, 600 if row.strong else 400))
        painter.setPen(QColor(palette.text if row.strong else palette.text2))
        painter.drawText(box, LEFTWARD, row.left)
        painter.setFont(face(12, 600) if row.share is not None else face(11))
        painter.setPen(QColor(palette.text if row.share is not None else palette.text2))
        painter.drawText(box, RIGHTWARD, row.right)


def _rows(target: Target, content: Content, palette: Palette) -> tuple[_Row, ...]:
    rows = [_Row(clock(target.seconds, decimals=2), strong=True)]
    heatmap = content.heatmap
    segment = heatmap.segment_at(target.seconds)
    if segment is not None:
        rows[0] = _Row(rows[0].left, f"segment {segment.index + 1}", strong=True)
    if target.name:
        rows += [_Row(line) for line in wrapped(target.name)]
    elif (chapter := content.chapter_at(target.seconds)) is not None and chapter.title:
        rows += [_Row(line) for line in wrapped(chapter.title)]
    if segment is None:
        return tuple(rows)
    rows.append(_Row(span(segment.start_seconds, segment.end_seconds)))
    tokens, score = heatmap.shares.get(segment.index), heatmap.scores.get(segment.index)
    if score is None:
        return (*rows, _Row("Not scored" if heatmap.ended else "Not scored yet"))
    if tokens is not None:
        scale = {"low": heatmap.k_min, "high": heatmap.k_max, "log": content.log}
        colour = QColor(*heat(tokens, dark=palette.dark, **scale)).name()
        rows.append(_Row("Tokens", str(tokens), share=position(tokens, **scale), colour=colour))
    rows.append(_Row("Relevance", f"{score:.2f}", share=score, colour=palette.text2))
    if tokens is not None and segment.frame_seconds:
        a_frame = f"{tokens / len(segment.frame_seconds):.2f} tokens a frame"
        rows.append(_Row(a_frame, "provisional" if heatmap.provisional else f"even share {heatmap.even_share}"))
    if cited := heatmap.cited_as(segment.index):
        rows.append(_Row(f"Cited as {', '.join(map(str, cited))}"))
    return tuple(rows)


def wrapped(text: str, *, most: int = 3) -> list[str]:
    """Lines that fit the card; a word too long for one is broken, and only a fourth line is left out, with a mark."""
    lines, line = [], ""
    for word in text.split():
        while text_width(word, 11) > _INSIDE:
            cut = next(at for at in range(len(word), 0, -1) if at == 1 or text_width(word[:at], 11) <= _INSIDE)
            lines, line, word = [*lines, *([line] if line else []), word[:cut]], "", word[cut:]
        longer = f"{line} {word}".strip()
        if text_width(longer, 11) <= _INSIDE:
            line = longer
        else:
            lines, line = [*lines, line], word
    lines = [*lines, line] if line else lines
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]
