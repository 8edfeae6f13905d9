"""The decoder over many sequences at once: ids and memory in, hidden states out.

What all begin with is read once, and sequences of like length are read together: of short films a quarter of all
positions was the beginning, and another one padding.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor
from transformers.models.qwen3.modeling_qwen3 import Qwen3Model

from engine.training.fused import KeyValue
from engine.training.network import causal_mask, read
from engine.training.prompts import SLOT, Padded, padded

GROUPS, FEWEST = 4, 8  # how many groups at most, how many sequences in each at least


def decoded(
    decoder: Qwen3Model, opening: Sequence[int], sequences: Sequence[Sequence[int]], slots: Tensor, *, frugal: bool,
    bound: int = 0,
) -> Tensor:  # fmt: skip
    """Hidden states [sequences, positions, width]; of several sequences those of the `opening` are left out (zero).

    All sequences begin with the opening; `slots` are what stands at their slots, in a row. The first `bound`
    layers do not learn (`binding.py`): where what stands at slots does not either, they cost no backward pass.
    """
    if len(sequences) == 1:
        return _behind(decoder, sequences, slots, [], 0, frugal=frugal, bound=bound)
    first = len(opening)
    start = padded([opening], [_places(first)], multiple=1).to(slots.device)
    x, rotation = _embedded(decoder, start, slots[:0], bound)
    _, past = read(decoder.layers, x, rotation, mask=None, frugal=frugal, bound=bound)
    of_each = torch.split(slots, [list(one).count(SLOT) for one in sequences])
    rows: list[Tensor] = [slots] * len(sequences)
    by_length = np.argsort([len(one) for one in sequences], kind="stable")
    for group in np.array_split(by_length, max(1, min(GROUPS, len(sequences) // FEWEST))):
        rests = [sequences[row][first:] for row in group]
        kept = torch.cat([of_each[row] for row in group])
        hidden = _behind(decoder, rests, kept, past, first, frugal=frugal, bound=bound)
        for row, states in zip(group.tolist(), hidden, strict=True):
            rows[row] = states
    longest = max(map(len, rows))
    return torch.stack([nnf.pad(one, (0, 0, first, longest - len(one))) for one in rows])


def _behind(
    decoder: Qwen3Model, sequences: Sequence[Sequence[int]], slots: Tensor, past: list[KeyValue], first: int, *,
    frugal: bool, bound: int,
) -> Tensor:  # fmt: skip
    """Hidden states of sequences that go on behind `past`, at position `first`."""
    batch = padded(sequences, [_places(len(one)) + first for one in sequences], multiple=8).to(slots.device)
    x, rotation = _embedded(decoder, batch, slots, bound)
    before = torch.ones(len(sequences), first, dtype=torch.bool, device=x.device)
    alone = len(sequences) == 1 and not past  # then padding stands behind everything that is asked about
    mask = None if alone else causal_mask(batch.real, before)
    known = [(one,) for one in past] if past else None
    hidden, _ = read(decoder.layers, x, rotation, mask=mask, past=known, real=batch.real, frugal=frugal, bound=bound)
    normed: Tensor = decoder.norm(hidden)
    return normed


def _embedded(decoder: Qwen3Model, batch: Padded, slots: Tensor, bound: int) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    x = decoder.embed_tokens(batch.ids.clamp_min(0)).float()
    x = x.masked_scatter((batch.ids == SLOT)[..., None], slots)
    settled = bound > 0 and not slots.requires_grad
    return x.detach() if settled else x, decoder.rotary_emb(x, batch.positions[0])


def _places(count: int) -> np.ndarray:
    return np.tile(np.arange(count), (3, 1))
