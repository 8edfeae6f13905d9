"""How sure a share is, and whether one way is better than another: bootstrap and paired permutation test.

Questions about one film are not independent, so films are drawn anew and change their sign, not questions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2000
LEVEL = 0.95
FLIPS = 20_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval."""

    mean: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return self.told(".1%")

    def told(self, form: str) -> str:
        """Mean and interval, each in this format; a dash for nothing."""
        return "-" if not self.count else f"{self.mean:{form}} ({self.low:{form}} to {self.high:{form}})"


def estimate(values: Sequence[float], films: Sequence[int], *, seed: int = 0) -> Estimate:
    """Mean of values that belong to films, with a percentile interval."""
    if not len(values):
        return Estimate(math.nan, math.nan, math.nan, 0)
    sums, counts = _by_film(values, films)
    drawn = _draws(len(sums), seed)
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Estimate(float(np.mean(values)), float(low), float(high), len(values))


def mean_over_kinds(values: Sequence[float], kinds: Sequence[str], films: Sequence[int], *, seed: int = 0) -> Estimate:
    """The mean of the kinds' own means, each kind counting alike however often it was asked, with its interval."""
    if not len(values):
        return Estimate(math.nan, math.nan, math.nan, 0)
    places = {film: place for place, film in enumerate(dict.fromkeys(films))}
    names = {kind: row for row, kind in enumerate(dict.fromkeys(kinds))}
    sums, counts = np.zeros((len(names), len(places))), np.zeros((len(names), len(places)))
    for value, kind, film in zip(values, kinds, films, strict=True):
        sums[names[kind], places[film]] += value
        counts[names[kind], places[film]] += 1
    drawn = _draws(len(places), seed)
    asked = counts[:, drawn].sum(2)  # [kinds, draws]; a draw may miss a kind
    means = np.nanmean(np.where(asked > 0, sums[:, drawn].sum(2) / np.maximum(asked, 1), np.nan), 0)
    low, high = np.quantile(means, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Estimate(float((sums.sum(1) / counts.sum(1)).mean()), float(low), float(high), len(values))


def paired(ahead: Sequence[float], films: Sequence[int], *, seed: int = 0) -> float:
    """Two-sided p of differences question by question: how often the films' sums, each with a sign by chance, come out
    at least as far from zero. 1 if nothing differs; the least that can be told is 1 / (`FLIPS` + 1)."""
    sums, _ = _by_film(ahead, films) if len(ahead) else (np.zeros(0), None)
    sums = sums[sums != 0]
    if not len(sums):
        return 1.0
    signs = np.random.default_rng(seed).integers(0, 2, (FLIPS, len(sums)), dtype=np.int8) * 2 - 1
    as_far = int((np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9).sum())
    return (as_far + 1) / (FLIPS + 1)


def _by_film(values: Sequence[float], films: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    _, place = np.unique(np.asarray(films), return_inverse=True)
    return np.bincount(place, np.asarray(values, float)), np.bincount(place).astype(float)


def _draws(films: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, films, (DRAWS, films))


def mean_area(areas: Sequence[float], films: Sequence[int]) -> Estimate:
    """Of the areas that there are: some questions have segments on one side only (nan)."""
    known = [(one, film) for one, film in zip(areas, films, strict=True) if not math.isnan(one)]
    return estimate([one for one, _ in known], [film for _, film in known])


def area(scores: Sequence[float], positive: set[int]) -> float:
    """Area under the ROC curve of scores for the positive segments (ties half)."""
    inside = np.array([score for index, score in enumerate(scores) if index in positive])
    outside = np.array([score for index, score in enumerate(scores) if index not in positive])
    if not len(inside) or not len(outside):
        return math.nan
    above = (inside[:, None] > outside[None]).mean() + 0.5 * (inside[:, None] == outside[None]).mean()
    return float(above)
