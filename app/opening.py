"""A film on its way into the window, and what is said of one whose container has no index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

FILMS = "Films (*.mp4 *.mkv *.mov *.webm *.avi *.m4v *.mpg *.mpeg *.ts *.wmv *.flv);;All files (*)"
KEY_FRAMES_ONLY = (
    "This container has no index: seeks land on the key frame before the wanted moment, and the clock shows that "
    "picture's own time."
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A film that is being opened, and what happens then: `question` is asked, `suggestion` only typed in."""

    path: Path
    question: str
    suggestion: str


def ask_for_film(parent: QWidget, *, beside: Path | None) -> Path | None:
    """Let somebody choose a film, from the folder of the open one on."""
    folder = beside.parent if beside else Path.home()
    chosen, _ = QFileDialog.getOpenFileName(parent, "Open a film", str(folder), FILMS)
    return Path(chosen) if chosen else None


def local_files(event: QDropEvent) -> list[Path]:
    """The files that somebody drags or drops."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
