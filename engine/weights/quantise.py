"""Linear layers in 4 or 8 bits: which ones, how one is filled, and how its numbers are written down and read again.

The quantisers are bitsandbytes': NF4 with double quantisation (arXiv 2305.14314) and LLM.int8 (arXiv 2208.07339). What
they are given are the linear layers in the text layers of compressor and decoder. Vision tower, merger, projector,
memory tokens, embeddings, norms and output head stay in 16 bits: few bytes, and much is lost with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from engine.errors import ModelError
from engine.libraries import bitsandbytes_loaded

if TYPE_CHECKING:
    from engine.weights.network import TempoNetwork

BITS = {"nf4": 4, "int8": 8}
TEXT_LINEAR = re.compile(
    r"(model|model\.vision_tower_aux_list\.0\.vlm\.model\.language_model)"
    r"\.layers\.\d+\.(self_attn\.[qkvo]|mlp\.(gate|up|down))_proj\.weight"
)
BLOCK = 64  # weights that share a scale
OUTLIERS = 6.0  # columns of the input above this are multiplied in 16 bits (the value of the paper)


def is_quantised(name: str, precision: str) -> bool:
    """Whether the tensor of this name is held in fewer bits at this precision."""
    return precision in BITS and TEXT_LINEAR.fullmatch(name) is not None


def make_room(network: TempoNetwork, precision: str, dtype: torch.dtype) -> None:
    """Put empty quantised layers in the place of the linear layers of a network that is still on meta.

    Raises `ModelError` for widths that bitsandbytes' kernels on the CPU do not take.
    """
    if precision not in BITS:
        return
    for name, module in list(network.named_modules()):
        if isinstance(module, nn.Linear) and is_quantised(f"{name}.weight", precision):
            if precision == "nf4" and module.in_features % BLOCK:
                raise ModelError(
                    f"Layers {module.in_features} wide cannot be held in 4 bits, only multiples of {BLOCK}.",
                    advice="Choose another precision.",
                )
            owner, _, leaf = name.rpartition(".")
            setattr(network.get_submodule(owner), leaf, _empty(module, precision, dtype))


def quantised(weight: Tensor, precision: str, dtype: torch.dtype, device: str) -> nn.Parameter:
    """Quantise a matrix [out, in], on the device where it will be held."""
    bnb = bitsandbytes_loaded().nn
    if precision == "nf4":
        held = bnb.Params4bit(
            weight.to(dtype), requires_grad=False, quant_type="nf4", compress_statistics=True, blocksize=BLOCK
        )
    else:
        held = bnb.Int8Params(weight, requires_grad=False, has_fp16_weights=False)
    parameter: nn.Parameter = held.to(device)
    return parameter


def written(name: str, parameter: nn.Parameter) -> dict[str, Tensor]:
    """The tensors that say what a quantised matrix is, by name: transformers' own way of storing them."""
    state = getattr(parameter, "quant_state", None)
    if state is not None:
        parts = {f"{name}.{key}": value for key, value in state.as_dict(packed=True).items()}
        return {name: parameter.data, **parts}
    scales: Tensor = parameter.SCB  # type: ignore[attr-defined]
    return {name: parameter.data, f"{name}.SCB": scales}


def rebuilt(name: str, parts: Mapping[str, Tensor], precision: str, device: str) -> nn.Parameter:
    """Make the matrix that `written` wrote down. Raises `ModelError` where a part is missing."""
    bnb = bitsandbytes_loaded().nn
    data = parts[name]
    beside: dict[str, Any] = {key.removeprefix(f"{name}."): value for key, value in parts.items() if key != name}
    try:
        if precision == "nf4":
            packed: nn.Parameter = bnb.Params4bit.from_prequantized(data, beside, device=device)
            return packed
        placed = data.to(device)
        scales = beside["SCB"].to(device)
    except (KeyError, ValueError, AssertionError) as error:
        raise ModelError(f"The quantised copy does not say how {name} is packed.") from error
    whole: nn.Parameter = bnb.Int8Params(placed, requires_grad=False, has_fp16_weights=False, CB=placed, SCB=scales)
    return whole


def moved(module: nn.Module, device: str) -> None:
    """Move a module. What 8-bit layers know of their weights beside the module's parameters is moved along."""
    module.to(device)
    for layer in module.modules():
        if type(layer).__name__ != "Linear8bitLt":
            continue
        weight, state = layer.weight, layer.state
        scales = state.SCB if state.SCB is not None else weight.SCB  # type: ignore[union-attr]
        state.CB = state.SCB = None  # type: ignore[union-attr]
        weight.CB, weight.SCB = weight.data, scales.to(device)  # type: ignore[union-attr]


def numbers_of(parameter: nn.Parameter) -> int:
    """How many weights a parameter stands for; two of 4 bits share a byte."""
    state = getattr(parameter, "quant_state", None)
    return parameter.numel() if state is None else state.shape.numel()


def held_tensors(parameter: nn.Parameter) -> list[Tensor]:
    """Every tensor that a parameter keeps in memory, its scales included."""
    if (state := getattr(parameter, "quant_state", None)) is not None:
        nested = [state.state2.absmax, state.state2.code] if state.nested else []
        return [parameter.data, state.absmax, state.code, *nested]
    scales = getattr(parameter, "SCB", None)
    return [parameter.data] if scales is None else [parameter.data, scales]


def _empty(linear: nn.Linear, precision: str, dtype: torch.dtype) -> nn.Module:
    bnb = bitsandbytes_loaded().nn
    shape, bias = (linear.in_features, linear.out_features), linear.bias is not None
    layer: nn.Module
    if precision == "nf4":
        layer = bnb.Linear4bit(
            *shape, bias=bias, compute_dtype=dtype, compress_statistics=True, quant_type="nf4", device="meta"
        )
    else:
        layer = bnb.Linear8bitLt(*shape, bias=bias, has_fp16_weights=False, threshold=OUTLIERS, device="meta")
    return layer.eval().requires_grad_(False)
