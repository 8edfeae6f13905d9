"""What a device can still give, and what this process holds of it itself and would let go of for another model."""

from __future__ import annotations

import logging
from threading import Lock
from typing import Protocol
from weakref import WeakSet

from engine.weights.device import kind_of

log = logging.getLogger(__name__)


class Holder(Protocol):
    """A model's weights, or what is kept of a film."""

    def nbytes_on(self, device: str) -> int:
        """Bytes held on a device."""


_HOLDERS: WeakSet[Holder] = WeakSet()
_LOCK = Lock()  # models are loaded on one thread and weighed on another


def counted(holder: Holder) -> None:
    """From here on, and for as long as it lives, it counts as what this process holds itself."""
    with _LOCK:
        _HOLDERS.add(holder)


def own_bytes(device: str) -> int:
    """What models and films of this process take on a device: room that a plan may deal out anew.

    Cards are asked through PyTorch, which hands all of it out. In host memory what is only mapped from a file counts as
    free already, so no more counts as held than the process has in memory of its own.
    """
    import torch

    kind = kind_of(device)
    if kind == "cpu":
        with _LOCK:
            holders = list(_HOLDERS)
        return min(sum(holder.nbytes_on(device) for holder in holders), _unmapped_bytes())
    if kind == "mps":
        return int(torch.mps.current_allocated_memory())
    return int((torch.cuda if kind == "cuda" else torch.xpu).memory_allocated(device))


def free_bytes(device: str) -> int:
    """Memory that a device can still give, beside what anybody holds, this process included."""
    import torch

    kind = kind_of(device)
    if kind == "cpu":
        import psutil

        return int(psutil.virtual_memory().available)
    if kind == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    card = torch.cuda if kind == "cuda" else torch.xpu
    unused = int(card.memory_reserved(device) - card.memory_allocated(device))  # kept by PyTorch for its next tensors
    free = int(card.mem_get_info(device)[0])
    return unused + (min(free, _free_by_nvml(device)) if kind == "cuda" else free)


def _free_by_nvml(device: str) -> int:
    """What NVIDIA's own library says is free on a card, other programs counted; without it (another maker's card) no
    bound."""
    import pynvml
    import torch

    try:
        pynvml.nvmlInit()
        own = torch.cuda.get_device_properties(device).uuid  # the two may number the cards differently
        card = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{own}")
        return int(pynvml.nvmlDeviceGetMemoryInfo(card).free)
    except pynvml.NVMLError as error:
        log.info("NVML does not say what is free: %s", error)
        return 2**62


def _unmapped_bytes() -> int:
    """This process's memory without what is mapped from files, which the system takes back when it likes."""
    import psutil

    told = psutil.Process().memory_info()
    return int(getattr(told, "private", told.rss - getattr(told, "shared", 0)))  # "private" is Windows' word
