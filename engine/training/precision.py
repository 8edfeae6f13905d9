"""The number format that training multiplies matrices in: bfloat16 where the device multiplies it faster.

On a processor that is measured, once a process, because no name tells: billions of operations a second on one core,
4096 x 1024 by 1024 x 1024, in bfloat16 and in float32, came to 8 and 61 on an EPYC with AVX2, 84 and 143 on a Xeon with
AVX512-BF16 whose AMX is switched off, and 211 and 93 on an EPYC with AVX512-BF16.
"""

from __future__ import annotations

import time
from functools import cache

import torch

from engine.training.launch import Alone

SIDE, TRIES = 512, 7
CLEARLY = 1.3  # times as fast: the gradients of float32 are better, and the choice must be the same every time


_settled: dict[str, torch.dtype] = {}


def fast_format(device: str | torch.device = "cpu") -> torch.dtype:
    """bfloat16 or float32, whichever this device multiplies faster."""
    kind = torch.device(device).type
    return _settled.get(kind) or (measured_format() if kind == "cpu" else torch.bfloat16)


def settle_format(process: Alone) -> None:
    """What the first of several processes measured counts for all of them: one that was held up might disagree."""
    narrow = process.first and measured_format() == torch.bfloat16
    told = process.added(torch.tensor(float(narrow), device=process.device))
    _settled["cpu"] = torch.bfloat16 if told else torch.float32


@cache
def measured_format() -> torch.dtype:
    """What this processor multiplies faster now."""
    wide, narrow = (torch.ones(SIDE, SIDE, dtype=one) for one in (torch.float32, torch.bfloat16))
    tried = [(_seconds(wide), _seconds(narrow)) for _ in range(TRIES)]
    of_wide, of_narrow = (min(seconds) for seconds in zip(*tried, strict=True))
    return torch.bfloat16 if of_wide > CLEARLY * of_narrow else torch.float32


def _seconds(square: torch.Tensor) -> float:
    began = time.perf_counter()
    torch.mm(square, square)
    return time.perf_counter() - began


def cast(device: str | torch.device = "cpu", precision: torch.dtype | None = None) -> torch.autocast:
    """Multiply in `precision`, by default the device's `fast_format`."""
    kind, chosen = torch.device(device).type, precision or fast_format(device)
    return torch.autocast(kind, chosen, enabled=chosen != torch.float32)
