"""How many segments to compress at once: the compressor's shape and free memory in, a small number out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from engine.weights.checkpoint import Json

MOST = {"cpu": 4}  # two cores are busy with one segment: more only delays the first score
MOST_ELSEWHERE = 16
SHARE = 0.5  # of free memory; the rest is for the decoder, the shelf and surprises
LIVE_WIDTHS = 12  # activations alive at once in a layer, in widths of the model


def micro_batch(compressor: Json, *, tokens: int, device: str, bytes_per_number: int, free_bytes: int) -> int:
    """Segments that fit into `SHARE` of `free_bytes`, if each has `tokens` visual tokens; at least 1."""
    segment = bytes_a_segment(compressor, tokens=tokens, bytes_per_number=bytes_per_number)
    return max(1, min(most_at_once(device), int(SHARE * free_bytes / segment)))


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
        return int(torch.cuda.mem_get_info()[0])
    if device == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    return int(torch.xpu.mem_get_info()[0])
