"""What a film is to the training: the times in its prompts, and pictures or what stands for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

FRAMES, ROWS, COLUMNS = 4, 3, 5  # of the small model: frames a segment, visual tokens down and across
PAIRS = FRAMES // 2
SEGMENT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Clip:
    """A film cut into segments. Times are text as the prompts print them; a pair of frames shares visual tokens."""

    pair_times: tuple[tuple[str, ...], ...]  # "12.3" for each pair of each segment
    centre_times: tuple[str, ...]  # for each segment
    pictures: np.ndarray | Tensor  # [pairs]: rows of a pool, or [pairs, 2, height, width, 3] uint8
    rows: int = ROWS  # visual tokens of a pair, down
    columns: int = COLUMNS  # and across

    def __len__(self) -> int:
        return len(self.pair_times)

    @property
    def cells(self) -> int:
        """Visual tokens of a pair."""
        return self.rows * self.columns

    def part(self, first: int, last: int) -> Clip:
        """Segments `first` to `last`, the last one excluded, under their own times."""
        counts = [len(times) for times in self.pair_times]
        return replace(
            self,
            pair_times=self.pair_times[first:last],
            centre_times=self.centre_times[first:last],
            pictures=self.pictures[sum(counts[:first]) : sum(counts[:last])],
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A film, and questions about it with their replies."""

    clip: Clip
    asked: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...] = ()  # of the questions, for the log


def sample_times(segments: int, *, frame_rate: int) -> np.ndarray:
    """Presentation times of the frames the published sampling takes from a film of `segments`: [4 * segments]."""
    frames = round(segments * SEGMENT_SECONDS * frame_rate)
    times: np.ndarray = np.round(np.linspace(0, frames - 1, FRAMES * segments)) / frame_rate
    return times


def timed(seconds: np.ndarray, pictures: np.ndarray | Tensor, *, frames: int = FRAMES, **grid: int) -> Clip:
    """A clip of frames at these times, `frames` a segment."""
    parts = [seconds[start : start + frames] for start in range(0, len(seconds), frames)]
    return Clip(
        pair_times=tuple(tuple(f"{pair:.1f}" for pair in part.reshape(-1, 2).mean(1)) for part in parts),
        centre_times=tuple(f"{_centre(part, frames):.1f}" for part in parts),
        pictures=pictures,
        **grid,
    )


def _centre(part: np.ndarray, frames: int) -> float:
    """The frame in the middle, also where a short last segment does not have it (`engine.ingest.segments`)."""
    half = frames // 2
    if half < len(part):
        return float(part[half])
    step = float(part[-1] - part[0]) / max(len(part) - 1, 1)
    return float(part[0]) + half * step
