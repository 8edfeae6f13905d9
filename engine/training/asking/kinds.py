"""All kinds of question: `ask(desk)` makes one up, of a kind that the film can answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.training.asking import moments, relations, special, telling
from engine.training.asking.asked import Asked, Desk
from engine.training.asking.special import Builder
from engine.training.asking.truth import Clock, Truth
from engine.training.world.plan import Film
from engine.training.world.things import ALL_THINGS

BUILDERS: dict[str, Builder] = {
    "when": moments.when, "whether": moments.whether, "what": moments.what, "caption": moments.caption,
    "text": moments.text, "colour": moments.colour, "count": moments.count, "motion": moments.motion,
    "where": moments.where, "together": moments.together, "often": relations.often, "after": relations.after,
    "before": relations.before, "first": relations.first, "last": relations.last, "earlier": relations.earlier,
    "longer": relations.longer, "more": relations.more, "summary": relations.summary, "choice": special.choice,
    "absent": special.absent, "unknown": special.unknown,
}  # fmt: skip
KINDS = tuple(BUILDERS)
TAUGHT: dict[str, Builder] = {**BUILDERS, "story": telling.story}  # dense captions are never asked for in the test
LOCAL = ("when", "whether", "what", "caption", "text", "colour", "count", "motion", "where", "together")  # one segment
RELATIONAL = ("often", "after", "before", "first", "last", "earlier", "longer", "more", "summary")
TRIES = 8
UNLETTERED = {kind: 1.0 for kind in KINDS if kind != "choice"}


def desk_for(
    rng: np.random.Generator, film: Film, clock: Clock, *, held_out: bool = False, truth: Truth | None = None
) -> Desk:
    """A desk for one film."""
    return Desk(rng, truth or Truth(film), clock, ALL_THINGS, held_out)


def ask(desk: Desk, shares: Mapping[str, float] | None = None) -> Asked:
    """A question of a random kind, by `shares`; the next kind where the film cannot answer the first."""
    kinds = list(shares or BUILDERS)
    odds = np.array([(shares or {}).get(kind, 1.0) for kind in kinds])
    for _ in range(TRIES):
        kind = str(desk.rng.choice(kinds, p=odds / odds.sum()))
        if asked := ask_kind(desk, kind):
            return asked
    return ask(desk, {"whether": 1.0, "unknown": 0.1})  # every film can answer these


def ask_kind(desk: Desk, kind: str) -> Asked | None:
    """A question of this kind; None if the film cannot answer one."""
    for _ in range(TRIES):
        if asked := TAUGHT[kind](desk):
            return asked
    return None
