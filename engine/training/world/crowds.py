"""Crowded pictures, for teaching a tower to see: as many different things side by side as there is room for.

A scene of a film shows two things on average, a crowd eight, and a picture costs the same either way. Films hold none.
"""

from __future__ import annotations

from dataclasses import replace

from engine.training.world.plan import GROWS, HEIGHT, SHRINKS, STILL, TURNS, WIDTH, Actor, Scene
from engine.training.world.scenes import BAND, Stagehand

SECONDS = 1
COLUMNS, ROWS = (3, 6), (2, 4)  # half-open
LEAST, MOST = 40.0, 108.0  # canvas units, longer side
POSES, POSE_ODDS = (STILL, TURNS, GROWS, SHRINKS), (0.64, 0.16, 0.1, 0.1)
DOUBLINGS = 0.15  # a second


def crowd(hand: Stagehand, setting: str) -> Scene:
    """Things in rows, a little out of line, each by an artist of its own, and mostly a text."""
    rng = hand.rng
    caption = hand.caption(SECONDS) or hand.caption(SECONDS)  # more often than in a film
    columns, rows = int(rng.integers(*COLUMNS)), int(rng.integers(*ROWS))
    rows = max(1, rows - (caption is not None))
    room = HEIGHT - BAND * (caption is not None)
    top = BAND if caption and caption.top else 0.0
    wide, high = WIDTH / columns, room / rows
    actors = []
    for number, thing in enumerate(hand.cast(setting, "", columns * rows)):
        size = min(MOST, max(LEAST, min(wide, high) * rng.uniform(0.72, 1.15)))
        slack_x, slack_y = max(wide - size, 6.0) / 2, max(high - size, 6.0) / 2
        row, column = divmod(number, columns)
        x = (column + 0.5) * wide + rng.uniform(-slack_x, slack_x)
        y = top + (row + 0.5) * high + rng.uniform(-slack_y, slack_y)
        actors.append(_one(hand, thing, setting, size, float(x), float(y)))
    return hand.staged(setting, SECONDS, actors, caption)


def _one(hand: Stagehand, thing: str, setting: str, size: float, x: float, y: float) -> Actor:
    actor = hand.actor(thing, setting, SECONDS, whole=True)
    motion = str(hand.rng.choice(POSES, p=POSE_ODDS))
    speed = float(hand.rng.uniform(55, 120)) if motion == TURNS else DOUBLINGS * (motion in (GROWS, SHRINKS))
    look = hand.look(thing, str(hand.rng.choice(hand.artists)))
    return replace(actor, look=look, count=1, size=size, x=x, y=y, motion=motion, speed=speed, slides=False)
