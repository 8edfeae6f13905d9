"""What was asked and answered about one film, as plain records: the chat writes them, export and session store read
them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """One question and what came of it: plain values and one `Answer`, enough to draw it again without asking.

    `text` is what was written so far, also of a stopped answer. `earlier` are the takes before this one, oldest first:
    the question edited, or asked anew for another answer. They carry none of their own.
    """

    number: int
    question: str
    outcome: Outcome
    text: str = ""
    answer: Answer | None = None
    message: str = ""  # why it stopped or failed
    advice: str = ""  # what can be done about a failure
    lighter_frames: int = 0  # after a want of memory: so many frames may do; 0 where that is no remedy
    no_model: bool = False  # it failed for want of a model: another may do
    notes: tuple[str, ...] = ()  # what the engine remarked before it stopped or failed
    seconds: float = 0.0  # how long it took until it stopped or failed
    asked_at: float = 0.0  # seconds since 1970, 0 where not known
    temperature: float = 0.0  # of the draw; 0 is the likeliest wording
    seed: int = 0  # of the draw
    range_seconds: tuple[float, float] | None = None  # it was asked about this part of the film only
    earlier: tuple[Exchange, ...] = ()

    def takes(self) -> tuple[Exchange, ...]:
        """Every version, oldest first, this one last."""
        return (*self.earlier, replace(self, earlier=()))


@dataclass(frozen=True, slots=True)
class Conversation:
    """All questions about one film, oldest first."""

    video: VideoInfo
    exchanges: tuple[Exchange, ...]
