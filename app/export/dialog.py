"""A conversation and a place to put it in; a file out, or one plain sentence why not. Written in the background."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.conversation import Conversation
from app.export.html import write_html
from app.export.markdown import write_markdown
from app.export.record import write_json
from app.export.text import write_text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    suffix: str
    name: str
    write: Callable[[Conversation], str]


FORMATS = (
    Format(".md", "Markdown", write_markdown),
    Format(".html", "Web page", write_html),
    Format(".txt", "Plain text", write_text),
    Format(".json", "JSON, for other programs", write_json),
)


def ask_where(parent: QWidget, conversation: Conversation) -> Path | None:
    """Let the person choose a file and a format; None if they changed their mind."""
    film = conversation.video.path
    proposed = film.parent / f"{film.stem} answers{FORMATS[0].suffix}"
    filters = [f"{format_.name} (*{format_.suffix})" for format_ in FORMATS]
    chosen, filter_ = QFileDialog.getSaveFileName(parent, "Save the conversation", str(proposed), ";;".join(filters))
    return with_suffix(Path(chosen), FORMATS[filters.index(filter_) if filter_ in filters else 0]) if chosen else None


def with_suffix(path: Path, format_: Format) -> Path:
    """The path as typed if its ending names a format, else with the chosen one's."""
    return path if _format_of(path) else path.with_name(path.name + format_.suffix)


class Saver(QObject):
    """Writes conversations, one after the other, where nobody waits."""

    said = Signal(str, bool)  # what to tell the person, and whether it is good news

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def save(self, conversation: Conversation, path: Path) -> None:
        """Begin to write; `said` tells how it ended."""
        self._pool.start(lambda: self.said.emit(*save(conversation, path)))

    def shutdown(self, milliseconds: int = 1000) -> bool:
        """Wait for what is being written."""
        return self._pool.waitForDone(milliseconds)


def save(conversation: Conversation, path: Path) -> tuple[str, bool]:
    """Write the file whole or not at all; returns what to tell the person, and whether it is good news."""
    format_ = _format_of(path) or FORMATS[0]
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(format_.write(conversation).encode("utf-8", "replace"))  # halves of characters, too
        os.replace(part, path)  # noqa: PTH105 - a file that was there is whole until the new one is
    except OSError as error:
        part.unlink(missing_ok=True) if part.parent.is_dir() else None
        return f"The conversation could not be saved: {error.strerror or error}.", False
    except Exception as error:
        log.exception("a conversation could not be written")
        return f"The conversation could not be saved ({type(error).__name__}); the log has the details.", False
    return f"Saved {path.name}.", True


def _format_of(path: Path) -> Format | None:
    return next((format_ for format_ in FORMATS if format_.suffix == path.suffix.lower()), None)
