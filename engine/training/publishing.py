"""From a trained network to a folder in the published layout: `config.json`, `model.safetensors`, tokenizer, the base
model's files under `base/`, the router's two rows, and the list of what the model knows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.training.architecture import MEMORY_TOKENS, TEXT_WIDTH, TempoNet, decoder_config, write_json
from engine.training.things import NAMES

COMPRESSOR_KEY = "model.vision_tower_aux_list.0"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json")
SIZES = {
    "frames_per_segment": 4,
    "sample_fps": 2.0,
    "min_frames": 4,
    "max_frames": 1024,
    "longer_edge": 512,
    "image_multiple": 32,
    "image_min_tokens": 4,
    "frame_min_tokens": 4,
    "frame_max_tokens": 18,
    "budget": 128,
    "k_min": 1,
    "knows": "knows.json",
}


def write_checkpoint(network: TempoNet, small_vlm: dict[str, Tensor], run: Path, target: Path) -> None:
    """Write everything; `small_vlm` holds the text weights before the four stages, for the router's rows."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(run / "base", target / "base", dirs_exist_ok=True)
    for name in TOKENIZER_FILES:
        shutil.copy(run / "base" / name, target / name)
    save_file(published_names(network), target / "model.safetensors", metadata={"format": "pt"})
    save_file(router_rows(small_vlm, target), target / "router.safetensors", metadata={"format": "pt"})
    stop_token = json.loads((target / "generation_config.json").read_text())["eos_token_id"]
    write_json(target / "config.json", config(network, stop_token))
    write_json(target / "knows.json", {"things": sorted(NAMES), "summary": SUMMARY, "questions": list(SUGGESTED)})


SUMMARY = "A drawn world: simple pictures of things on coloured backgrounds, one to three at a time."
SUGGESTED = ("When does the dog appear?", "Does a rocket appear?", "What appears at 12 seconds?")


def published_names(network: TempoNet) -> dict[str, Tensor]:
    """Weights in bf16 under the published names; the output head is tied and therefore absent."""
    named = {f"{COMPRESSOR_KEY}.vlm.model.{key}": value for key, value in network.svlm.state_dict().items()}
    named[f"{COMPRESSOR_KEY}.compression_tokens"] = network.memory.data
    named |= {f"model.mm_projector.{key}": value for key, value in network.projector.state_dict().items()}
    named |= {f"model.{key}": value for key, value in network.decoder.model.state_dict().items()}
    return {key: value.detach().to(torch.bfloat16).contiguous().clone() for key, value in named.items()}


def router_rows(small_vlm: dict[str, Tensor], folder: Path) -> dict[str, Tensor]:
    """Output rows of Yes and No: [width] each."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    table = small_vlm["embed_tokens.weight"]
    return {word.lower(): table[tokenizer.convert_tokens_to_ids(word)].float().clone() for word in ("Yes", "No")}


def config(network: TempoNet, stop_token: int) -> dict[str, object]:
    """The published checkpoint's fields, and the sizes that differ from it."""
    return {
        "architectures": ["TempoQwenForCausalLM"],
        "model_type": "tempo_qwen",
        "dtype": "bfloat16",
        **decoder_config(network.decoder.config.vocab_size),
        "eos_token_id": stop_token,
        "mm_vision_tower_aux_list": ["base"],
        "num_compression_tokens": MEMORY_TOKENS,
        "mm_projector_type": "linear",
        "mm_hidden_size": TEXT_WIDTH,
        "dynamic_compress": True,
        "tokenizer_model_max_length": 8192,
        "tokenizer_padding_side": "right",
        "mm_use_im_start_end": False,
        "mm_use_im_patch_token": False,
        "tempo": SIZES,
    }
