"""The number format that training multiplies matrices in: bfloat16 where the device has matrix units for it.

Without them bfloat16 is the slower one. Billions of operations a second on one core, 4096 x 1024 by 1024 x 1024, in
bfloat16 and in float32: 8 and 61 with AVX2, 84 and 143 with AVX512-BF16 (a Xeon whose AMX is switched off).
"""

from __future__ import annotations

import torch

MATRIX_UNITS = ("amx_bf16", "sve_bf16", "bf16")


def fast_format(device: str | torch.device = "cpu") -> torch.dtype:
    """bfloat16 or float32, whichever this device multiplies faster."""
    if torch.device(device).type != "cpu":
        return torch.bfloat16
    able = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}  # torch 2.9 lacks it
    return torch.bfloat16 if any(able.get(name) for name in MATRIX_UNITS) else torch.float32


def cast(device: str | torch.device = "cpu", precision: torch.dtype | None = None) -> torch.autocast:
    """Multiply in `precision`, by default the device's `fast_format`."""
    kind, chosen = torch.device(device).type, precision or fast_format(device)
    return torch.autocast(kind, chosen, enabled=chosen != torch.float32)
