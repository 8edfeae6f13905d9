"""What the history tells: frozen, no Qt. Moments are seconds since 1970, places in a film seconds from its start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.conversation import Exchange


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange, and the key under which it is kept."""

    key: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class PastChat:
    """One conversation of the past, for a menu."""

    key: str
    begun: float
    questions: int
    first_question: str
    earlier_version: bool  # about what the file held before it changed


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation of the past, whole."""

    key: str
    begun: float
    kept: tuple[Kept, ...]
    earlier_version: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Questions and answers, oldest first."""
        return tuple(kept.exchange for kept in self.kept)


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of a film that was opened just now."""

    content: str  # names what the file holds, see `engine.fingerprint.content_hash`
    path: Path
    known: bool = False  # opened before
    seconds: float = 0.0  # where it stood
    chat: Chat | None = None  # the one that was looked at last
    chats: tuple[PastChat, ...] = ()  # newest first
    has_picture: bool = False
    moved_from: Path | None = None  # where it lay before, if that is not where it lies now
    changed: bool = False  # when last opened, another film lay here under this name


@dataclass(frozen=True, slots=True)
class FilmCard:
    """One film in the list of recent ones."""

    content: str
    path: Path
    duration_seconds: float
    seconds: float
    opened: float
    questions: int
    picture: bytes = b""  # JPEG
