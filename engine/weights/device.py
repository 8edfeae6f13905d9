"""A wish ("auto", "cuda", "bf16") in, a device and a precision out, each with the reason for the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ModelError

if TYPE_CHECKING:
    import torch

DEVICES = ("cuda", "xpu", "mps", "cpu")  # best first
PRECISIONS = ("fp32", "bf16", "int8", "nf4")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen and why, for the log and the window."""

    value: str
    reason: str


def choose_device(wish: str) -> Choice:
    """Pick the device. Raises `ModelError` for one that is not here."""
    if wish == "auto":
        return next(Choice(device, f"{device} is the fastest device here") for device in DEVICES if _available(device))
    if wish not in DEVICES:
        raise ModelError(f"There is no device called {wish}.", advice=f"Choose auto or one of {', '.join(DEVICES)}.")
    if not _available(wish):
        raise ModelError(f"This machine has no {wish} device that PyTorch can use.", advice="Choose auto or cpu.")
    return Choice(wish, "asked for")


def choose_precision(wish: str, device: str, *, roomy: Callable[[str], bool] = lambda _: True) -> Choice:
    """Pick the precision: the exact one where its weights leave room, else 4 bits.

    CPUs and Apple's GPUs compute in float32: few of them are faster in bfloat16.
    """
    if wish == "auto":
        exact, reason = "fp32", f"{device} computes in float32"
        if device == "xpu" or (device == "cuda" and _cuda_has_bf16()):
            exact, reason = "bf16", f"{device} computes in bfloat16, in which the weights were trained"
        if roomy(exact):
            return Choice(exact, reason)
        return Choice("nf4", f"in {exact} the model leaves no room on {device}")
    if wish not in PRECISIONS:
        raise ModelError(
            f"There is no precision called {wish}.", advice=f"Choose auto or one of {', '.join(PRECISIONS)}."
        )
    return Choice(wish, "asked for")


def choose_attention(device: str, precision: str) -> Choice:
    """Pick how attention is computed: by flash-attention where it is installed and can (16 bits, CUDA), else by
    PyTorch's own kernels."""
    if device != "cuda" or precision == "fp32":
        return Choice("sdpa", "PyTorch's own kernels serve every device and precision")
    from transformers.utils import is_flash_attn_2_available

    if is_flash_attn_2_available() and _cuda_has_bf16():
        return Choice("flash_attention_2", "flash-attention is installed")
    return Choice("sdpa", "flash-attention is not installed")


def dtype_of(precision: str) -> torch.dtype:
    """The dtype that a precision computes in, and that what is not quantised is held in."""
    import torch

    return torch.float32 if precision == "fp32" else torch.bfloat16


def _available(device: str) -> bool:
    import torch

    if device == "cpu":
        return True
    if device == "mps":
        return torch.backends.mps.is_available()
    backend = torch.cuda if device == "cuda" else torch.xpu
    return bool(backend.is_available())


def _cuda_has_bf16() -> bool:
    import torch

    return bool(torch.cuda.is_bf16_supported(including_emulation=False))
