"""One training loop for every stage: AdamW, warm-up and cosine, a log of losses, checkpoints, resume.

A stage hands in the network and a function `loss(step) -> (loss, figures)`; what is random about a step must come from
the step's own seed, so that a resumed run sees what an unbroken one would have seen.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from torch import Tensor, nn

log = logging.getLogger(__name__)
CHECKPOINT_SECONDS = 180.0


def train(
    name: str,
    network: nn.Module,
    parameters: Iterable[nn.Parameter],
    loss: Callable[[int], tuple[Tensor, dict[str, float]]],
    *,
    folder: Path,
    steps: int,
    rate: float,
    warm_up: int = 50,
    decay: float = 0.02,
) -> None:
    """Run stage `name` to its end, from its checkpoint if there is one; leaves `name.pt` with the final weights."""
    chosen = [parameter for parameter in parameters if parameter.requires_grad]
    optimiser = torch.optim.AdamW(chosen, lr=rate, weight_decay=decay, betas=(0.9, 0.98), fused=True)
    unfinished, first = folder / f"{name}.partial.pt", 0
    if unfinished.exists():
        state = torch.load(unfinished, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
        log.info("%s goes on from step %d", name, first)
    network.train()
    saved = started = time.monotonic()
    latest: dict[str, float] = {}
    for step in range(first, steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / warm_up) * (0.02 + 0.98 * _cosine(step / steps))
        torch.manual_seed(step)
        value, figures = loss(step)
        optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(chosen, 1.0)
        optimiser.step()
        latest |= figures
        if step % 20 == 19:
            elapsed = time.monotonic() - started
            row = {"stage": name, "step": step + 1, "seconds": round(elapsed, 1), "loss": round(value.item(), 4)}
            with (folder / "log.jsonl").open("a") as out:
                out.write(json.dumps({**row, **{key: round(number, 4) for key, number in latest.items()}}) + "\n")
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1}
            _write(state, unfinished)
            saved = time.monotonic()
    _write(network.state_dict(), folder / f"{name}.pt")
    unfinished.unlink(missing_ok=True)


def _cosine(share: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * share))


def _write(state: object, path: Path) -> None:
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)
