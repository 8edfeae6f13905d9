"""A conversation and a place to put it in; a file out, or one plain sentence why not. Written in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app import saving
from app.conversation import Conversation
from app.export.html import write_html
from app.export.markdown import write_markdown
from app.export.record import write_json
from app.export.text import write_text


@dataclass(frozen=True, slots=True)
class Format(saving.Kind):
    """One kind of file."""

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
    return saving.ask_where(parent, "Save the conversation", proposed, FORMATS)


class Saver(saving.Saver):
    """Writes conversations, one after the other, where nobody waits."""

    def save(self, conversation: Conversation, path: Path) -> None:
        """Begin to write in the format that the path's ending names; `said` tells how it ended."""
        self.start(path, lambda: content(conversation, path), "The conversation")


def content(conversation: Conversation, path: Path) -> bytes:
    """What a file of this name holds."""
    format_ = saving.kind_of(path, FORMATS) or FORMATS[0]
    return format_.write(conversation).encode("utf-8", "replace")  # halves of characters, too
