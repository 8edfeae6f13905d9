"""A conversation and a place to put it in; a file out, or one plain sentence why not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.conversation import Conversation
from app.export.markdown import write_markdown


def ask_where(parent: QWidget, conversation: Conversation) -> Path | None:
    """Let the person choose a file; None if they changed their mind."""
    film = conversation.video.path
    proposed = film.parent / f"{film.stem} answers.md"
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the conversation", str(proposed), "Markdown (*.md)")
    return Path(chosen) if chosen else None


def save(conversation: Conversation, path: Path) -> str:
    """Write the file; returns what to tell the person."""
    try:
        path.write_text(write_markdown(conversation), encoding="utf-8")
    except OSError as error:
        return f"The conversation could not be saved: {error.strerror or error}."
    return f"Saved {path.name}."
