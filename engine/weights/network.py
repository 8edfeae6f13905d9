"""`TempoConfig` in, the empty modules out, named exactly as the tensors of the published checkpoint are.

    lm_head                                   absent where the decoder's head is tied
    model                                     Qwen3Model: embed_tokens, layers, norm
    model.mm_projector                        compressor width to decoder width
    model.vision_tower_aux_list.0             compression_tokens, vlm.model (Qwen3VLModel: visual, language_model)

So `state_dict()` of the network is the checkpoint, for loading and for training alike.
"""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import Tensor, nn
from transformers.models.qwen3.configuration_qwen3 import Qwen3Config
from transformers.models.qwen3.modeling_qwen3 import Qwen3Model, Qwen3RotaryEmbedding
from transformers.models.qwen3_vl.configuration_qwen3_vl import Qwen3VLConfig
from transformers.models.qwen3_vl.modeling_qwen3_vl import (
    Qwen3VLModel,
    Qwen3VLTextRotaryEmbedding,
    Qwen3VLVisionRotaryEmbedding,
)

from engine.errors import ModelError
from engine.weights.checkpoint import Json, TempoConfig

COMPRESSOR = "model.vision_tower_aux_list."  # how its tensors' names begin
LOOKED_UP = "model.vision_tower_aux_list.0.vlm.model.language_model.embed_tokens.weight"


class HostEmbedding(nn.Module):
    """An embedding that stays in host memory: of its 0.6 GB a question looks up a few rows."""

    def __init__(self, weight: nn.Parameter) -> None:
        super().__init__()
        self.weight = weight  # [vocabulary, width], on the CPU

    def forward(self, ids: Tensor) -> Tensor:
        """Rows [..., width] on the device of `ids`."""
        return nn.functional.embedding(ids.to(self.weight.device), self.weight).to(ids.device)


class Tower(nn.Module):
    """The compressor: a Qwen3-VL without its output head, and the memory tokens appended to its input."""

    def __init__(self, config: Qwen3VLConfig, memory_tokens: int) -> None:
        super().__init__()
        self.compression_tokens = nn.Parameter(torch.empty(1, memory_tokens, config.text_config.hidden_size))
        self.vlm = nn.Module()
        self.vlm.model = Qwen3VLModel(config)


class TempoNetwork(nn.Module):
    """All weights of one checkpoint."""

    def __init__(self, config: TempoConfig, attention: str) -> None:
        super().__init__()
        self.model = Qwen3Model(_parsed(Qwen3Config, config.decoder, "Qwen3", attention))
        compressor = _parsed(Qwen3VLConfig, config.compressor, "Qwen3-VL", attention)
        self.model.mm_projector = projector(config.projector, config.compressor_width, config.decoder_width)
        self.model.vision_tower_aux_list = nn.ModuleList([Tower(compressor, config.memory_tokens)])
        if not config.tied:
            vocabulary = self.model.config.vocab_size
            self.lm_head = nn.Linear(config.decoder_width, vocabulary, bias=False)

    @property
    def tower(self) -> Tower:
        """The only compressor."""
        tower: Tower = self.model.vision_tower_aux_list[0]
        return tower

    @property
    def head(self) -> Tensor:
        """What the decoder's last hidden state is multiplied with."""  # [vocabulary, decoder width]
        owner = self.lm_head if hasattr(self, "lm_head") else self.model.embed_tokens
        weight: Tensor = owner.weight
        return weight


def empty_network(config: TempoConfig, *, attention: str = "sdpa") -> TempoNetwork:
    """Build the modules on the meta device: shapes and names, no memory, no initialisation."""
    with torch.device("meta"):
        return TempoNetwork(config, attention).eval().requires_grad_(False)


def fill_buffers(network: TempoNetwork, device: str) -> None:
    """Give the rotary embeddings, whose frequencies no checkpoint holds, to a network built on meta."""
    compressor: Any = network.tower.vlm.model
    with torch.device(device):
        network.model.rotary_emb = Qwen3RotaryEmbedding(network.model.config)
        compressor.language_model.rotary_emb = Qwen3VLTextRotaryEmbedding(compressor.language_model.config)
        compressor.visual.rotary_pos_emb = Qwen3VLVisionRotaryEmbedding(compressor.visual.config)


def keep_lookup_in_host_memory(network: TempoNetwork) -> None:
    """Let the compressor's input embedding, which has no output head to serve, work from where its weight is."""
    compressor: Any = network.tower.vlm.model
    language = compressor.language_model
    language.embed_tokens = HostEmbedding(language.embed_tokens.weight)


def projector(kind: str, width_in: int, width_out: int) -> nn.Module:
    """`linear`, `mlpNx_gelu` (Linear, then N-1 times GELU and Linear) or `identity`."""
    if kind == "linear":
        return nn.Linear(width_in, width_out)
    if kind == "identity":
        if width_in != width_out:
            raise ModelError(f"An identity projector cannot turn memory {width_in} wide into {width_out}.")
        return nn.Identity()
    depth = re.fullmatch(r"mlp([1-9]\d*)x_gelu", kind)
    if depth is None:
        raise ModelError(f"This program does not know the projector {kind}.")
    layers: list[nn.Module] = [nn.Linear(width_in, width_out)]
    for _ in range(int(depth[1]) - 1):
        layers += [nn.GELU(), nn.Linear(width_out, width_out)]
    return nn.Sequential(*layers)


def _parsed(kind: type, fields: Json, family: str, attention: str) -> Qwen3Config | Qwen3VLConfig:
    """Let transformers read its own part of the config; what it refuses is the checkpoint's fault."""
    try:
        return kind.from_dict(fields, attn_implementation=attention)  # type: ignore[attr-defined]
    except Exception as error:
        raise ModelError(f"The model's config.json describes no {family} model: {error}") from error
