"""What was asked and answered about one film, as plain records: the chat writes them, the export reads them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.records import Answer, VideoInfo


class Outcome(Enum):
    """How a question ended."""

    RUNNING = "running"
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what came of it. `text` is what was written so far, also of a stopped answer."""

    number: int
    question: str
    outcome: Outcome
    text: str = ""
    answer: Answer | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """All questions about one film, oldest first."""

    video: VideoInfo
    exchanges: tuple[Exchange, ...]
