"""What happened, in the past tense: the only things the engine tells its caller while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.records import Allocation, Answer, ModelInfo, Segment, VideoInfo


@dataclass(frozen=True, slots=True)
class VideoOpened:
    """A film was probed and can be asked about."""

    video: VideoInfo


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """The model is in memory."""

    model: ModelInfo
    seconds: float


@dataclass(frozen=True, slots=True)
class SegmentsFound:
    """The film was cut; nothing is scored yet."""

    segments: tuple[Segment, ...]
    frames_sampled: int
    sample_fps: float


@dataclass(frozen=True, slots=True)
class FramesRead:
    """Reading went on."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SegmentIndexed:
    """The question-free part of one segment was computed (or found ready)."""

    segment: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class IndexFound:
    """Indexing began, before anything was asked: `ready` names the segments that need no more of it."""

    segments: tuple[Segment, ...]
    ready: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndexCompleted:
    """Indexing ended. Where neither memory nor disk has room for more, `ready` is less than `segments`."""

    segments: int
    ready: int
    nbytes: int  # held in memory
    seconds: float


@dataclass(frozen=True, slots=True)
class SegmentScored:
    """One segment was read with the question."""

    segment: int
    score: float
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class BudgetAllocated:
    """Tokens were dealt out. Provisional while scores are missing: then `shares` covers the segments scored so far
    and `scored` names them."""

    allocation: Allocation
    scored: tuple[int, ...]  # segment indices, in the order of `allocation.shares`
    provisional: bool


@dataclass(frozen=True, slots=True)
class TokenDecoded:
    """The answer grew by `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerGrounded:
    """The answer is complete and its times are checked."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Something differs from what was asked for, in one sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Cancelled by the person, device free again."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The request ended without an answer."""

    message: str
    advice: str
    out_of_memory: bool = False  # fewer frames may help
    no_model: bool = False  # another model may help


Event = (
    VideoOpened
    | ModelLoaded
    | SegmentsFound
    | FramesRead
    | SegmentIndexed
    | IndexFound
    | IndexCompleted
    | SegmentScored
    | BudgetAllocated
    | TokenDecoded
    | AnswerGrounded
    | NoteAdded
    | Stopped
    | Failed
)
Emit = Callable[[Event], None]


def ignore(event: Event) -> None:
    """For whoever does not care what happens meanwhile."""
