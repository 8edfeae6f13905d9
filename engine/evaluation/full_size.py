"""A checkpoint with Tempo-6B's shapes and random weights, on disk: what loading and holding it costs is real.

`write_full_size(folder)` writes 12 GB in the published layout; tokenizers and router rows are small stand-ins. The
shapes are those of Qwen3-VL-2B-Instruct and Qwen3-4B, as their config.json say.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from engine.weights.catalogue import locate
from engine.weights.checkpoint import Json, read_config, read_json
from engine.weights.network import empty_network
from engine.weights.shapes import DECODER, MEMORY_TOKENS, TEXT, VISION, VOCABULARY
from engine.weights.tensors import INDEX

if TYPE_CHECKING:
    from torch import Tensor

SHARD_BYTES = 2_000_000_000
BLOCK = 50_000_000  # random numbers drawn once; tensors are cut from them
FILES = ("chat_template.jinja", "generation_config.json", "tokenizer.json", "tokenizer_config.json")


def write_full_size(folder: Path) -> None:
    """Write it, unless it is there already: the index of the shards comes last."""
    if (folder / INDEX).is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    _write_texts(locate("nano").folder, folder)
    _write_weights(folder)


def _write_texts(nano: Path, folder: Path) -> None:
    for name in FILES:
        shutil.copy(nano / name, folder / name)
    shutil.copytree(nano / "base", folder / "base", dirs_exist_ok=True)
    config = read_json(nano / "config.json")
    for name in [key for key in config if key in DECODER or key in ("tempo", "layer_types")]:
        del config[name]
    config |= {
        **DECODER, "num_compression_tokens": MEMORY_TOKENS, "mm_hidden_size": TEXT["hidden_size"],
        "tokenizer_model_max_length": 16384, "mm_vision_tower_aux_list": ["base"],
    }  # fmt: skip
    _write(folder / "config.json", config)
    base = read_json(folder / "base" / "config.json")
    base["text_config"] |= {**TEXT, "vocab_size": VOCABULARY, "tie_word_embeddings": True}
    base["text_config"].pop("layer_types", None)
    base["vision_config"] |= VISION
    _write(folder / "base" / "config.json", base)


def _write(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content, indent=1))


def _write_weights(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(0)
    drawn = torch.empty(BLOCK, dtype=torch.bfloat16).normal_(0, 0.02, generator=generator)
    width = int(TEXT["hidden_size"])
    save_file({"yes": drawn[:width].clone(), "no": drawn[width : 2 * width].clone()}, folder / "router.safetensors")
    shard: dict[str, Tensor] = {}
    shard_of: dict[str, str] = {}
    held = 0
    parameters = dict(empty_network(read_config(folder)).named_parameters())
    for place, (name, empty) in enumerate(parameters.items()):
        if empty.ndim == 1 and "norm" in name:
            shard[name] = torch.ones(empty.shape, dtype=torch.bfloat16)
        else:
            repeated = drawn.roll(place * 1009).repeat(-(-empty.numel() // BLOCK))
            shard[name] = repeated[: empty.numel()].view(empty.shape).clone()
        held += shard[name].nbytes
        if held > SHARD_BYTES or place == len(parameters) - 1:
            file = f"model-{len(set(shard_of.values())) + 1:05d}.safetensors"
            save_file(shard, folder / file)
            shard_of |= dict.fromkeys(shard, file)
            shard, held = {}, 0
    _write(folder / INDEX, {"weight_map": shard_of})
