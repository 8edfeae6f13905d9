"""Crowded pictures, for teaching a tower to see: as many different things side by side as there is room for.

A scene of a film shows two things on average, a crowd six, and a picture costs the same either way. Films hold none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.training.world.motion import HEADINGS, grid
from engine.training.world.painting import STOCK
from engine.training.world.palette import SHAPES
from engine.training.world.plan import GROWS, HEIGHT, MOTIONS, SHRINKS, STILL, TURNS, WIDTH, Actor, Scene
from engine.training.world.scenes import BAND, Stagehand
from engine.training.world.things import TINTABLE

SECONDS = 1
COLUMNS, ROWS = (3, 5), (2, 4)  # half-open
LEAST, MOST = 56.0, 116.0  # canvas units, longer side of each
COUNTS, COUNT_ODDS = (1, 2, 3, 4), (0.7, 0.14, 0.08, 0.08)
STILL_ODDS, TURNED_ODDS = 0.36, 0.24  # turned things are the hardest to tell, and films hold few
TURNED_SECONDS = 8  # before the picture: by any angle
TINTED, DYED = 0.8, frozenset((*SHAPES, *TINTABLE))
INKED = 0.4  # twice as often as in films: what is left of a drawing by its lines is what other artists share
FREE = 0.4  # so often with liberties: what is left of a thing without its colours is its shape
DOUBLINGS = 0.3  # a second, of what grows or shrinks


def crowds(hand: Stagehand, setting: str, count: int) -> Iterator[Scene]:
    """Several in front of one background: things in rows, a little out of line, by many artists, and often a text."""
    seed = int(hand.rng.integers(STOCK))
    hand.favoured = DYED  # a thing in eleven colours wants to be seen more often
    for _ in range(count):
        yield replace(_crowd(hand, setting), seed=seed)
        hand.used.clear()


def _crowd(hand: Stagehand, setting: str) -> Scene:
    rng = hand.rng
    caption = hand.caption(SECONDS) or hand.caption(SECONDS)  # more often than in a film
    columns, rows = int(rng.integers(*COLUMNS)), int(rng.integers(*ROWS))
    rows = max(1, rows - (caption is not None))
    top = BAND if caption and caption.top else 0.0
    wide, high = WIDTH / columns, (HEIGHT - BAND * (caption is not None)) / rows
    actors = []
    for number, thing in enumerate(hand.cast(setting, "", columns * rows)):
        row, column = divmod(number, columns)
        actor = _one(hand, thing, setting, wide, high)
        across, down = (side * actor.size for side in grid(actor.count))
        slack = np.maximum((wide - across, high - down), 6.0) / 2
        x, y = np.array(((column + 0.5) * wide, top + (row + 0.5) * high)) + rng.uniform(-slack, slack)
        right, below = HEADINGS.get(actor.motion, (0.0, 0.0))
        way = actor.speed * SECONDS / 2  # in the middle of its way it is in its place
        actors.append(replace(actor, x=float(x - right * way), y=float(y - below * way)))
    return hand.staged(setting, SECONDS, actors, caption)


def _one(hand: Stagehand, thing: str, setting: str, wide: float, high: float) -> Actor:
    """One, or a few of a kind, of a size for the room it has."""
    rng = hand.rng
    count = int(rng.choice(COUNTS, p=COUNT_ODDS))
    columns, rows = grid(count)
    if min(wide / columns, high / rows) < LEAST:  # no room for several
        count = columns = rows = 1
    size = min(MOST, max(LEAST, min(wide / columns, high / rows) * rng.uniform(0.72, 1.15)))
    motion, speed, enters = _motion(rng, alone=count == 1), 0.0, 0
    if motion in HEADINGS:
        speed = float(rng.uniform(14, 60))
    elif motion == TURNS:
        speed, enters = float(rng.uniform(55, 120)), -int(rng.integers(TURNED_SECONDS))
    elif motion in (GROWS, SHRINKS):
        speed = DOUBLINGS
    return replace(
        hand.actor(thing, setting, SECONDS, whole=True),
        look=hand.look(thing, str(rng.choice(hand.artists)), inked=INKED),
        count=count,
        size=float(size),
        motion=motion,
        speed=speed,
        enters=enters,
        tint=hand.tint(thing, setting, TINTED),
        slides=False,
        free=hand.free(thing, FREE),
    )


def _motion(rng: np.random.Generator, *, alone: bool) -> str:
    chance = rng.random()
    if chance < STILL_ODDS:
        return STILL
    if alone and chance < STILL_ODDS + TURNED_ODDS:
        return TURNS
    return str(rng.choice([one for one in MOTIONS if one in HEADINGS or (alone and one in (GROWS, SHRINKS))]))
