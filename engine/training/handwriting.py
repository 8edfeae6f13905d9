"""How the small VLM writes words into memory: a sample of memory in, notes that look like it out.

Behind a place for memory a text model is in a state that makes the next word likely. Such states are linear in the
word's embedding as far as that goes; the rest is what else it might have said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.training.batches import Note

EVEN = 5.0  # the penalty of the ridge regression


@dataclass(frozen=True, slots=True)
class Hand:
    """A word's row of `table` [words, width] is written as `row @ weight + bias`, give or take `spread`."""

    table: Tensor
    weight: Tensor
    bias: Tensor
    spread: float  # in each direction

    @classmethod
    def of(cls, table: Tensor, memory: Tensor, words: Tensor) -> Hand:
        """From memory [tokens, width] and what each token was to say [tokens]."""
        rows, written = table[words], memory
        middle, usual = rows.mean(0), written.mean(0)
        x, y = rows - middle, written - usual
        weight = torch.linalg.solve(x.T @ x + EVEN * torch.eye(x.shape[1]), x.T @ y)
        return cls(table, weight, usual - middle @ weight, float((y - x @ weight).std()))

    def write(self, notes: Sequence[Note], *, steadily: bool = False) -> Tensor:
        """What stands for memory [tokens of all notes, width]; `steadily`: without what else it might have said."""
        said = blended(self.table, notes) @ self.weight + self.bias
        return said if steadily else said + self.spread * torch.randn_like(said)


def blended(table: Tensor, notes: Sequence[Note]) -> Tensor:
    """Rows of `table`, as much of each as a token of a note holds, at about the norm of one: [tokens, width]."""
    held = [token for note in notes for token in note]
    of = torch.repeat_interleave(torch.arange(len(held)), torch.tensor([len(token) for token in held])).to(table.device)
    ids, shares = zip(*(word for token in held for word in token), strict=True)
    weights = torch.tensor(shares, device=table.device)
    total = torch.zeros(len(held), table.shape[1], dtype=table.dtype, device=table.device)
    lengths = torch.zeros(len(held), device=table.device).index_add(0, of, weights**2).sqrt()
    return total.index_add(0, of, table[list(ids)] * weights[:, None]) / lengths[:, None]
