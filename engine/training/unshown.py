"""What training never shows must not be learnt as what there cannot be: labels of pictures in, the classes of each cell
that are left out of its loss out.

Pairs kept for validation and test (`world.combination`) never occur in training, so that a tower can lower its loss by
learning the rule itself. One that was trained so for 19,000 steps named a thing in 97 of 100 cases where training had
shown it in front of that background, in 92 where it had not, and of a colour that was kept from it in 51.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from engine.training.world.combination import TRAIN, split_of
from engine.training.world.labels import ASPECTS
from engine.training.world.palette import NAMED
from engine.training.world.scenes import SETTINGS
from engine.training.world.things import ALL_THINGS

THING, TINT, SETTING = (list(ASPECTS).index(aspect) for aspect in ("thing", "tint", "setting"))


def unshown(labels: Tensor) -> dict[str, Tensor]:
    """For labels [batch, aspects, cells], by aspect: [batch * cells, classes], True where training never has the class
    beside what else is there. A cell's own class is never left out."""
    settings, colours, company = _tables()
    things, tints = labels[:, THING], labels[:, TINT]
    tints = torch.where(tints < 0, len(NAMED), tints)  # where nobody asks for it
    present = torch.zeros(len(labels), len(ALL_THINGS) + 1).scatter_(1, things, 1.0)
    beside = (present @ company > 0)[:, None] | settings[labels[:, SETTING]] | colours.T[tints]
    return {"thing": _but_own(beside, things), "tint": _but_own(colours[things], tints)}


def _but_own(left_out: Tensor, own: Tensor) -> Tensor:
    return left_out.scatter(2, own[..., None], torch.zeros(own.shape, dtype=torch.bool)[..., None]).flatten(0, 1)


@cache
def _tables() -> tuple[Tensor, Tensor, Tensor]:
    """[settings, things], [things, colours] and [things, things]; the last thing and the last colour are none."""
    settings = torch.tensor([[*(_kept(thing, one) for thing in ALL_THINGS), False] for one in SETTINGS])
    colours = torch.tensor([[*(_kept(thing, one) for one in NAMED), False] for thing in ALL_THINGS])
    company = torch.tensor([[*(_kept(thing, one) for one in ALL_THINGS), False] for thing in ALL_THINGS])
    nothing = torch.zeros(1, len(NAMED) + 1, dtype=torch.bool), torch.zeros(1, len(ALL_THINGS) + 1, dtype=torch.bool)
    return settings, torch.cat([colours, nothing[0]]), torch.cat([company, nothing[1]]).float()


def _kept(one: str, other: str) -> bool:
    return one != other and split_of(one, other) != TRAIN
