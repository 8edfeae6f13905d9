"""A model's name or folder in, `LoadedModel` out: compressor and decoder, filled and ready on their device.

`filling.py` fills the modules; here they get their tokenizers, the router's direction and the reasons for where and how
they compute.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.cancel import CancelToken
from engine.device_memory import free_bytes
from engine.errors import ModelError, OutOfMemoryError
from engine.memory.compressor import Compressor
from engine.memory.prompt import Prompt
from engine.memory.relevance import router_direction
from engine.records import ModelInfo
from engine.reply.decoder import Decoder
from engine.surprises import is_out_of_memory
from engine.weights.catalogue import ROUTER, locate
from engine.weights.checkpoint import TempoConfig, read_config
from engine.weights.device import choose_attention, choose_device, choose_precision
from engine.weights.filling import HEAD, load_network
from engine.weights.network import TempoNetwork
from engine.weights.plan import Held, held_bytes, weight_bytes
from engine.weights.quantise import numbers_of
from engine.weights.residency import Residency
from engine.weights.tensors import Tensors, expect_names

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

BASE_EMBEDDING = "model.language_model.embed_tokens.weight"
STOP = "<|im_end|>"
SHARE_FOR_WEIGHTS = 0.75  # of free memory; activations, caches and prefixes have the rest
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """One checkpoint, ready to work."""

    info: ModelInfo
    config: TempoConfig
    compressor: Compressor
    decoder: Decoder
    tokenizer: PreTrainedTokenizerBase  # the decoder's
    network: TempoNetwork
    residency: Residency
    held: Held  # bytes of weights


def load_model(
    name_or_folder: str | Path,
    *,
    device: str = "auto",
    precision: str = "auto",
    cancel: CancelToken | None = None,
) -> LoadedModel:
    """Load a checkpoint. Raises `ModelError`, `OutOfMemoryError` or `Cancelled`."""
    located = locate(name_or_folder)
    config = read_config(located.folder)
    chosen = choose_device(device)
    exact = choose_precision(precision, chosen.value, roomy=lambda one: _roomy(config, one, chosen.value))
    together = _roomy(config, exact.value, chosen.value)
    log.info("device %s: %s; precision %s: %s", chosen.value, chosen.reason, exact.value, exact.reason)
    if exact.value == "fp32":  # cuDNN would otherwise round what it convolves to ten bits
        torch.backends.cudnn.allow_tf32 = False
    try:
        network = load_network(
            config, device=chosen.value, precision=exact.value, cancel=cancel, keep_copy=True, together=together
        )
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemoryError(
            f"The model {located.name} does not fit into the memory of {chosen.value}.",
            advice="Close other programs first." if chosen.value == "cpu" else "Choose the device cpu.",
        ) from error
    info = ModelInfo(
        name=located.name,
        device=chosen.value,
        precision=exact.value,
        parameters=sum(numbers_of(parameter) for parameter in network.parameters()),
        bundled=located.bundled,
        knows=config.things,
        reasons=tuple(
            f"{one.value}: {one.reason}" for one in (chosen, exact, choose_attention(chosen.value, exact.value))
        ),
        sample_fps=config.sizes.sample_fps,
        max_frames=config.sizes.most_frames,
        frames_per_segment=config.sizes.frames_per_segment,
        budget=config.sizes.budget,
        context_limit=config.context_limit,
    )
    tokenizer = load_tokenizer(config.folder)
    decoder = _decoder(network, config, tokenizer)
    residency = Residency(network, chosen.value, together=together)
    return LoadedModel(
        info, config, _compressor(network, config), decoder, tokenizer, network, residency, held_bytes(network)
    )


def _roomy(config: TempoConfig, precision: str, device: str) -> bool:
    """Whether both models fit on the device and leave room for work."""
    held = weight_bytes(config, precision)
    return (held.total if device == "cpu" else held.device) < SHARE_FOR_WEIGHTS * free_bytes(device)


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """Read the tokenizer that lies beside a model."""
    from transformers import PreTrainedTokenizerFast

    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"The model folder {folder} has no tokenizer.json.")
    try:
        return PreTrainedTokenizerFast.from_pretrained(folder)
    except Exception as error:  # tokenizers raises bare Exception for a damaged file
        raise ModelError(f"The tokenizer in {folder} cannot be read: {error}.") from error


def _compressor(network: TempoNetwork, config: TempoConfig) -> Compressor:
    tokenizer = load_tokenizer(config.base_folder)
    tower = network.tower
    return Compressor(
        tower.vlm.model,
        memory_tokens=tower.compression_tokens,
        direction=_direction(config, tokenizer).to(tower.compression_tokens.device),
        prompt=Prompt(tokenizer),
    )


def _decoder(network: TempoNetwork, config: TempoConfig, tokenizer: PreTrainedTokenizerBase) -> Decoder:
    return Decoder(
        network.model,
        head=network.head,
        projector=network.model.mm_projector,
        tokenizer=tokenizer,
        eos_ids=(*config.eos_ids, single_token(tokenizer, STOP, config.folder)),
        context_limit=config.context_limit,
        once=config.once_ids,
    )


def _direction(config: TempoConfig, tokenizer: PreTrainedTokenizerBase) -> Tensor:
    """The router's direction, from the two rows beside the model, or from the base model's output embedding."""
    beside = config.folder / ROUTER
    if beside.is_file():
        with Tensors(beside) as tensors:
            expect_names(tensors.names, ("yes", "no"), beside)
            rows = [tensors.read("yes"), tensors.read("no")]
    else:
        with Tensors(config.base_folder) as tensors:
            name = HEAD if HEAD in tensors.names else BASE_EMBEDDING
            rows = [_row(tensors, name, word, tokenizer, config.base_folder) for word in ("Yes", "No")]
    for row in rows:
        if row.shape != (config.compressor_width,):
            raise ModelError(f"The router's rows of {config.folder} are {tuple(row.shape)}, not as wide as the model.")
    yes, no = rows
    return router_direction(yes, no)


def _row(tensors: Tensors, name: str, word: str, tokenizer: PreTrainedTokenizerBase, folder: Path) -> Tensor:
    if name not in tensors.names:
        raise ModelError(f"The base model in {folder} has no output embedding for the router.")
    token = single_token(tokenizer, word, folder)
    if token >= tensors.shape(name)[0]:
        raise ModelError(f"The base model in {folder} has no row for the token {word}.")
    return tensors.row(name, token)


def single_token(tokenizer: PreTrainedTokenizerBase, word: str, folder: Path) -> int:
    """The id of a word that must be one token."""
    ids = tokenizer.encode(word, add_special_tokens=False)
    if len(ids) != 1:
        raise ModelError(f"The tokenizer in {folder} writes {word} in {len(ids)} tokens, not one.")
    return int(ids[0])
