"""What one training step reads: films, single segments, or films as notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from engine.training.clips import Clip, Example
from engine.training.keeping import Keeping
from engine.training.prompts import Reply

Sight = Callable[[Clip], list[Tensor]]  # a clip's visual tokens, a level each: [pairs, cells, width]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Films:
    """Films to answer about, all with as many questions."""

    examples: tuple[Example, ...]
    system: str
    keeping: Keeping
    seed: tuple[int, ...]
    fixed: bool = False  # the compressor is not to learn from them


@dataclass(frozen=True, slots=True)
class Lessons:
    """Single segments, `asks` questions on each, for the small VLM alone."""

    clips: tuple[Clip, ...]  # of one segment
    asked: tuple[tuple[str, Reply], ...]  # `asks` for the first clip, then for the second ...
    asks: int
    system: str
    task: str


Note = tuple[tuple[tuple[int, float], ...], ...]  # for each memory token, words and how much of each it holds


@dataclass(frozen=True, slots=True)
class Notes:
    """Films as notes, for the decoder alone: words where memory will stand."""

    clips: tuple[Clip, ...]
    notes: tuple[tuple[Note, ...], ...]  # for each film, for each segment
    asked: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]


Batch = Films | Lessons | Notes


def by_kind(kinds: Sequence[str], right: Tensor) -> Figures:
    """Share of right answers for each kind that was asked."""
    shares = right.tolist()
    if len(kinds) != len(shares):
        return {}
    return {
        kind: float(np.mean([share for one, share in zip(kinds, shares, strict=True) if one == kind]))
        for kind in sorted(set(kinds))
    }
