"""Ways to spend a budget of memory tokens, and ways to choose which tokens of a segment are kept: what the published
allocation is compared with. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.recall.allocation import FLAT, allocate
from engine.recall.ranking import highest_first

if TYPE_CHECKING:
    from torch import Tensor

Shares = list[int]


def adaptive(scores: Sequence[float], budget: int, *, anchors: int, ceiling: int) -> Shares:
    """The published allocation; with no anchor, or where the budget cannot pay for one each, from nothing upwards."""
    if anchors >= 1 and budget >= len(scores):
        return allocate(scores, budget, floor=min(anchors, ceiling), ceiling=ceiling)
    values = np.asarray(scores, np.float64)
    spread = values.max() - values.min()
    if spread < FLAT:
        return uniform(len(scores), budget, ceiling=ceiling)
    ranks = (values - values.min()) / spread
    tokens = np.floor(ranks * ceiling).astype(int)
    if tokens.sum() > budget:
        parts = ranks / ranks.sum() * budget
        tokens = np.floor(parts).astype(int)
        order = highest_first((parts - tokens).tolist())
        tokens[order[: budget - int(tokens.sum())]] += 1
    return [int(share) for share in np.minimum(tokens, ceiling)]


def uniform(segments: int, budget: int, *, ceiling: int) -> Shares:
    """The same for all; what cannot be shared out goes one each to places spread over the film."""
    each, left = divmod(budget, segments)
    steps = np.arange(segments + 1) * left // segments
    return [int(min(ceiling, each + extra)) for extra in np.diff(steps)]


def shuffled(shares: Sequence[int], rng: np.random.Generator) -> Shares:
    """The same shares, given to segments by chance."""
    return [int(share) for share in rng.permutation(np.asarray(shares))]


def pruned(scores: Sequence[float], budget: int, *, ceiling: int) -> Shares:
    """Everything of the best segments, nothing of the rest."""
    shares, left = [0] * len(scores), budget
    for place in highest_first(list(scores)):
        shares[place] = min(ceiling, left)
        left -= shares[place]
    return shares


def chosen(tokens: Tensor, share: int, how: str, rng: np.random.Generator) -> Tensor:
    """`share` of a segment's tokens [tokens, width]: head, tail, random (in their order), or merged."""
    import torch

    count = len(tokens)
    if share >= count or how == "head":
        return tokens[:share]
    if how == "tail":
        return tokens[count - share :]
    if how == "random":
        return tokens[torch.from_numpy(np.sort(rng.choice(count, share, replace=False)))]
    if how == "merged":
        return merged(tokens, share)
    raise ValueError(f"no way to choose tokens is called {how}")


def merged(tokens: Tensor, share: int) -> Tensor:
    """Bipartite soft matching (ToMe, arXiv 2210.09461): tokens at odd places that are most like one at an even place
    are averaged into it, again and again, until `share` are left."""
    import torch
    from torch.nn.functional import normalize

    if share == 0:
        return tokens[:0]
    kept, weight = tokens.float(), torch.ones(len(tokens))
    while len(kept) > share:
        even, odd = torch.arange(0, len(kept), 2), torch.arange(1, len(kept), 2)
        unit = normalize(kept, dim=1)
        near, into = (unit[odd] @ unit[even].T).max(1)
        leaving = odd[near.argsort(descending=True, stable=True)[: len(kept) - share]]
        summed, total = kept * weight[:, None], weight.clone()
        for place in leaving.tolist():
            target = int(even[into[place // 2]])
            summed[target] += summed[place]
            total[target] += total[place]
        stays = torch.ones(len(kept), dtype=torch.bool)
        stays[leaving] = False
        kept, weight = (summed / total[:, None])[stays], total[stays]
    return kept.to(tokens.dtype)
