"""Where an actor is: its plan and a moment in, boxes on the canvas out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.training.world.plan import DOWN, GROWS, LEFT, RIGHT, SHRINKS, TURNS, UP, WIDTH, Actor

SLIDE_SECONDS = 0.4  # to come in or go out over the edge
HEADINGS = {LEFT: (-1.0, 0.0), RIGHT: (1.0, 0.0), UP: (0.0, -1.0), DOWN: (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Box:
    """One copy of a thing: centre, longer side and turn."""

    x: float
    y: float
    size: float
    degrees: float


def boxes(actor: Actor, seconds: float) -> Iterator[Box]:
    """The actor's copies at a moment of its scene; nothing before it enters and after it leaves."""
    if not actor.enters <= seconds < actor.leaves:
        return
    x, y, size, degrees = _pose(actor, seconds - actor.enters)
    x += _slid(actor, seconds)
    columns, rows = grid(actor.count)
    for number in range(actor.count):
        row, column = divmod(number, columns)
        here = min(columns, actor.count - row * columns)  # the last row is centred
        yield Box(x + (column - (here - 1) / 2) * size, y + (row - (rows - 1) / 2) * size, size, degrees)


def extent(actor: Actor, seconds: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all copies, without sliding in or out."""
    x, y, size, _ = _pose(actor, seconds - actor.enters)
    columns, rows = grid(actor.count)
    return x - columns * size / 2, y - rows * size / 2, x + columns * size / 2, y + rows * size / 2


def grid(count: int) -> tuple[int, int]:
    """Columns and rows of a group."""
    columns = math.ceil(math.sqrt(count * 1.5)) if count > 1 else 1
    return columns, math.ceil(count / columns)


def _pose(actor: Actor, inside: float) -> tuple[float, float, float, float]:
    x, y, size, degrees = actor.x, actor.y, actor.size, 0.0
    if actor.motion in HEADINGS:
        right, down = HEADINGS[actor.motion]
        x, y = x + right * actor.speed * inside, y + down * actor.speed * inside
    elif actor.motion == GROWS:
        size *= 2 ** (actor.speed * inside)
    elif actor.motion == SHRINKS:
        size *= 2 ** (-actor.speed * inside)
    elif actor.motion == TURNS:
        degrees = actor.speed * inside * (1 if actor.seed % 2 else -1)
    return x, y, size, degrees


def _slid(actor: Actor, seconds: float) -> float:
    """How far to the side an actor still is when it comes in, or already is when it goes out."""
    if not actor.slides:
        return 0.0
    entering = 1 - (seconds - actor.enters) / SLIDE_SECONDS if actor.enters > 0 else 0.0
    leaving = 1 - (actor.leaves - seconds) / SLIDE_SECONDS
    if actor.motion == LEFT:
        side = WIDTH * (max(entering, 0) - max(leaving, 0))
    elif actor.motion == RIGHT:
        side = WIDTH * (max(leaving, 0) - max(entering, 0))
    else:
        nearer = -1.0 if actor.x < WIDTH / 2 else 1.0
        side = nearer * WIDTH * max(entering, leaving, 0)
    return 0.6 * side
