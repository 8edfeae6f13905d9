"""How many memory tokens of each segment the decoder gets to see while it is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.recall.allocation import allocate


@dataclass(frozen=True, slots=True)
class Keeping:
    """Odds of three ways; the published training keeps everything, `Keeping(0.0, 1.0)`.

    Heads of random length put the content first, and the router's own shares are what the model will meet: here a
    decoder that had not met them answered one "when" in twenty.
    """

    as_scored: float = 0.65  # a random budget dealt out by the router's scores
    whole: float = 0.2  # everything; the rest are heads of random length

    def shares(self, rng: np.random.Generator, scores: Sequence[float], most: int) -> list[int]:
        """Tokens of each segment, of `most`."""
        chance, count = rng.random(), len(scores)
        if chance < self.as_scored:
            budget = int(rng.integers(2 * count, most * count + 1)) if most > 2 else most * count
            return allocate(scores, budget, floor=anchors(most), ceiling=most)
        if chance < self.as_scored + self.whole:
            return [most] * count
        return [int(kept) for kept in rng.integers(1, most + 1, count)]


def anchors(most: int) -> int:
    """What every segment keeps of `most` tokens, where the budget pays for it: two notes of four.

    What comes before or after a thing lies in a segment that is not relevant by itself: with one token, which says so
    and little else, 11 and 12 of 24 such questions were answered, with four, by the same weights, 14 and 18."""
    return max(1, most // 2)


PARTLY, MOSTLY, ALL = Keeping(), Keeping(0.4, 0.5), Keeping(0.0, 1.0)
