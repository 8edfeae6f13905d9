"""The network that is trained: the published architecture at any size. A shape in, configurations and a network out.

`write_base(folder, shape)` writes what stands for the two base models (configurations, tokenizer, processor files);
`build(folder)` makes the network those files describe. Real base models have such folders of their own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import Qwen3Config, Qwen3VLConfig
from transformers.models.qwen3 import Qwen3ForCausalLM
from transformers.models.qwen3_vl import Qwen3VLModel

COMPRESSOR_SYSTEM = (
    "You are a query-conditioned visual compressor. Store in the provided memory tokens the minimal visual information "
    "needed to answer the Query. Ignore irrelevant details."
)
ROUTER_SENTENCE = " Now, before compressing, answer exactly 'Yes' or 'No': is this segment relevant to the Query?"
ASSISTANT_SYSTEM = "You are a helpful assistant."
CAPTION_QUERY = "Describe this content."
DECODER = "decoder.json"  # the decoder's configuration, beside the compressor's


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the small model is."""

    width: int = 256  # of both text models
    hidden: int = 640
    compressor_layers: int = 4
    decoder_layers: int = 10
    bound_layers: int = 4  # of these, the first, which tell times (`binding.py`) and do not learn; 0: none
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    vision_width: int = 256
    vision_hidden: int = 768
    vision_layers: int = 6
    vision_heads: int = 4
    memory_tokens: int = 8


MICRO = Shape(
    width=64, hidden=96, compressor_layers=2, decoder_layers=7, heads=4, kv_heads=2, head_dim=16, vision_width=32,
    vision_hidden=64, vision_layers=2, vision_heads=2, memory_tokens=4,
)  # fmt: skip
ROPE_THETA = 1e6  # as Qwen3: few dimensions turn within a film, so what stands far apart can be told to be alike
MROPE = {64: [12, 10, 10], 16: [4, 2, 2], 128: [24, 20, 20]}  # positions in time, height and width, by head_dim


class TempoNet(nn.Module):
    """Compressor, memory tokens, projector and decoder, as the published checkpoint holds them."""

    def __init__(self, base: Qwen3VLConfig, decoder: Qwen3Config, *, memory_tokens: int, bound_layers: int = 0) -> None:
        super().__init__()
        self.bound_layers = bound_layers
        width = base.text_config.hidden_size
        self.svlm = Qwen3VLModel(base)
        self.memory = nn.Parameter(torch.zeros(1, memory_tokens, width))
        self.projector = nn.Linear(width, decoder.hidden_size)
        self.decoder = Qwen3ForCausalLM(decoder)

    @property
    def memory_tokens(self) -> int:
        """Memory tokens a segment is written into."""
        return self.memory.shape[1]

    @property
    def device(self) -> torch.device:
        """Where the network lies."""
        return self.memory.device


def build(folder: Path) -> TempoNet:
    """A network with random weights for the configurations in `folder` (as `write_base` wrote them)."""
    base = Qwen3VLConfig(**json.loads((folder / "config.json").read_text()))
    base._attn_implementation = "sdpa"
    decoder, more = read_decoder(folder)
    return TempoNet(base, Qwen3Config(**decoder), **more)


def read_decoder(folder: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The decoder's configuration, and what is the network's own: memory tokens, bound layers."""
    decoder = json.loads((folder / DECODER).read_text())
    return decoder, {name: int(decoder.pop(name)) for name in ("memory_tokens", "bound_layers")}


def write_base(folder: Path, shape: Shape | None = None) -> None:
    """Configurations, tokenizer and processor files of the stand-in for the base models."""
    from engine.training.tokens import SPECIALS, train_tokenizer

    shape = shape or Shape()
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer()
    tokenizer.save_pretrained(folder)
    ids = {token: tokenizer.convert_tokens_to_ids(token) for token in SPECIALS}
    more = {"memory_tokens": shape.memory_tokens, "bound_layers": shape.bound_layers}
    write_json(folder / DECODER, {**decoder_config(len(tokenizer), shape), **more})
    write_json(folder / "generation_config.json", {"eos_token_id": ids["<|im_end|>"], "do_sample": False})
    picture = {
        "size": {"longest_edge": 16777216, "shortest_edge": 1024}, "patch_size": 16, "temporal_patch_size": 2,
        "merge_size": 2, "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "processor_class": "Qwen3VLProcessor",
    }  # fmt: skip
    write_json(folder / "preprocessor_config.json", {**picture, "image_processor_type": "Qwen2VLImageProcessorFast"})
    write_json(folder / "video_preprocessor_config.json", {**picture, "video_processor_type": "Qwen3VLVideoProcessor"})
    write_json(folder / "config.json", base_config(len(tokenizer), ids, shape))  # last: with it the folder is whole


def base_config(vocabulary: int, ids: dict[str, int], shape: Shape) -> dict[str, Any]:
    """Qwen3-VL, small."""
    return {
        "architectures": ["Qwen3VLForConditionalGeneration"],
        "model_type": "qwen3_vl",
        "dtype": "float32",
        "image_token_id": ids["<|image_pad|>"],
        "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"],
        "tie_word_embeddings": True,
        "text_config": {
            "model_type": "qwen3_vl_text", "vocab_size": vocabulary, "hidden_size": shape.width,
            "intermediate_size": shape.hidden, "num_hidden_layers": shape.compressor_layers,
            "num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads,
            "head_dim": shape.head_dim, "hidden_act": "silu", "rms_norm_eps": 1e-6, "attention_bias": False,
            "max_position_embeddings": 32768, "tie_word_embeddings": True,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": ROPE_THETA, "mrope_section": MROPE[shape.head_dim],
                "mrope_interleaved": True,
            },
        },
        "vision_config": {
            "model_type": "qwen3_vl", "depth": shape.vision_layers, "hidden_size": shape.vision_width,
            "intermediate_size": shape.vision_hidden, "num_heads": shape.vision_heads,
            "hidden_act": "gelu_pytorch_tanh", "in_channels": 3, "patch_size": 16, "temporal_patch_size": 2,
            "spatial_merge_size": 2, "num_position_embeddings": 256, "out_hidden_size": shape.width,
            "deepstack_visual_indexes": [shape.vision_layers // 2 - 1],
        },
    }  # fmt: skip


def decoder_config(vocabulary: int, shape: Shape) -> dict[str, Any]:
    """Qwen3, small; it shares the compressor's tokenizer."""
    return {
        "vocab_size": vocabulary, "hidden_size": shape.width, "intermediate_size": shape.hidden,
        "num_hidden_layers": shape.decoder_layers, "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads, "head_dim": shape.head_dim, "hidden_act": "silu",
        "rms_norm_eps": 1e-6, "attention_bias": False, "max_position_embeddings": 32768, "tie_word_embeddings": True,
        "rope_parameters": {"rope_type": "default", "rope_theta": ROPE_THETA},
    }  # fmt: skip


def write_json(path: Path, value: object) -> None:
    """Readable JSON with a final newline."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
