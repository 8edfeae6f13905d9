"""What fills each cell of a picture, read off a tower's features: the task on which the tower is taught."""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engine.training.unshown import unshown
from engine.training.world.labels import ASPECTS, UNASKED

IMPORTANCE = {"thing": 1.0, "tint": 0.4, "count": 0.4, "motion": 0.4, "word": 0.5, "number": 0.5, "setting": 0.2}
EMPTY = 0.15  # weight of a cell that holds no thing, or no text


class CellReader(nn.Module):
    """One linear reading of every aspect from every level of features; thrown away after this stage."""

    def __init__(self, levels: int, width: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.ModuleDict({aspect: nn.Linear(width, count) for aspect, count in ASPECTS.items()}) for _ in range(levels)
        )
        for aspect in ("thing", "word", "number"):
            weight = torch.ones(ASPECTS[aspect])
            weight[-1] = EMPTY
            self.register_buffer(f"{aspect}_weight", weight)

    def logits(self, number: int, aspect: str, level: Tensor) -> Tensor:
        """What a level of features [batch, cells, width] tells of an aspect: [batch, cells, classes]."""
        told: Tensor = self.heads[number][aspect](level)  # type: ignore[index]
        return told

    def forward(self, features: list[Tensor], labels: Tensor) -> tuple[Tensor, dict[str, float]]:
        """Loss and shares of right cells for labels [batch, aspects, cells]."""
        total, figures, left_out = torch.zeros(()), {}, unshown(labels)
        for number, level in enumerate(features):
            for row, aspect in enumerate(ASPECTS):
                wanted = labels[:, row].flatten()
                logits = self.logits(number, aspect, level).float().flatten(0, 1)
                if (wanted != UNASKED).any():
                    weight = getattr(self, f"{aspect}_weight", None)
                    judged = logits.masked_fill(left_out[aspect], -torch.inf) if aspect in left_out else logits
                    loss = nnf.cross_entropy(judged, wanted, weight, ignore_index=UNASKED)
                    total = total + IMPORTANCE[aspect] * loss
                if number == 0:
                    figures[aspect] = share_right(logits.detach(), wanted, aspect)
        return total, {name: value for name, value in figures.items() if value >= 0}


def share_right(logits: Tensor, wanted: Tensor, aspect: str) -> float:
    """Share of right cells among those that hold something; -1 if none does."""
    held = wanted != UNASKED
    if aspect in ("thing", "word", "number"):
        held &= wanted != ASPECTS[aspect] - 1
    return float((logits.argmax(-1)[held] == wanted[held]).float().mean()) if held.any() else -1.0
