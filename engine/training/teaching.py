"""A learner and its batches in, a finished step of the recipe out: the loop, checks, curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from engine.training.batches import Batch, Figures
from engine.training.curves import write_curves
from engine.training.learner import Learner
from engine.training.loop import Pace, train

if TYPE_CHECKING:
    from engine.training.run import Run


def teach(
    run: Run, name: str, learner: Learner, batch: Callable[[int], Batch], *, pace: Pace, saved: nn.Module,
    checks: Callable[[], Sequence[Batch]] | None = None, check_learner: Learner | None = None,
) -> None:  # fmt: skip
    """Train what may learn, on `batch(n)` for n counted over all processes; `checks` makes what every check reads."""
    process = run.process

    def loss(module: nn.Module, drawn: Batch) -> tuple[Tensor, Figures]:
        value: tuple[Tensor, Figures] = module(drawn)
        return value

    def check(step: int) -> Figures:
        return judged(check_learner or learner, checks() if checks else ())

    train(
        name,
        learner,
        batch,
        loss,
        folder=run.folder,
        pace=pace,
        saved=saved,
        check=check if checks else None,
        process=process,
        checkpoint_seconds=run.checkpoint_seconds,
    )
    if process.first:
        write_curves(run.folder)


@torch.no_grad()
def judged(learner: Learner, batches: Sequence[Batch]) -> Figures:
    """Mean loss and shares of right answers, each word after the true ones before it."""
    found: dict[str, list[float]] = {}
    learner.eval()
    for batch in batches:
        value, figures = learner(batch)
        for key, number in {"loss": float(value), **figures}.items():
            if not key.endswith(" loss"):
                found.setdefault(key, []).append(number)
    return {key: float(np.mean(numbers)) for key, numbers in found.items()}
