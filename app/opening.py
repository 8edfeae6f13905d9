"""A film on its way into the window, and what is said of one whose container has no index. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
