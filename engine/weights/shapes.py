"""The shapes of Tempo-6B, known before a byte of it is here: Qwen3-VL-2B-Instruct's and Qwen3-4B's config.json."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.weights.checkpoint import CONTEXT_LIMIT, Json, Sizes, TempoConfig

MEMORY_TOKENS = 128
VOCABULARY = 151_936
TEXT: Json = {
    "hidden_size": 2048, "intermediate_size": 6144, "num_hidden_layers": 28, "num_attention_heads": 16,
    "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 262144,
    "rope_parameters": {
        "rope_type": "default", "rope_theta": 5000000, "mrope_section": [24, 20, 20], "mrope_interleaved": True
    },
}  # fmt: skip
VISION: Json = {
    "depth": 24, "hidden_size": 1024, "intermediate_size": 4096, "num_heads": 16, "out_hidden_size": 2048,
    "num_position_embeddings": 2304, "deepstack_visual_indexes": [5, 11, 17],
}  # fmt: skip
DECODER: Json = {
    "hidden_size": 2560, "intermediate_size": 9728, "num_hidden_layers": 36, "num_attention_heads": 32,
    "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 40960, "max_window_layers": 36,
    "rope_parameters": {"rope_type": "default", "rope_theta": 1000000}, "rms_norm_eps": 1e-6,
    "tie_word_embeddings": True, "vocab_size": VOCABULARY,
}  # fmt: skip


def tempo_6b() -> TempoConfig:
    """Enough of its configuration to plan its memory; there are no files behind it."""
    text = {**TEXT, "vocab_size": VOCABULARY, "model_type": "qwen3_vl_text", "tie_word_embeddings": True}
    vision = {**VISION, "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 2, "in_channels": 3}
    return TempoConfig(
        folder=Path("nowhere"),
        base_folder=Path("nowhere"),
        decoder=DECODER,
        compressor={"model_type": "qwen3_vl", "text_config": text, "vision_config": vision},
        memory_tokens=MEMORY_TOKENS,
        projector="linear",
        context_limit=CONTEXT_LIMIT,
        eos_ids=(),
        once_ids=(),
        dynamic_compress=True,
        sizes=Sizes(),
        things=(),
    )


@cache
def tempo_6b_tensors() -> dict[str, tuple[int, ...]]:
    """The shape of every tensor, built once: it takes a moment, and the pane asks for each stage and precision."""
    from engine.weights.network import empty_network

    return {name: tuple(one.shape) for name, one in empty_network(tempo_6b()).named_parameters()}
