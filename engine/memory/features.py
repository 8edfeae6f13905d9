"""What the vision tower saw of a segment: a tenth of a prefix in size, half of its work done."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.memory.patches import Grid


@dataclass(frozen=True, slots=True)
class Features:
    """Visual tokens of one segment; its prefix is computed from them without reading the film."""

    segment: int
    grid: Grid
    tokens: Tensor  # [visual tokens, width]
    levels: tuple[Tensor, ...]  # what deepstack adds behind the first text layers, [visual tokens, width] each

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return sum(tensor.nbytes for tensor in (self.tokens, *self.levels))

    def to(self, device: str | torch.device) -> Features:
        """The same on another device."""
        return Features(self.segment, self.grid, self.tokens.to(device), tuple(x.to(device) for x in self.levels))

    def clone(self) -> Features:
        """The same in memory of its own, not a view that keeps a whole batch alive."""
        return Features(self.segment, self.grid, self.tokens.clone(), tuple(x.clone() for x in self.levels))
