"""The question-free part of a segment, computed once: attention keys and values of system text and visual tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers.cache_utils import DynamicCache


@dataclass(frozen=True, slots=True)
class Prefix:
    """What every question about one segment can start from."""

    segment: int
    keys: tuple[Tensor, ...]  # a layer each: [heads, length, head width]
    values: tuple[Tensor, ...]  # a layer each: [heads, length, head width]
    next_position: int  # of the first token behind, on all three rotary axes

    @property
    def length(self) -> int:
        """Positions held."""
        return int(self.keys[0].shape[1])

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return sum(tensor.nbytes for tensor in (*self.keys, *self.values))

    def to(self, device: str | torch.device) -> Prefix:
        """The same on another device, for films whose prefixes do not fit beside the model."""
        keys, values = (tuple(tensor.to(device) for tensor in side) for side in (self.keys, self.values))
        return Prefix(self.segment, keys, values, self.next_position)


def cut(cache: DynamicCache, row: int, *, segment: int, length: int, next_position: int) -> Prefix:
    """Keep one row's first `length` positions of a filled cache; what stands behind is padding."""
    layers = cache.layers
    keys = tuple(layer.keys[row, :, :length].clone() for layer in layers)
    values = tuple(layer.values[row, :, :length].clone() for layer in layers)
    return Prefix(segment, keys, values, next_position)


def stack(prefixes: Sequence[Prefix], device: torch.device) -> tuple[DynamicCache, Tensor]:
    """Several prefixes as one cache, padded on the left so that they end together, and which positions are real."""
    longest = max(prefix.length for prefix in prefixes)
    cache = DynamicCache()
    for layer in range(len(prefixes[0].keys)):
        keys = _left_padded([prefix.keys[layer].to(device) for prefix in prefixes], longest)  # tiers may differ
        values = _left_padded([prefix.values[layer].to(device) for prefix in prefixes], longest)
        cache.update(keys, values, layer)
    gaps = torch.tensor([longest - prefix.length for prefix in prefixes], device=device)
    real = torch.arange(longest, device=device) >= gaps[:, None]  # [segments, longest]
    return cache, real


def _left_padded(tensors: Sequence[Tensor], longest: int) -> Tensor:
    padded = [torch.nn.functional.pad(tensor, (0, 0, longest - tensor.shape[1], 0)) for tensor in tensors]
    return torch.stack(padded)  # [segments, heads, longest, head width]
