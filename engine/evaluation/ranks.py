"""Do two ways of scoring put segments in the same order?"""

from __future__ import annotations

import numpy as np


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation of two rows of scores; 1 where one of them has no order."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 1.0
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks from 0; equal scores share the mean of theirs."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = counts.cumsum() - 1
    means: np.ndarray = (last - (counts - 1) / 2)[inverse]
    return means
