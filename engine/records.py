"""The nouns that travel between rooms: frozen, slotted, without behaviour beyond arithmetic on themselves.

Times are seconds from the start of the film (the container's first presentation time is 0); shares and budgets
are tokens; scores lie in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What probing a film tells, before any picture is decoded."""

    path: Path
    duration_seconds: float
    frame_count: int
    frame_rate: float  # mean, frames per second
    width: int  # upright, in pixels
    height: int  # upright, in pixels
    rotation_degrees: int  # clockwise turn that makes the stored picture upright: 0, 90, 180, 270
    start_seconds: float  # the container's own first presentation time, already subtracted everywhere else
    codec: str
    variable_rate: bool
    has_audio: bool
    notes: tuple[str, ...] = ()
    comment: str = ""  # what the file says of itself


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture and the moment it is shown."""

    seconds: float
    picture: np.ndarray  # [height, width, 3] uint8 RGB


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of sampled frames. `end_seconds` is the next segment's start, or the end of the range read."""

    index: int
    start_seconds: float
    end_seconds: float
    centre_seconds: float  # what the decoder is told: the time half a full segment after the first frame
    frame_seconds: tuple[float, ...]  # presentation times of the sampled frames


@dataclass(frozen=True, slots=True)
class Memory:
    """What the compressor kept of one segment for one question."""

    segment: int
    score: float  # relevance, sigmoid(w . h)
    tokens: Tensor  # [memory_tokens, compressor_width]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Tokens granted to each segment, in film order."""

    shares: tuple[int, ...]
    limit: int  # the budget that was asked for
    k_min: int  # the anchor tokens every segment keeps, after any lowering
    k_max: int

    @property
    def used(self) -> int:
        """Tokens granted in all."""
        return sum(self.shares)


@dataclass(frozen=True, slots=True)
class Context:
    """What the decoder reads: token ids, with `MEMORY_SLOT` where a memory token stands."""

    ids: tuple[int, ...]
    memory: Tensor  # [slots, compressor_width], in the order of the slots

    @property
    def length(self) -> int:
        """Positions the decoder has to read."""
        return len(self.ids)


MEMORY_SLOT = -200


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of the film that the answer rests on."""

    start_seconds: float
    end_seconds: float
    segments: tuple[int, ...]  # indices of the segments the span touches; empty if it lies outside the film
    quote: str  # the words of the answer that name the time; empty for evidence the answer does not name
    supported: bool  # inside the film, and its segments got more than the mean share
    quote_starts: tuple[int, ...] = ()  # every character offset in the answer at which `quote` stands


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is loaded, for people and for the JSON record."""

    name: str
    device: str
    precision: str
    parameters: int
    bundled: bool  # the small model that knows a drawn world only
    knows: tuple[str, ...] = ()  # things the bundled model can name; empty for a general model
    reasons: tuple[str, ...] = ()  # for device, precision and way of attending, a sentence part each
    sample_fps: float = 0.0  # what the checkpoint says where the settings say nothing, from here on; 0: not known
    max_frames: int = 0
    frames_per_segment: int = 0
    budget: int = 0  # tokens
    context_limit: int = 0  # positions of the decoder


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """Wall time since the question was asked, or spent in a stage. `first_score` and `first_token` are since asking.

    Reading runs beside the other stages, so the stages may add up to more than the total.
    """

    read: float
    index: float
    compress: float
    first_score: float
    first_token: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything one question produced; the window, the exports and the JSON are written from it alone."""

    question: str
    text: str
    video: VideoInfo
    model: ModelInfo
    segments: tuple[Segment, ...]
    scores: tuple[float, ...]
    allocation: Allocation
    citations: tuple[Citation, ...]  # times the answer names, in the order it names them
    evidence: tuple[Citation, ...]  # spans holding most of relevance and tokens, best first
    frames_sampled: int
    sample_fps: float
    seconds: StageSeconds
    notes: tuple[str, ...] = ()
