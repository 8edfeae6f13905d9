"""Hidden states in, relevance out: `sigmoid(w . h)`, with w the rows of Yes minus No in the base model's head."""

from __future__ import annotations

import torch
from torch import Tensor


def router_direction(yes: Tensor, no: Tensor) -> Tensor:
    """The direction in which "Yes" is likelier than "No"."""  # [width], float32
    return yes.to(torch.float32) - no.to(torch.float32)


def relevance(hidden: Tensor, direction: Tensor) -> Tensor:
    """Score the final hidden state of the last prompt token, in float32 at any precision of the model."""
    return torch.sigmoid(hidden.to(torch.float32) @ direction)  # [segments]
