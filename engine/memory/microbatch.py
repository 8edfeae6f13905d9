"""What compressing a batch of segments takes: the compressor's shape in, bytes out; and what is free."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from engine.weights.checkpoint import Json

log = logging.getLogger(__name__)
MOST = {"cpu": 4}  # two cores are busy with one segment: more only delays the first score
MOST_ELSEWHERE = 16
LIVE_WIDTHS = 12  # activations alive at once in a layer, in widths of the model


def bytes_a_segment(compressor: Json, *, tokens: int, bytes_per_number: int) -> int:
    """What one segment of a batch takes at most while it goes through the compressor."""
    text, vision = compressor["text_config"], compressor["vision_config"]
    merge = int(vision["spatial_merge_size"]) ** 2
    seen = tokens * merge * (LIVE_WIDTHS * int(vision["hidden_size"]) + int(vision["intermediate_size"]))
    read = tokens * (LIVE_WIDTHS * int(text["hidden_size"]) + 2 * int(text["intermediate_size"]))
    head = int(text.get("head_dim", text["hidden_size"] // text["num_attention_heads"]))
    cached = 2 * tokens * int(text["num_hidden_layers"]) * int(text["num_key_value_heads"]) * head
    return (max(seen, read) + 2 * cached) * bytes_per_number


def most_at_once(device: str) -> int:
    """Segments beyond which a larger batch gains nothing."""
    return MOST.get(device, MOST_ELSEWHERE)


def free_bytes(device: str) -> int:
    """Memory that a device can still give."""
    if device == "cpu":
        import psutil

        return int(psutil.virtual_memory().available)
    if device == "cuda":
        unused = torch.cuda.memory_reserved() - torch.cuda.memory_allocated()  # kept by PyTorch for its next tensors
        return min(int(torch.cuda.mem_get_info()[0]), _free_by_nvml()) + int(unused)
    if device == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    return int(torch.xpu.mem_get_info()[0] + torch.xpu.memory_reserved() - torch.xpu.memory_allocated())


def _free_by_nvml() -> int:
    """What NVIDIA's own library says is free on the current card, other programs counted; without it (another maker's
    card) no bound."""
    import pynvml

    try:
        pynvml.nvmlInit()
        own = torch.cuda.get_device_properties(torch.cuda.current_device()).uuid  # numbers may differ between the two
        card = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{own}")
        return int(pynvml.nvmlDeviceGetMemoryInfo(card).free)
    except pynvml.NVMLError as error:
        log.info("NVML does not say what is free: %s", error)
        return 2**62
