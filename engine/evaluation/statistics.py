"""How sure a share is, and whether one way is better than another: bootstrap over films, exact paired test.

Questions about one film are not independent, so films are drawn anew, not questions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval."""

    mean: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return "-" if not self.count else f"{self.mean:.1%} ({self.low:.1%} to {self.high:.1%})"


def estimate(values: Sequence[float], films: Sequence[int], *, seed: int = 0) -> Estimate:
    """Mean of values that belong to films, with a percentile interval."""
    if not len(values):
        return Estimate(math.nan, math.nan, math.nan, 0)
    sums, counts = _by_film(values, films)
    drawn = _draws(len(sums), seed)
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Estimate(float(np.mean(values)), float(low), float(high), len(values))


def mcnemar(one: Sequence[bool], other: Sequence[bool]) -> float:
    """Two-sided exact p of the same questions, right one way and wrong the other (McNemar): 1 if they never differ."""
    only_one = sum(a and not b for a, b in zip(one, other, strict=True))
    only_other = sum(b and not a for a, b in zip(one, other, strict=True))
    differ = only_one + only_other
    if differ == 0:
        return 1.0
    few = min(only_one, only_other)
    logs = [math.lgamma(differ + 1) - math.lgamma(k + 1) - math.lgamma(differ - k + 1) for k in range(few + 1)]
    tail = sum(math.exp(log - differ * math.log(2)) for log in logs)
    return min(1.0, 2 * tail)


def _by_film(values: Sequence[float], films: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    _, place = np.unique(np.asarray(films), return_inverse=True)
    return np.bincount(place, np.asarray(values, float)), np.bincount(place).astype(float)


def _draws(films: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, films, (DRAWS, films))


def area(scores: Sequence[float], positive: set[int]) -> float:
    """Area under the ROC curve of scores for the positive segments (ties half)."""
    inside = np.array([score for index, score in enumerate(scores) if index in positive])
    outside = np.array([score for index, score in enumerate(scores) if index not in positive])
    if not len(inside) or not len(outside):
        return math.nan
    above = (inside[:, None] > outside[None]).mean() + 0.5 * (inside[:, None] == outside[None]).mean()
    return float(above)
