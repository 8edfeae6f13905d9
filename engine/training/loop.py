"""One training loop for every step of the recipe: the rate's way up and down, a log, checkpoints, exact resume.

A step of the recipe hands in its network, `draw(number) -> batch` and `loss(module, batch) -> (loss, figures)`; what is
random about a batch comes from its own number, so that a run that was killed goes on as if it had not been: same
batches, same rates, same weights, to the byte on a CPU with as many threads.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from engine.training.ahead import drawn_ahead
from engine.training.launch import Alone
from engine.training.optimising import Optimisers
from engine.training.precision import fast_format
from engine.training.progress import Watcher, write_table
from engine.whole_file import write_whole

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 180.0
LOG_EVERY = 20  # steps
SLOWEST = 0.02  # of the rate, at the end
Figures = dict[str, float]
Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long, and how fast."""

    steps: int
    rate: float
    matrix_rate: float = 0.0  # of Muon, for the matrices of layers; 0: AdamW moves them as everything else
    warm_up: int = 50
    falling: float = 0.3  # share of the steps at whose start the rate begins to fall
    decay: float = 0.02
    check_every: int = 0  # steps between two looks at the validation set; 0: never


def train(
    name: str,
    network: nn.Module,
    draw: Callable[[int], Drawn],
    loss: Callable[[nn.Module, Drawn], tuple[Tensor, Figures]],
    *,
    folder: Path,
    pace: Pace,
    saved: nn.Module | None = None,
    check: Callable[[int], Figures] | None = None,
    process: Alone | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> None:
    """Run step `name` of the recipe to its end, from its checkpoint if there is one; leaves `name.pt`, the weights of
    `saved` (by default of the network)."""
    process, saved = process or Alone(), saved if saved is not None else network
    optimisers = Optimisers(network, rate=pace.rate, matrix_rate=pace.matrix_rate, decay=pace.decay, process=process)
    unfinished = checkpoint_of(folder, name)
    first, spent = _restored(unfinished, saved, optimisers)
    module = optimisers.prepared(network, process)
    network.train()
    watch = _Clock(spent)
    with Watcher(folder, name, steps=pace.steps, first=first, quiet=not process.first) as watcher:
        latest: Figures = {}
        numbers = range(first * process.count + process.rank, pace.steps * process.count, process.count)
        for step, batch in enumerate(drawn_ahead(draw, numbers), first):
            value, figures = _step(optimisers, partial(loss, module, batch), step, pace, process)
            latest |= figures
            done = step + 1
            watcher.step(done, value)
            if done % LOG_EVERY == 0 or done == pace.steps:
                watcher.row({"step": done, "seconds": watch.told, "loss": round(value, 4), **_rounded(latest)})
                latest = {}
            if check and pace.check_every and (done % pace.check_every == 0 or done == pace.steps):
                watcher.row({"step": done, "seconds": watch.told, "validation": True, **_rounded(check(done))})
                network.train()
            if watch.unsaved > checkpoint_seconds and process.first and done < pace.steps:
                state = {
                    "network": saved.state_dict(),
                    "optimisers": optimisers.state(),
                    "step": done,
                    "multiplied_in": _format(),
                }
                _write({**state, "seconds": watch.told, "rng": torch.get_rng_state()}, unfinished)
                watch.saved()
    if process.first:
        _write(saved.state_dict(), folder / f"{name}.pt")
        unfinished.unlink(missing_ok=True)
        write_table(folder, name)
    process.together()


def checkpoint_of(folder: Path, name: str) -> Path:
    """Where a step leaves what it has so far."""
    return folder / f"{name}.partial.pt"


def _restored(unfinished: Path, saved: nn.Module, optimisers: Optimisers) -> tuple[int, float]:
    """Steps made before, and the seconds they took."""
    if not unfinished.exists():
        return 0, 0.0
    state = torch.load(unfinished, weights_only=True)
    before, now = state.get("multiplied_in", _format()), _format()
    if before != now:
        log.warning("The steps so far multiplied in %s, these do in %s: not the weights of one run.", before, now)
    saved.load_state_dict(state["network"])
    optimisers.restore(state["optimisers"])
    torch.set_rng_state(state["rng"])
    return int(state["step"]), float(state["seconds"])


def _step(
    optimisers: Optimisers, loss: Callable[[], tuple[Tensor, Figures]], step: int, pace: Pace, process: Alone
) -> tuple[float, Figures]:
    optimisers.set_share(share_at(step, pace))
    torch.manual_seed(step * process.count + process.rank)
    value, figures = loss()
    optimisers.zero_grad()
    process.backward(value)
    process.clip(optimisers.chosen, 1.0)
    optimisers.step()
    return float(value.detach()), figures


def share_at(step: int, pace: Pace) -> float:
    """Of the rate: warm-up, level, and a straight line down."""
    left = min(1.0, (pace.steps - step) / (pace.falling * pace.steps))
    return min(1.0, (step + 1) / pace.warm_up) * (SLOWEST + (1 - SLOWEST) * left)


class _Clock:
    """Seconds spent on a step of the recipe, over all the processes that worked on it."""

    def __init__(self, spent: float) -> None:
        self._began = time.monotonic() - spent
        self._saved = time.monotonic()

    @property
    def told(self) -> float:
        return round(time.monotonic() - self._began, 1)

    @property
    def unsaved(self) -> float:
        return time.monotonic() - self._saved

    def saved(self) -> None:
        self._saved = time.monotonic()


def _format() -> str:
    return str(fast_format()).removeprefix("torch.")


def _rounded(figures: Figures) -> dict[str, object]:
    return {key: round(number, 4) for key, number in figures.items()}


def _write(state: object, path: Path) -> None:
    write_whole(path, lambda part: torch.save(state, part))


def frozen(network: nn.Module, trained: Iterable[nn.Parameter]) -> None:
    """Let only these parameters learn."""
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    for parameter in trained:
        parameter.requires_grad_(True)
