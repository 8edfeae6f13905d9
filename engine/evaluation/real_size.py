"""A compressor of the published size with random weights, and a small decoder: what indexing costs does not depend on
what the weights say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from engine.memory.compressor import Compressor
from engine.memory.prompt import Prompt
from engine.records import ModelInfo
from engine.reply.decoder import Decoder
from engine.weights.catalogue import locate
from engine.weights.checkpoint import Json, Sizes, TempoConfig, read_config
from engine.weights.loading import LoadedModel, load_tokenizer
from engine.weights.network import empty_network, fill_buffers
from engine.weights.plan import held_bytes
from engine.weights.residency import Residency

MEMORY_TOKENS = 128
# Qwen/Qwen3-VL-2B-Instruct's config.json; the vocabulary, which is only looked up, is the bundled model's.
TEXT = {
    "hidden_size": 2048, "intermediate_size": 6144, "num_hidden_layers": 28, "num_attention_heads": 16,
    "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 262144,
    "rope_parameters": {
        "rope_type": "default", "rope_theta": 5000000, "mrope_section": [24, 20, 20], "mrope_interleaved": True
    },
}  # fmt: skip
VISION = {
    "depth": 24, "hidden_size": 1024, "intermediate_size": 4096, "num_heads": 16, "out_hidden_size": 2048,
    "num_position_embeddings": 2304, "deepstack_visual_indexes": [5, 11, 17],
}  # fmt: skip


def real_size_model(dtype: torch.dtype = torch.bfloat16, *, seed: int = 0) -> LoadedModel:
    """Build it in memory, on the CPU: 1.8 thousand million random numbers."""
    config = _config(read_config(locate("nano").folder))
    network = empty_network(config)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in list(network.named_parameters()):
        owner, _, leaf = name.rpartition(".")
        value = torch.empty(parameter.shape, dtype=dtype)
        value.fill_(1.0) if parameter.ndim == 1 and "norm" in name else value.normal_(0, 0.02, generator=generator)
        setattr(network.get_submodule(owner), leaf, torch.nn.Parameter(value, requires_grad=False))
    fill_buffers(network, "cpu")
    tower, tokenizer = network.tower, load_tokenizer(config.folder)
    precision = "bf16" if dtype == torch.bfloat16 else "fp32"
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return LoadedModel(
        ModelInfo("random weights, real size", "cpu", precision, parameters, bundled=False),
        config,
        Compressor(
            tower.vlm.model,
            memory_tokens=tower.compression_tokens,
            direction=torch.randn(config.compressor_width, generator=generator),
            prompt=Prompt(load_tokenizer(config.base_folder)),
        ),
        Decoder(
            network.model,
            head=network.head,
            projector=network.model.mm_projector,
            tokenizer=tokenizer,
            eos_ids=config.eos_ids,
            context_limit=config.context_limit,
        ),
        tokenizer,
        network,
        Residency(network, "cpu"),
        held_bytes(network),
    )


def _config(bundled: TempoConfig) -> TempoConfig:
    compressor: Json = {
        **bundled.compressor,
        "text_config": {**bundled.compressor["text_config"], **TEXT},
        "vision_config": {**bundled.compressor["vision_config"], **VISION},
    }
    return replace(bundled, compressor=compressor, memory_tokens=MEMORY_TOKENS, sizes=Sizes(budget=2048), things=())


def film_of(folder: Path, *, segments: int) -> Path:
    """A film in full HD that makes `segments` segments of eight frames."""
    from engine.evaluation.reading_films import FILMS, make_film

    return make_film(folder / "film.mp4", FILMS[0], seconds=4.0 * segments, size=(1920, 1080))
