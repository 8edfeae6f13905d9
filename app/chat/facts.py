"""An answer in, "what the model saw" out: amounts, then seconds a stage. Closed until asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.clock import elapsed
from app.style import mark
from app.theme import Palette, icon
from engine.records import Answer


def amounts(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Eight figures with their names, four of what went in, four of how long it took."""
    allocation, seconds = answer.allocation, answer.seconds
    a_segment = max((len(segment.frame_seconds) for segment in answer.segments), default=0)
    a_frame = allocation.used / max(answer.frames_sampled, 1)
    return (
        (f"{answer.frames_sampled:,}", f"frames, {answer.sample_fps:.3g} a second"),
        (f"{len(answer.segments):,}", f"segments of {a_segment} frames"),
        (f"{allocation.used:,}", f"of {allocation.limit:,} tokens"),
        (f"{a_frame:.2g}", "tokens a frame"),
        (_stage(seconds.read), "reading"),
        (_stage(seconds.index), "indexing"),
        (_stage(seconds.compress), "scoring"),
        (elapsed(max(seconds.total - seconds.first_token, 0.0)), "answering"),
    )


def _stage(seconds: float) -> str:
    return "cached" if seconds <= 0 else elapsed(seconds)


class Facts(QWidget):
    """A fold with a heading."""

    def __init__(self, answer: Answer, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = QPushButton("What the model saw", checkable=True)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self._button, button="fold")
        self._button.toggled.connect(self._fold)
        total = QLabel(f"{elapsed(answer.seconds.total)} in total")
        mark(total, kind="small", tone="2")
        head = QHBoxLayout()
        head.addWidget(self._button)
        head.addStretch()
        head.addWidget(total)
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for place, (figure, name) in enumerate(amounts(answer)):
            grid.addLayout(_figure(figure, name), place // 4, place % 4)
            grid.setColumnStretch(place % 4, 1)
        self._body.hide()
        line = QWidget()
        mark(line, panel="line")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(line)
        column.addLayout(head)
        column.addWidget(self._body)
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
        self._fold(self._button.isChecked())

    def _fold(self, opened: bool) -> None:
        self._body.setVisible(opened)
        self._button.setIcon(icon("caret-down" if opened else "caret-right", self._palette.text2))


def _figure(figure: str, name: str) -> QVBoxLayout:
    value, label = QLabel(figure), QLabel(name)
    mark(value, kind="control")
    mark(label, kind="caption", tone="2")
    label.setWordWrap(True)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(value)
    column.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    column.addStretch()
    return column
