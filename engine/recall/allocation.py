"""Adaptive Token Allocation: relevance scores and a budget in, tokens granted to each segment out.

Pure float32 arithmetic, bit for bit what the published code computes (`tests/parity/allocation.json.gz`), except where
that code drops segments (more segments than tokens) or lets a score that is no number pass: both are errors here.
One published fault stays, because the weights were measured with it: tokens that a segment loses to the ceiling in the
last step are not handed on to others, so `Allocation.used` may be less than the limit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.errors import BudgetError, ModelError, QuestionError
from engine.recall.ranking import highest_first
from engine.records import Allocation

FLOOR = 4  # anchor tokens a segment keeps, arXiv 2604.08120
CEILING = 128  # memory tokens the published compressor writes
FLAT = 1e-8  # a smaller spread of scores says nothing

Scores = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.int64]


def allocate(scores: Sequence[float], budget: int, *, floor: int = FLOOR, ceiling: int = CEILING) -> list[int]:
    """Grant every segment between `floor` and `ceiling` tokens, more for a higher score, at most `budget` in all.

    The floor gives way where the budget cannot pay for it (`effective_floor`). Equal scores share alike, but for one
    token of rounding. Raises `BudgetError` for more segments than tokens, `ModelError` for a score that is no number,
    `QuestionError` for bounds that contradict each other.
    """
    _check_bounds(budget, floor, ceiling)
    if len(scores) == 0:
        return []
    values = _as_float32(scores)
    k_min = effective_floor(len(values), budget, floor=floor)
    spread = values.max() - values.min()
    if spread < FLAT:
        return share_evenly(len(values), budget, ceiling=ceiling)
    ranks = (values - values.min()) / spread
    tokens = k_min + np.floor(ranks * np.float32(ceiling - k_min)).astype(np.int64)
    if tokens.sum() > budget:
        tokens = k_min + _proportional(ranks, budget - len(values) * k_min)
    return [int(share) for share in np.clip(tokens, k_min, ceiling)]


def share_evenly(segments: int, budget: int, *, ceiling: int = CEILING) -> list[int]:
    """Grant every segment the same, at most `ceiling`: what adaptive allocation is compared with, and what it comes to
    where all scores are alike. Tokens that do not go round stay unspent. Raises `BudgetError` as `allocate` does."""
    _check_bounds(budget, 1, ceiling)
    if segments:
        effective_floor(segments, budget)
    return [min(ceiling, budget // segments)] * segments if segments else []


def deal(
    scores: Sequence[float], budget: int, *, floor: int = FLOOR, ceiling: int = CEILING, evenly: bool = False
) -> Allocation:
    """`allocate` or `share_evenly`, with the bounds in force: the record that the window and the JSON show."""
    if evenly:
        shares = share_evenly(len(scores), budget, ceiling=ceiling)
    else:
        shares = allocate(scores, budget, floor=floor, ceiling=ceiling)
    k_min = effective_floor(len(shares), budget, floor=floor) if shares else floor
    return Allocation(shares=tuple(shares), limit=budget, k_min=k_min, k_max=ceiling)


def effective_floor(segments: int, budget: int, *, floor: int = FLOOR) -> int:
    """Return the anchor tokens that `budget` can pay for each of `segments`, at most `floor`, at least 1."""
    if segments > budget:
        raise BudgetError(
            f"The film was cut into {segments} segments, but the budget holds only {budget} tokens.",
            advice=f"Raise the budget to {segments} or more, sample fewer frames, or ask about a shorter range.",
        )
    return floor if segments * floor <= budget else budget // segments


def _proportional(ranks: Scores, extra: int) -> Tokens:
    """Deal `extra` tokens out in proportion to `ranks`; what rounding leaves goes one each to the highest."""
    shares: Tokens = np.floor(ranks / ranks.sum() * np.float32(extra)).astype(np.int64)
    left = extra - int(shares.sum())
    order = highest_first(ranks.tolist())
    if left > 0:
        shares[order[:left]] += 1
    while left < 0:  # float32 may round the sum of the parts above the whole
        lowest = next(index for index in reversed(order) if shares[index] > 0)
        shares[lowest] -= 1
        left += 1
    return shares


def _check_bounds(budget: int, floor: int, ceiling: int) -> None:
    if budget < 1:
        raise BudgetError(f"A budget of {budget} tokens holds nothing.", advice="Give a budget of 1 token or more.")
    if not 1 <= floor <= ceiling:
        raise QuestionError(f"A segment cannot keep at least {floor} and at most {ceiling} tokens.")


def _as_float32(scores: Sequence[float]) -> Scores:
    values = np.asarray(scores, dtype=np.float32)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ModelError(
            f"The relevance of segment {bad[0]} (counted from 0) is {values[bad[0]]}, which is no score.",
            advice="The model's weights are damaged or overflow in this precision; try precision fp32.",
        )
    return values
