"""The timeline: engine events and the moment on screen in, seeks and wishes for thumbnails out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.style import mark
from app.theme import Palette, icon, sized
from app.timeline.heat import STEPS, heat_map
from app.timeline.heatmap import Heatmap
from app.timeline.hover import HoverCard
from app.timeline.index_line import IndexLine
from app.timeline.plot import Plot
from engine.events import AnswerGrounded, BudgetAllocated, Event, Failed, SegmentScored, SegmentsFound, Stopped
from engine.records import Segment, VideoInfo


class Legend(QWidget):
    """The colours with their numbers; always on screen."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._low, self._high = "k_min", "k_max"
        self.setFixedSize(306, 20)

    def set_limits(self, low: int, high: int) -> None:
        """Tokens at the two ends."""
        self._low, self._high = (str(low), str(high)) if high else ("k_min", "k_max")
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Low number, 32 steps, high number, unit."""
        painter = QPainter(self)
        painter.setFont(sized(11, weight=500))
        painter.setPen(QColor(self._palette.text2))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, 38, 20), middle | Qt.AlignmentFlag.AlignRight, self._low)
        for step, colour in enumerate(heat_map(dark=self._palette.dark)):
            painter.fillRect(QRectF(44 + step * 96 / STEPS, 6, 96 / STEPS + 0.5, 8), QColor(*colour))
        painter.drawText(QRectF(146, 0, 160, 20), middle, f"{self._high}  tokens per segment")
        painter.end()


class TimelinePane(QWidget):
    """Header and plot."""

    seek_wanted = Signal(float)
    thumbnail_wanted = Signal(float)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._heatmap, self._earlier = Heatmap(), Heatmap()
        self._index = IndexLine()
        self.plot = Plot(palette)
        self.plot.seek_wanted.connect(self.seek_wanted)
        self.plot.hovered.connect(self._on_hover)
        self._card: HoverCard | None = None
        self._palette = palette
        self._legend = Legend(palette)
        self._caption = QLabel()
        mark(self._caption, kind="small", tone="2")
        self._buttons = {
            "minus": self._button("Zoom out (wheel)", lambda: self.plot.zoom(1 / 1.6)),
            "plus": self._button("Zoom in (wheel)", lambda: self.plot.zoom(1.6)),
            "arrows-out-line-horizontal": self._button("Whole film (double click)", self.plot.fit),
        }
        self._lay_out()
        self.apply_palette(palette)
        self._say()

    def _button(self, text: str, action: object) -> QToolButton:
        button = QToolButton(toolTip=text)
        button.setAccessibleName(text.split(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(QSize(16, 16))
        mark(button, button="icon")
        button.clicked.connect(lambda _=False: action())
        return button

    def _lay_out(self) -> None:
        title = QLabel("Timeline")
        mark(title, kind="control")
        title.setFixedWidth(128)
        self.head = QWidget()  # stands in the dock's bar
        head = QHBoxLayout(self.head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(title)
        head.addWidget(self._caption, 1)
        head.addWidget(self._legend)
        for button in self._buttons.values():
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addWidget(self.plot, 1)

    @property
    def heatmap(self) -> Heatmap:
        """What is shown now."""
        return self._heatmap

    @property
    def index(self) -> IndexLine:
        """What is ready for questions."""
        return self._index

    def set_film(self, video: VideoInfo | None) -> None:
        """A new film, or none: everything before is gone."""
        self._heatmap = self._earlier = Heatmap()
        self._index = IndexLine()
        self.plot.set_film(None if video is None else video.duration_seconds)
        self.plot.set_index(self._index)
        self._legend.set_limits(0, 0)
        self._say()

    def begin_question(self, number: int) -> None:
        """A question was asked; what was shown becomes the earlier one."""
        if self._heatmap.shares:
            self._earlier = self._heatmap
        self._heatmap = Heatmap(question=number)
        self._show()

    def receive(self, event: Event) -> None:
        """Fold one engine event in."""
        index = self._index.after(event)
        if index is not self._index:
            self._index = index
            self.plot.set_index(index)
        if isinstance(event, (SegmentsFound, SegmentScored, BudgetAllocated, AnswerGrounded)):
            self._heatmap = self._heatmap.after(event)
            self._show()
        elif isinstance(event, (Stopped, Failed)):
            self._heatmap = replace(self._heatmap, ended=True)
            self._show()

    def set_seconds(self, seconds: float) -> None:
        """Move the playhead."""
        self.plot.set_seconds(seconds)

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        segment = self._card.segment if self._card is not None else None
        if self._card is not None and segment is not None and abs(_middle(segment) - seconds) < 1e-6:
            self._card.set_picture(picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        for part in (self.plot, self._legend, self._card):
            if part is not None:
                part.apply_palette(palette)
        for name, button in self._buttons.items():
            button.setIcon(icon(name, palette.text2))

    def _show(self) -> None:
        self.plot.set_heatmap(self._heatmap, self._earlier)
        if self._heatmap.k_max:
            self._legend.set_limits(self._heatmap.k_min, self._heatmap.k_max)
        self._say()

    def _say(self) -> None:
        heatmap = self._heatmap
        if not heatmap.question:
            text = "Fills in when you open a film and ask a question"
        elif heatmap.ended and heatmap.provisional:
            missing = f", {heatmap.unscored} of {len(heatmap.segments)} segments not scored" if heatmap.unscored else ""
            text = f"Question {heatmap.question} was not finished: token counts are provisional{missing}"
        elif heatmap.ended:
            text = f"Question {heatmap.question} was not answered"
        elif not heatmap.segments:
            text = f"Question {heatmap.question}: reading the film"
        elif heatmap.provisional and heatmap.unscored:
            text = f"Provisional: {heatmap.unscored} of {len(heatmap.segments)} segments not scored yet"
        else:
            text = f"Tokens given for question {heatmap.question}: {sum(heatmap.shares.values())} of {heatmap.limit}"
        self._caption.setText(text)

    def _on_hover(self, segment: Segment | None, position: QPointF) -> None:
        if self._card is None:
            self._card = HoverCard(self._palette, self.window())
        anchor = self.plot.mapTo(self.window(), QPointF(position.x(), 0).toPoint())
        if self._card.point_at(segment, self._heatmap, anchor) and segment is not None:
            self.thumbnail_wanted.emit(_middle(segment))


def _middle(segment: Segment) -> float:
    """Where a thumbnail is taken: the middle of the span, inside the film even for a short last segment."""
    return (segment.start_seconds + segment.end_seconds) / 2
