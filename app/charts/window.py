"""The window of charts: two plots of one question, its numbers, and what the mouse points at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.charts.by_rank import RelevanceByRank
from app.charts.chart import Chart, brushes
from app.charts.export import ask_where, content
from app.charts.ranks import Ranked, figures, nothing_to_show, ranked
from app.charts.scatter import TokensAgainstRelevance
from app.saving import Saver
from app.style import mark
from app.theme import Palette
from app.timeline.content import Content
from app.timeline.header import caption

HINT = "Point at a segment for its numbers, click to go there. The wheel zooms, dragging moves, a right click exports."


class ChartsWindow(QDialog):
    """Stays open beside the main window and follows the question shown there."""

    seek_wanted = Signal(float)
    segment_pointed = Signal(object)  # the index of a segment

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Charts")
        self.resize(1080, 600)
        self._content = Content()
        self._saver = Saver(self)
        self._saver.said.connect(lambda text, _: self.told.setText(text))
        self._ranks: tuple[Ranked, ...] = ()
        self.charts = (RelevanceByRank(palette), TokensAgainstRelevance(palette))
        self.by_rank, self.scatter = self.charts
        self._palette = palette
        self.caption, self.nothing, self.told = QLabel(), QLabel(), QLabel(HINT)
        self.fit_button = QPushButton("Fit", toolTip="Everything in view (Ctrl+0)", shortcut="Ctrl+0")
        self.fit_button.setAutoDefault(False)  # Enter belongs to the charts
        mark(self.fit_button, button="plain")
        mark(self.caption, kind="control")
        for label in (self.nothing, self.told):
            mark(label, kind="small", tone="2")
        self._names = [QLabel() for _ in figures(self._content.heatmap, ())]
        self._values = [QLabel() for _ in self._names]
        self._lay_out()
        self.fit_button.clicked.connect(lambda: [chart.fit() for chart in self.charts])
        for chart in self.charts:
            chart.pointed.connect(self._point)
            chart.chosen.connect(self._choose)
            chart.export_wanted.connect(partial(self._export, chart))
        self._redraw()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.caption, 1)
        head.addWidget(self.fit_button)
        numbers = QGridLayout(horizontalSpacing=28, verticalSpacing=0)
        for column, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            mark(name, kind="caption", tone="2")
            mark(value, kind="strong")
            numbers.addWidget(name, 0, column)
            numbers.addWidget(value, 1, column)
        numbers.setColumnStretch(len(self._names), 1)
        self._plots = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for chart, stretch in zip(self.charts, (3, 2), strict=True):
            self._plots.addWidget(chart)
            self._plots.setStretchFactor(self._plots.count() - 1, stretch)
        self._plots.setSizes([620, 420])
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 10)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(numbers)
        column.addWidget(self._plots, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.told)

    @property
    def ranks(self) -> tuple[Ranked, ...]:
        """What is drawn, the most relevant first."""
        return self._ranks

    def show_content(self, content: Content) -> None:
        """Draw what the timeline shows."""
        before, self._content = self._content, content
        if before.heatmap.question != content.heatmap.question or len(before.heatmap.segments) != len(
            content.heatmap.segments
        ):
            for chart in self.charts:
                chart.forget_view()
        self._redraw()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        for chart in self.charts:
            chart.apply_palette(palette)
        self._redraw()

    def shutdown(self) -> bool:
        """Wait for a chart that is being saved. False if it did not end in time."""
        return self._saver.shutdown()

    def _redraw(self) -> None:
        heatmap, earlier = self._content.heatmap, ranked(self._content.earlier)
        marked = self._marked()
        self._ranks = ranked(heatmap)
        nothing = nothing_to_show(heatmap)
        self.caption.setText(caption(heatmap) if heatmap.question else "No question yet")
        self.nothing.setText(nothing)
        self.nothing.setVisible(bool(nothing))
        self._plots.setVisible(not nothing)
        self.fit_button.setEnabled(not nothing)
        for name, value, (words, figure) in zip(self._names, self._values, figures(heatmap, self._ranks), strict=True):
            name.setText(words)
            value.setText(figure)
        colours = brushes(heatmap, self._ranks, self._palette, log=self._content.log)
        for chart in self.charts:
            chart.show_ranks(heatmap, self._ranks, earlier, colours)
        places = (place for place, rank in enumerate(self._ranks) if marked and rank.segment == marked.segment)
        self._point(next(places, None))

    def _marked(self) -> Ranked | None:
        place = self.by_rank.marked
        return self._ranks[place] if place is not None else None

    def _point(self, place: int | None) -> None:
        for chart in self.charts:
            chart.mark_rank(place)
        self.told.setText(HINT if place is None else self._ranks[place].text)

    def _choose(self, place: int) -> None:
        self._point(place)
        segment = self._ranks[place].segment
        self.seek_wanted.emit(segment.start_seconds)
        self.segment_pointed.emit(segment.index)

    def _export(self, chart: Chart, kind: str) -> None:
        path = ask_where(chart, kind)
        if path is None:
            self.told.setText(HINT)
        else:
            made = content(chart, kind, self._ranks)  # painted on this thread, as Qt wants it
            self._saver.start(path, lambda: made, "The chart")
