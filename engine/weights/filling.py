"""A checkpoint's files in, filled modules out, on their device and in their precision.

The modules are built without memory and filled one tensor at a time, each quantised and placed as it is read: the peak
is the model plus one tensor. Every tensor of the file must have its place and every place its tensor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import torch
from torch import nn

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.surprises import is_out_of_memory
from engine.weights.checkpoint import TempoConfig
from engine.weights.device import choose_attention, dtype_of
from engine.weights.network import (
    COMPRESSOR,
    LOOKED_UP,
    TempoNetwork,
    empty_network,
    fill_buffers,
    keep_lookup_in_host_memory,
)
from engine.weights.quantise import BITS, is_quantised, make_room, quantised, rebuilt, written
from engine.weights.quantised_copy import QuantisedCopy, Writer, copy_of
from engine.weights.tensors import Tensors, expect_names

HEAD = "lm_head.weight"
EMBEDDING = "model.embed_tokens.weight"
Home = Callable[[str], str]  # a tensor's name in, the device it is held on out
log = logging.getLogger(__name__)


def load_network(
    config: TempoConfig,
    *,
    device: str,
    precision: str,
    cancel: CancelToken | None = None,
    keep_copy: bool = False,
    together: bool = True,
) -> TempoNetwork:
    """Build the modules and fill them, tensor by tensor, each quantised and placed as it is read.

    With `keep_copy`, what was quantised is saved, and read the next time. Unless `together`, the decoder is put into
    host memory, where it waits for its turn.
    """
    cancel = cancel or CancelToken()
    cancel.check()
    network = empty_network(config, attention=choose_attention(device, precision).value)
    places = dict(network.named_parameters())

    def home(name: str) -> str:
        waits = name == LOOKED_UP or not (together or name.startswith(COMPRESSOR))
        return "cpu" if waits else device

    make_room(network, precision, dtype_of(precision))
    copy = copy_of(config, precision) if keep_copy and precision in BITS else None
    if copy is None or not copy.exists or not _filled_from_copy(network, copy, precision, home, cancel):
        _fill_from_checkpoint(network, config, places, precision, home, copy, cancel)
    _expect_quantised(network, precision)
    if device != "cpu":
        keep_lookup_in_host_memory(network)
    fill_buffers(network, device)
    return network


def _fill_from_checkpoint(
    network: TempoNetwork,
    config: TempoConfig,
    places: dict[str, nn.Parameter],
    precision: str,
    home: Home,
    copy: QuantisedCopy | None,
    cancel: CancelToken,
) -> None:
    dtype = dtype_of(precision)
    writer = Writer(copy, {"model": str(config.folder), "precision": precision}) if copy else None
    try:
        with Tensors(config.folder) as tensors:
            _expect_tensors(config, tensors, places)
            for name in sorted(places):
                cancel.check()
                if is_quantised(name, precision):
                    held = quantised(tensors.read(name), precision, dtype, home(name))
                    _place(network, name, held)
                    parts = written(name, held)
                else:
                    parts = {name: tensors.read(name).to(dtype)}
                    _place(network, name, nn.Parameter(parts[name].to(home(name)), requires_grad=False))
                if writer:
                    writer.add(parts)
        if writer:
            writer.finish()
    except BaseException:
        if writer:
            writer.discard()
        raise


def _filled_from_copy(
    network: TempoNetwork, copy: QuantisedCopy, precision: str, home: Home, cancel: CancelToken
) -> bool:
    """Fill from a copy, or delete it where it is damaged: it can be made again."""
    try:
        _fill_from_copy(network, copy, precision, home, cancel)
    except Cancelled:
        raise
    except Exception as error:  # a damaged file fails in many ways; running out of memory is not one
        if is_out_of_memory(error):
            raise
        log.warning("the quantised copy is made again: %s", error)
        copy.remove()
        return False
    return True


def _fill_from_copy(
    network: TempoNetwork, copy: QuantisedCopy, precision: str, home: Home, cancel: CancelToken
) -> None:
    with Tensors(copy.folder) as tensors:
        parts_of: dict[str, list[str]] = {name: [] for name, _ in network.named_parameters()}
        for name in sorted(tensors.names):
            owner = next((one for one in (name, name.partition(".weight.")[0] + ".weight") if one in parts_of), None)
            if owner is None:
                raise ModelError(f"The quantised copy {copy.folder} holds {name}, which the model has no place for.")
            parts_of[owner].append(name)
        expect_names((name for name, parts in parts_of.items() if parts), parts_of, copy.folder)
        for name, parts in parts_of.items():
            cancel.check()
            if is_quantised(name, precision):
                held = rebuilt(name, {part: tensors.read(part) for part in parts}, precision, home(name))
            elif tensors.shape(name) != tuple(network.get_parameter(name).shape):
                raise ModelError(f"{name} in {copy.folder} has another shape than in the model.")
            else:
                held = nn.Parameter(tensors.read(name).to(home(name)), requires_grad=False)
            _place(network, name, held)


def _expect_tensors(config: TempoConfig, tensors: Tensors, places: dict[str, nn.Parameter]) -> None:
    names = set(tensors.names)
    if config.tied and HEAD in names:  # some tools write a tied head twice
        if not torch.equal(tensors.read(HEAD), tensors.read(EMBEDDING)):
            raise ModelError(f"The model in {config.folder} says its head is tied, but {HEAD} differs.")
        names.remove(HEAD)
    expect_names(names, places, config.folder)
    for name, place in places.items():
        found = tensors.shape(name)
        if found != tuple(place.shape):
            raise ModelError(f"The tensor {name} in {config.folder} is {found}, not {tuple(place.shape)}.")


def _place(network: nn.Module, name: str, parameter: nn.Parameter) -> None:
    owner, _, leaf = name.rpartition(".")
    setattr(network.get_submodule(owner), leaf, parameter)


def _expect_quantised(network: TempoNetwork, precision: str) -> None:
    """Every text layer's matrices, and nothing else, must be held in fewer bits."""
    small = {name for name, one in network.named_parameters() if not one.is_floating_point()}
    wanted = {name for name, _ in network.named_parameters() if is_quantised(name, precision)}
    if small != wanted:
        odd = sorted(small ^ wanted)[0]
        raise ModelError(f"{len(small)} matrices were quantised instead of {len(wanted)}: {odd} is out of place.")
