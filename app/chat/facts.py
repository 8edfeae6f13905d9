"""An answer in, "what the model saw" out: amounts, seconds a stage, circumstances. Closed until asked for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.chat.labels import wrapped
from app.clock import elapsed, span
from app.conversation import Exchange
from app.counting import count, plural
from app.style import mark
from app.theme import Palette, icon
from engine.records import Answer, Segment

_MOST_COLUMNS = 4
_NARROWEST = 112  # pixels: `of 12,288 tokens`
_GAP = 8


def amounts(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Eight figures with their names, four of what went in, four of how long it took."""
    allocation, seconds = answer.allocation, answer.seconds
    a_frame = f"{allocation.used / max(answer.frames_sampled, 1):.2g}"
    return (
        (f"{answer.frames_sampled:,}", f"{plural(answer.frames_sampled, 'frame')}, {answer.sample_fps:.3g} a second"),
        (f"{len(answer.segments):,}", _cut(answer.segments)),
        (f"{allocation.used:,}", f"of {count(allocation.limit, 'token')}"),
        (a_frame, f"{plural(float(a_frame), 'token')} a frame"),
        (_stage(seconds.read), "reading"),
        (_stage(seconds.index), "indexing"),
        (_stage(seconds.compress), "scoring"),
        (elapsed(max(seconds.total - seconds.first_token, 0.0)), "answering"),
    )


def circumstances(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """With what the answer was made, as names and words."""
    answer = exchange.answer
    if answer is None:
        return ()
    model, allocation = answer.model, answer.allocation
    size = f"{model.parameters / 1e6:,.1f} M" if model.parameters < 1e9 else f"{model.parameters / 1e9:,.1f} B"
    drawn = f"drawn at temperature {exchange.temperature:g}, seed {exchange.seed}"
    return (
        ("Part of the film", part_seen(answer)),
        ("Model", f"{model.name}, {size} parameters"),
        ("Ran on", ", ".join((model.device, model.precision, *model.reasons))),
        ("Tokens a segment", f"{allocation.k_min:,} to {allocation.k_max:,}"),
        ("First score after", elapsed(answer.seconds.first_score)),
        ("First word after", elapsed(answer.seconds.first_token)),
        ("Words", drawn if exchange.temperature else "the likeliest, temperature 0"),
    )


def part_seen(answer: Answer) -> str:
    """The range that was read."""
    if not answer.segments:
        return "none"
    start, end = answer.segments[0].start_seconds, answer.segments[-1].end_seconds
    whole = start < 0.05 and end > answer.video.duration_seconds - 0.05
    return f"{'all of it, ' if whole else ''}{span(start, end)}"


def _cut(segments: tuple[Segment, ...]) -> str:
    """`segments of 8 frames, 4 s`."""
    frames = max((len(segment.frame_seconds) for segment in segments), default=0)
    longest = max((segment.end_seconds - segment.start_seconds for segment in segments), default=0.0)
    return f"{plural(len(segments), 'segment')} of {count(frames, 'frame')}, {longest:.3g} s"


def _stage(seconds: float) -> str:
    return "cached" if seconds <= 0 else elapsed(seconds)


class Facts(QWidget):
    """A fold with a heading. What is in it is made when it is first opened."""

    def __init__(self, exchange: Exchange, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange, self._palette = exchange, palette
        self._body: FactsBody | None = None
        self._button = QPushButton("What the model saw", checkable=True)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self._button, button="fold")
        self._button.toggled.connect(self._fold)
        total = QLabel(f"{elapsed(exchange.answer.seconds.total)} in total" if exchange.answer else "")
        mark(total, kind="small", tone="2")
        head = QHBoxLayout()
        head.addWidget(self._button)
        head.addStretch()
        head.addWidget(total)
        line = QWidget()
        mark(line, panel="line")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line.setFixedHeight(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(line)
        self._column.addLayout(head)
        self.apply_palette(palette)

    @property
    def open(self) -> bool:
        """True while the figures show."""
        return self._button.isChecked()

    def set_open(self, opened: bool) -> None:
        """Show or hide the figures."""
        self._button.setChecked(opened)

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self._palette = palette
        self._button.setIcon(icon("caret-down" if self.open else "caret-right", palette.text2))

    def _fold(self, opened: bool) -> None:
        if opened and self._body is None:
            self._body = FactsBody(self._exchange)
            self._column.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(opened)
        self.apply_palette(self._palette)


class FactsBody(QWidget):
    """Figures in up to four columns, then names and words."""

    def __init__(self, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = [_figure(*amount) for amount in amounts(exchange.answer)] if exchange.answer else []
        self._across = 0
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(_GAP)
        rows = QGridLayout()
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(1, 1)
        for row, (name, words) in enumerate(circumstances(exchange)):
            title = QLabel(name)
            mark(title, kind="small", tone="2")
            rows.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(wrapped(words, kind="small"), row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._grid)
        column.addLayout(rows)
        self._deal(_MOST_COLUMNS)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Two columns, whatever is dealt now."""
        return QSize(2 * _NARROWEST + _GAP, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Two columns in a narrow pane."""
        super().resizeEvent(event)
        whole = _MOST_COLUMNS * (_NARROWEST + _GAP) - _GAP
        self._deal(_MOST_COLUMNS if self.width() >= whole else 2)

    def _deal(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for place, figure in enumerate(self._figures):
            self._grid.addWidget(figure, place // across, place % across)
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < across else 0)


def _figure(figure: str, name: str) -> QWidget:
    made = QWidget()
    value, label = QLabel(figure), wrapped(name, kind="caption", tone="2")
    mark(value, kind="control")
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(value)
    column.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    column.addStretch()
    return made
