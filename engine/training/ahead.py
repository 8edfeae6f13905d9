"""Batches drawn by processes of their own, a few ahead of the step that reads them.

Drawing is Python on one core, a step is arithmetic on all of them: one after the other, each waits for the other.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import TypeVar

import torch
from torch.utils.data import DataLoader, Dataset

from engine.errors import TempoError

AHEAD = 4  # batches
Drawn = TypeVar("Drawn")


class _Numbered(Dataset[Drawn | TempoError]):
    def __init__(self, draw: Callable[[int], Drawn]) -> None:
        self._draw = draw

    def __getitem__(self, number: int) -> Drawn | TempoError:
        try:
            return self._draw(number)
        except TempoError as error:  # handed over as it is: DataLoader would make its traceback the message
            return error


def drawn_ahead(draw: Callable[[int], Drawn], numbers: Sequence[int], *, processes: int = 1) -> Iterator[Drawn]:
    """`draw(number)` for each number, in order; in this process where processes cannot be forked.

    Torch has one thread in each of them.
    """
    workers = processes if "fork" in multiprocessing.get_all_start_methods() else 0
    loader = DataLoader(
        _Numbered(draw),
        batch_size=None,
        sampler=numbers,
        num_workers=workers,
        prefetch_factor=AHEAD if workers else None,
        multiprocessing_context="fork" if workers else None,
        worker_init_fn=_leave_quietly,
        generator=torch.Generator().manual_seed(0),  # DataLoader seeds its workers: not from the run's own chance
    )
    for drawn in loader:
        if isinstance(drawn, TempoError):
            raise drawn
        yield drawn


def _leave_quietly(_: int) -> None:
    """Let this process say nothing when who reads its batches is gone, as after Ctrl+C: a thread of Python's hands out
    file descriptors, and prints a traceback if it is broken off."""
    told = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, ConnectionError | EOFError):
            told(kind, error, trace)

    sys.excepthook = hook
