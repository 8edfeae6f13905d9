"""A batch size that halves when memory runs out, and stays so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.surprises import is_out_of_memory

Item = TypeVar("Item")
Result = TypeVar("Result")


class Halving:
    """Does work in batches of at most `size`; `note` is told when it had to shrink."""

    def __init__(self, size: int, note: Callable[[str], None] = lambda _: None) -> None:
        self.size, self._note = size, note

    def run(self, work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item]) -> list[Result]:
        """All results in order. Raises what `work` raises, out of memory only for an item alone."""
        done: list[Result] = []
        while len(done) < len(items):
            batch = items[len(done) : len(done) + self.size]
            try:
                done += work(batch)
            except Exception as error:
                if len(batch) == 1 or not is_out_of_memory(error):
                    raise
                self._shrink(len(batch) // 2)
        return done

    def _shrink(self, size: int) -> None:
        import torch

        self.size = size
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._note(f"Memory ran short: {size} segment{'s' * (size > 1)} at a time instead of more.")
