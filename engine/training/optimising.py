"""How weights are moved: AdamW, and where a pace says so Muon for the matrices of the layers.

Muon steps along the orthogonalised momentum of a matrix (K. Jordan 2024, https://kellerjordan.github.io/posts/muon/);
its steps are scaled to the size of AdamW's ("Muon is Scalable for LLM Training", arXiv 2502.16982). The tower's loss on
unseen pictures was 14.36 after 600 steps; with AdamW 15.18 after 1000 and 14.12 after 1500. The small VLM's on unseen
segments was .67 after 300 steps of a short run, with AdamW .98. Embeddings, heads, norms, biases and the first layer of
the tower stay AdamW's.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from engine.training.launch import Alone
from engine.training.precision import fast_format

BETAS, MOMENTUM = (0.9, 0.98), 0.95
LAYERS = (".blocks.", ".layers.", "merger")
TOO_WIDE = 1024  # of both sides: two of these, in the mergers, would take two thirds of Muon's time


class Optimisers:
    """One or two as one."""

    def __init__(
        self, network: nn.Module, *, rate: float, matrix_rate: float = 0.0, decay: float, process: Alone | None = None
    ) -> None:
        """For what may learn in the network. `matrix_rate` is Muon's; 0: AdamW for all."""
        named = [(name, one) for name, one in network.named_parameters() if one.requires_grad]
        self.chosen = [one for _, one in named]
        matrices = [one for name, one in named if matrix_rate and is_matrix(name, one)]
        others = [one for name, one in named if not (matrix_rate and is_matrix(name, one))]
        self._each: list[torch.optim.Optimizer] = []
        self._rates: list[float] = []
        if others:
            self._each.append(torch.optim.AdamW(others, lr=rate, weight_decay=decay, betas=BETAS, fused=True))
            self._rates.append(rate)
        if matrices:
            self._each.append(
                MuonByShape(
                    matrices,
                    process,
                    lr=matrix_rate,
                    weight_decay=decay,
                    momentum=MOMENTUM,
                    adjust_lr_fn="match_rms_adamw",
                )
            )
            self._rates.append(matrix_rate)

    def prepared(self, network: nn.Module, process: Alone) -> nn.Module:
        """The network as `process` uses it; the optimisers are from now on, too."""
        module, self._each = process.prepared(network, self._each)
        return module

    def set_share(self, share: float) -> None:
        """The next step takes this share of the full rates."""
        for optimiser, rate in zip(self._each, self._rates, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = rate * share

    def zero_grad(self) -> None:
        """Forget gradients."""
        for optimiser in self._each:
            optimiser.zero_grad(set_to_none=True)

    def step(self) -> None:
        """Move the weights."""
        for optimiser in self._each:
            optimiser.step()

    def state(self) -> list[dict[str, Any]]:
        """What a checkpoint holds."""
        return [optimiser.state_dict() for optimiser in self._each]

    def restore(self, states: list[dict[str, Any]]) -> None:
        """Go on from a checkpoint's `state`."""
        for optimiser, state in zip(self._each, states, strict=True):
            optimiser.load_state_dict(state)


class MuonByShape(torch.optim.Muon):
    """Torch's Muon with `match_rms_adamw`, all matrices of a shape at once: one by one takes three times as long.

    Of several processes, which all hold the same gradients, each orthogonalises its part of the matrices.
    """

    def __init__(self, matrices: list[nn.Parameter], process: Alone | None = None, **settings: Any) -> None:
        super().__init__(matrices, **settings)
        self._process = process or Alone()

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Move the weights."""
        for group in self.param_groups:
            rate, momentum = group["lr"], group["momentum"]
            moved = [one for one in group["params"] if one.grad is not None]
            for shape in dict.fromkeys(one.shape for one in moved):
                alike = [one for one in moved if one.shape == shape]
                ahead = [one.grad.lerp(self._momentum(one, momentum), momentum) for one in alike]
                steps, mine = torch.stack(ahead), slice(self._process.rank, None, self._process.count)
                done = orthogonal(steps[mine], group["ns_coefficients"], group["ns_steps"], group["eps"])
                if self._process.count > 1:
                    steps.zero_()[mine] = done.to(steps.dtype)
                    done = self._process.added(steps)
                for one, step in zip(alike, done, strict=True):
                    one.mul_(1 - rate * group["weight_decay"])
                    one.add_(step, alpha=-rate * 0.2 * max(shape) ** 0.5)

    def _momentum(self, one: torch.Tensor, momentum: float) -> torch.Tensor:
        state = self.state[one]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(one)
        buffer: torch.Tensor = state["momentum_buffer"].lerp_(one.grad, 1 - momentum)
        return buffer


def orthogonal(
    matrices: torch.Tensor, coefficients: tuple[float, float, float], steps: int, eps: float
) -> torch.Tensor:
    """The nearest orthogonal matrix of each [count, rows, columns], roughly, by Newton-Schulz in the fast format."""
    a, b, c = coefficients
    tall = matrices.shape[1] > matrices.shape[2]
    x = (matrices.mT if tall else matrices).to(fast_format(matrices.device))
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


def is_matrix(name: str, parameter: torch.Tensor) -> bool:
    """Whether a parameter is a matrix within a layer that Muon moves."""
    if parameter.ndim != 2 or min(parameter.shape) >= TOO_WIDE:
        return False
    return any(part in f".{name}" for part in LAYERS)
