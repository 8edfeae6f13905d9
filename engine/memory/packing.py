"""A prefix or features in, named tensors and a few words out, and back: the form in which they lie on disk."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engine.memory.eight_bit import SmallPrefix
from engine.memory.features import Features
from engine.memory.patches import Grid
from engine.memory.prefix import Prefix

Kept = Prefix | SmallPrefix | Features
Words = dict[str, str]


def kind_of(kept: Kept) -> str:
    """What to call it: "prefix", however exact, or "features"."""
    return "features" if isinstance(kept, Features) else "prefix"


def pack(kept: Kept) -> tuple[dict[str, Tensor], Words]:
    """Tensors on the CPU, contiguous, and what is not a tensor as text."""
    words = {"kind": kind_of(kept), "segment": str(kept.segment)}
    if isinstance(kept, Prefix):
        words["next_position"] = str(kept.next_position)
        tensors = {"keys": torch.stack(kept.keys), "values": torch.stack(kept.values)}  # [layers, heads, length, width]
    elif isinstance(kept, SmallPrefix):
        words |= {"next_position": str(kept.next_position), "dtype": kept.dtype}
        tensors = {"codes": kept.codes, "scales": kept.scales}
    else:
        words["grid"] = ",".join(map(str, kept.grid))
        tensors = {f"level{number}": level for number, level in enumerate((kept.tokens, *kept.levels))}
    return {name: tensor.detach().to("cpu").contiguous() for name, tensor in tensors.items()}, words


def unpack(tensors: Mapping[str, Tensor], words: Mapping[str, str]) -> Kept:
    """The reverse. Raises `KeyError` or `ValueError` for what `pack` did not write."""
    segment = int(words["segment"])
    if words["kind"] == "prefix" and "codes" in tensors:
        return SmallPrefix(segment, tensors["codes"], tensors["scales"], words["dtype"], int(words["next_position"]))
    if words["kind"] == "prefix":
        keys, values = tensors["keys"].unbind(), tensors["values"].unbind()
        return Prefix(segment, tuple(keys), tuple(values), int(words["next_position"]))
    if words["kind"] != "features":
        raise ValueError(f"unknown kind {words['kind']}")
    tokens, *levels = (tensors[f"level{number}"] for number in range(len(tensors)))
    pairs, rows, columns = map(int, words["grid"].split(","))
    grid: Grid = (pairs, rows, columns)
    return Features(segment, grid, tokens, tuple(levels))
