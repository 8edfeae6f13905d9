"""A wish ("auto", "cuda:1", "bf16") in, a device and a precision out, each with the reason for the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ModelError

if TYPE_CHECKING:
    import torch

DEVICES = ("cuda", "xpu", "mps", "cpu")  # best first
NUMBERED = ("cuda", "xpu")  # of which a machine may have several: cuda is the one that PyTorch counts first, or cuda:0
PRECISIONS = ("fp32", "bf16", "int8", "nf4")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen and why, for the log and the window."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Device:
    """One that is here."""

    value: str  # as `choose_device` takes it
    name: str  # as people know it


def choose_device(wish: str) -> Choice:
    """Pick the device. Raises `ModelError` for one that is not here."""
    if wish == "auto":
        return next(Choice(device, f"{device} is the fastest device here") for device in DEVICES if _available(device))
    kind, colon, number = wish.partition(":")
    if kind not in DEVICES or (colon and not (kind in NUMBERED and number.isascii() and number.isdigit())):
        raise ModelError(
            f"There is no device called {wish}.",
            advice=f"Choose auto or one of {', '.join(DEVICES)}; cuda:1 is the second graphics card.",
        )
    if not _available(kind) or (colon and int(number) >= _count(kind)):
        raise ModelError(f"This machine has no {wish} device that PyTorch can use.", advice="Choose auto or cpu.")
    return Choice(wish, "asked for")


def devices_here() -> tuple[Device, ...]:
    """What `choose_device` would take on this machine, the best first."""
    import torch

    found = []
    for kind in filter(_available, DEVICES):
        if kind in NUMBERED:
            backend = torch.cuda if kind == "cuda" else torch.xpu
            for number in range(_count(kind)):
                card = backend.get_device_properties(number)
                found.append(Device(f"{kind}:{number}", f"{card.name}, {card.total_memory / 1e9:.0f} GB"))
        else:
            found.append(Device(kind, "Processor" if kind == "cpu" else "Apple GPU"))
    return tuple(found)


def kind_of(device: str) -> str:
    """What sort of device it is: cuda for cuda:1."""
    return device.partition(":")[0]


def stands_on(found: torch.device, device: str) -> bool:
    """Whether something found on one device is where another name says."""
    import torch

    wanted = torch.device(device)
    return found.type == wanted.type and wanted.index in (None, found.index)


def choose_precision(wish: str, device: str, *, roomy: Callable[[str], bool] = lambda _: True) -> Choice:
    """Pick the precision: the exact one where its weights leave room, else 4 bits.

    CPUs and Apple's GPUs compute in float32: few of them are faster in bfloat16.
    """
    if wish == "auto":
        exact, reason = "fp32", f"{device} computes in float32"
        if kind_of(device) == "xpu" or (kind_of(device) == "cuda" and _cuda_has_bf16(device)):
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
    if kind_of(device) != "cuda" or precision == "fp32":
        return Choice("sdpa", "PyTorch's own kernels serve every device and precision")
    from transformers.utils import is_flash_attn_2_available

    if is_flash_attn_2_available() and _cuda_has_bf16(device):
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


def _count(kind: str) -> int:
    import torch

    return int((torch.cuda if kind == "cuda" else torch.xpu).device_count())


def _cuda_has_bf16(device: str) -> bool:
    import torch

    with torch.cuda.device(torch.device(device)):
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
