"""A film on its way into the window, the line that says so, and what is said of one whose container has no index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton

FILMS = "Films (*.mp4 *.mkv *.mov *.webm *.avi *.m4v *.mpg *.mpeg *.ts *.wmv *.flv);;All files (*)"
KEY_FRAMES_ONLY = (
    "This container has no index: seeks land on the key frame before the wanted moment, and the clock shows that "
    "picture's own time."
)
_A_MOMENT = 200  # milliseconds: a film that is there by then needs no line


@dataclass(frozen=True, slots=True)
class Opening:
    """A film that is being opened, and what happens then: `question` is asked, `suggestion` only typed in."""

    path: Path
    question: str
    suggestion: str


class OpeningLine(QWidget):
    """Says which film is being opened, and can stop that."""

    stop_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._text, kind="control")
        self.stop = ToolButton("Stop opening the film (Esc)", text="Stop", name="Stop opening the film", dress="stop")
        self.stop.clicked.connect(self.stop_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self._text, 1)
        row.addWidget(self.stop)
        self._late = QTimer(self, singleShot=True, interval=_A_MOMENT)
        self._late.timeout.connect(self.show)
        self.hide()
        self.apply_palette(palette)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def begin(self, name: str) -> None:
        """A film is being opened."""
        self._text.setText(f"Opening {name} …")
        self.stop.setEnabled(True)
        self._late.start() if self.isHidden() else None

    def say_stopping(self) -> None:
        """Stop was pressed; the file is not let go of yet."""
        self._text.setText("Stopping …")
        self.stop.setEnabled(False)

    def end(self) -> None:
        """It is open, or will not be."""
        self._late.stop()
        self.hide()

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self.stop.setIcon(icon("stop", palette.accent, disabled=palette.text3))


def ask_for_film(parent: QWidget, *, beside: Path | None) -> Path | None:
    """Let somebody choose a film, from the folder of the open one on."""
    folder = beside.parent if beside else Path.home()
    chosen, _ = QFileDialog.getOpenFileName(parent, "Open a film", str(folder), FILMS)
    return Path(chosen) if chosen else None


def local_files(event: QDropEvent) -> list[Path]:
    """The files that somebody drags or drops."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
