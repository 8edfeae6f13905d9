"""One process or several: what a training step asks of the machine. Plain PyTorch alone, accelerate where it is used.

`accelerate launch -m engine.training stage1 ...` starts one process a GPU, `--processes` several on one machine; each
draws its own batches, gradients are averaged, and the first of them writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from engine.errors import ModelError

PATIENCE = timedelta(hours=12)  # of the others, while the first one draws the pool; torch gives up after half an hour


class Alone:
    """This process and nobody else."""

    rank, count, first = 0, 1, True

    def __init__(self, device: str = "cpu") -> None:
        self.device = torch.device(device)

    def prepared(self, module: nn.Module, optimisers: list[Optimizer]) -> tuple[nn.Module, list[Optimizer]]:
        """Module and optimisers as the step uses them."""
        return module, optimisers

    def backward(self, loss: Tensor) -> None:
        """Gradients of a loss."""
        loss.backward()  # type: ignore[no-untyped-call]

    def clip(self, parameters: Iterable[nn.Parameter], norm: float) -> None:
        """Bound the norm of all gradients together."""
        nn.utils.clip_grad_norm_(parameters, norm)

    def added(self, value: Tensor) -> Tensor:
        """The sum of what all processes hold."""
        return value

    def together(self) -> None:
        """Wait for the others."""


class Accelerated(Alone):
    """One of several processes that accelerate started."""

    def __init__(self, *, cards: bool = True) -> None:
        """`cards`: on CUDA where there is any."""
        try:
            from accelerate import Accelerator
            from accelerate.utils import DistributedDataParallelKwargs, InitProcessGroupKwargs
        except ImportError:
            raise ModelError("accelerate is missing.", advice="pip install -e '.[train]'") from None
        patient = InitProcessGroupKwargs(timeout=PATIENCE)
        lenient = DistributedDataParallelKwargs(find_unused_parameters=True)  # a step may leave the compressor alone
        self._accelerator = Accelerator(
            cpu=not (cards and torch.cuda.is_available()), kwargs_handlers=[patient, lenient]
        )
        super().__init__(str(self._accelerator.device))
        self.rank = self._accelerator.process_index
        self.count = self._accelerator.num_processes
        self.first = self._accelerator.is_main_process

    def prepared(self, module: nn.Module, optimisers: list[Optimizer]) -> tuple[nn.Module, list[Optimizer]]:
        """Module and optimisers as the step uses them."""
        shared, *steered = self._accelerator.prepare(module, *optimisers)
        return shared, steered

    def backward(self, loss: Tensor) -> None:
        """Gradients of a loss, averaged over all processes."""
        self._accelerator.backward(loss)

    def clip(self, parameters: Iterable[nn.Parameter], norm: float) -> None:
        """Bound the norm of all gradients together."""
        self._accelerator.clip_grad_norm_(parameters, norm)

    def added(self, value: Tensor) -> Tensor:
        """The sum of what all processes hold."""
        total: Tensor = self._accelerator.reduce(value, reduction="sum")
        return total

    def together(self) -> None:
        """Wait for the others."""
        self._accelerator.wait_for_everyone()


def launch(device: str = "cpu", *, cards: bool = True) -> Alone:
    """Several processes where accelerate or torchrun started this one, else this one alone on `device`; `cards`: those
    several on CUDA where there is any."""
    return Accelerated(cards=cards) if int(os.environ.get("WORLD_SIZE", "1")) > 1 else Alone(device)
