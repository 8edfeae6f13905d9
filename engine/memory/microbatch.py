"""What compressing a batch of segments takes: the compressor's shape in, bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.weights.checkpoint import Json

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
