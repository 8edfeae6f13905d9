"""Scores in as they come; shares out as events, provisional while scores are missing, and once for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine import events
from engine.events import Emit
from engine.records import Allocation, Memory

if TYPE_CHECKING:
    from engine.weights.checkpoint import TempoConfig


@dataclass(frozen=True, slots=True)
class Dealing:
    """The budget of one question on its way to the segments."""

    config: TempoConfig
    budget: int  # tokens that fit into the decoder
    limit: int  # tokens that were asked for
    emit: Emit
    evenly: bool = False  # every segment the same, whatever its score

    def tell(self, memories: Sequence[Memory], *, new: int, total: int) -> None:
        """Tell the scores of the last `new` memories, and what the segments scored so far would get of their part."""
        done = len(memories)
        for place, memory in enumerate(memories[-new:], start=done - new + 1):
            self.emit(events.SegmentScored(memory.segment, memory.score, place, total))
        if done < total:
            provisional = self._deal([memory.score for memory in memories], max(done, self.budget * done // total))
            scored = tuple(memory.segment for memory in memories)
            self.emit(events.BudgetAllocated(provisional, scored, provisional=True))

    def close(self, scores: Sequence[float]) -> Allocation:
        """Deal the whole budget out."""
        allocation = self._deal(scores, self.budget)
        self.emit(events.BudgetAllocated(allocation, tuple(range(len(scores))), provisional=False))
        return allocation

    def _deal(self, scores: Sequence[float], budget: int) -> Allocation:
        from engine.recall.allocation import deal

        floor, ceiling = self.config.sizes.k_min, self.config.memory_tokens
        shares = deal(scores, budget, floor=floor, ceiling=ceiling, evenly=self.evenly)
        return replace(shares, limit=self.limit)
