"""A compressor of the published size with random weights, and a small decoder: what indexing costs does not depend on
what the weights say. The vocabulary, which is only looked up, is the bundled model's."""

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
from engine.weights.shapes import MEMORY_TOKENS, TEXT, VISION


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
