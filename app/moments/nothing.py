"""What stands where no moment is: why, in a sentence, and a way to the most relevant place there is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.clock import clock
from app.counting import count_of
from app.style import mark
from app.timeline.heatmap import Heatmap

ASK = "Ask something: the parts of the film that matter for your question are listed here, best first."
READING = "The parts that matter are listed here as soon as the first segments are scored."


class Nothing(QWidget):
    """A sentence, and perhaps a button."""

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._text, kind="small", tone="2")
        self.button = QPushButton("Go there")
        mark(self.button, button="link")
        self.button.setAccessibleName("Go to the most relevant place")
        self.button.clicked.connect(lambda: self.seek_wanted.emit(self._seconds))
        self._seconds = 0.0
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self._text)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, text: str, seconds: float | None) -> None:
        """Why nothing is listed, and the most relevant moment if there is one."""
        self._text.setText(text)
        self._seconds = seconds or 0.0
        self.button.setVisible(seconds is not None)
        if seconds is not None:
            self.button.setText(f"Go to {clock(seconds)}")


def why_nothing(heatmap: Heatmap, threshold: int) -> tuple[str, float | None]:
    """One sentence, and where the highest score is, once all are known."""
    if not heatmap.question:
        return ASK, None
    if not heatmap.scores:
        return (f"Question {heatmap.question} ended before anything was scored." if heatmap.ended else READING), None
    wanted = f"relevance {threshold / 100:.2f}"
    if heatmap.unscored and not heatmap.ended:
        return f"No part of the film reaches {wanted} so far.", None
    best = max(heatmap.segments, key=lambda segment: heatmap.scores.get(segment.index, -1.0))
    score = heatmap.scores[best.index]
    told = f"{score:.2f}" if score >= 0.005 else "less than 0.01"
    scored = count_of(len(heatmap.scores), len(heatmap.segments), "segment")
    left = f"; {scored} were scored" if heatmap.unscored else ""
    return f"No part of the film reaches {wanted}. The highest is {told}{left}.", best.start_seconds
