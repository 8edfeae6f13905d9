"""A prefix in half the room: keys and values in 8 bits, by bitsandbytes' blockwise quantiser. Not exact."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.libraries import bitsandbytes_loaded
from engine.memory.prefix import Prefix

BLOCK = 64  # numbers that share a scale: half a head of the published model
DTYPES = {str(dtype).removeprefix("torch."): dtype for dtype in (torch.float32, torch.bfloat16, torch.float16)}


@dataclass(frozen=True, slots=True)
class SmallPrefix:
    """What `shrink` made of a prefix; `restore` gives one that is nearly the same."""

    segment: int
    codes: Tensor  # [2, layers, heads, length, head width] uint8: keys, values
    scales: Tensor  # [codes / BLOCK] float32
    dtype: str
    next_position: int

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return self.codes.nbytes + self.scales.nbytes

    def to(self, device: str | torch.device) -> SmallPrefix:
        """The same on another device."""
        return SmallPrefix(self.segment, self.codes.to(device), self.scales.to(device), self.dtype, self.next_position)


def shrink(prefix: Prefix) -> SmallPrefix:
    """Quantise keys and values."""
    both = torch.stack((torch.stack(prefix.keys), torch.stack(prefix.values)))
    codes, state = bitsandbytes_loaded().functional.quantize_blockwise(both.float().contiguous(), blocksize=BLOCK)
    dtype = str(both.dtype).removeprefix("torch.")
    return SmallPrefix(prefix.segment, codes.view(both.shape), state.absmax, dtype, prefix.next_position)


def restore(small: SmallPrefix) -> Prefix:
    """Keys and values again, in the precision they had."""
    blockwise = bitsandbytes_loaded().functional
    code = blockwise.create_dynamic_map().to(small.codes.device)
    state = blockwise.QuantState(absmax=small.scales, code=code, blocksize=BLOCK, dtype=torch.float32)
    keys, values = blockwise.dequantize_blockwise(small.codes, quant_state=state).to(DTYPES[small.dtype])
    return Prefix(small.segment, tuple(keys.unbind()), tuple(values.unbind()), small.next_position)
