"""Batches drawn by a process of their own, a few ahead of the step that reads them.

Drawing is Python on one core, a step is arithmetic on all of them: one after the other, each waits for the other.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch
from torch.utils.data import DataLoader, Dataset

AHEAD = 4  # batches
Drawn = TypeVar("Drawn")


class _Numbered(Dataset[Drawn]):
    def __init__(self, draw: Callable[[int], Drawn]) -> None:
        self._draw = draw

    def __getitem__(self, number: int) -> Drawn:
        return self._draw(number)


def drawn_ahead(draw: Callable[[int], Drawn], numbers: Sequence[int]) -> Iterator[Drawn]:
    """`draw(number)` for each number, in order; in this process where processes cannot be forked."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    loader = DataLoader(
        _Numbered(draw),
        batch_size=None,
        sampler=numbers,
        num_workers=int(forks),
        prefetch_factor=AHEAD if forks else None,
        multiprocessing_context="fork" if forks else None,
        generator=torch.Generator().manual_seed(0),  # DataLoader seeds its workers: not from the run's own chance
    )
    yield from loader
