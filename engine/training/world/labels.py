"""What fills each cell of the model's picture: a scene and a moment in, class numbers out, for teaching a tower to see.

A picture is 3 by 5 cells, as many as the small model has visual tokens for it.
"""

from __future__ import annotations

import numpy as np

from engine.training.world.lettering import NUMBERS, WORDS, lettered
from engine.training.world.motion import boxes
from engine.training.world.palette import NAMED
from engine.training.world.plan import HEIGHT, MOTIONS, WIDTH, Caption, Scene
from engine.training.world.scenes import SETTINGS
from engine.training.world.things import ALL_THINGS

ROWS, COLUMNS = 3, 5
CELL = WIDTH / COLUMNS  # canvas units, both ways
FILLED = 0.14  # of a cell: less is nothing
# Of every aspect the last class is "nothing of the kind here", and UNASKED is no class at all.
ASPECTS = {
    "thing": len(ALL_THINGS) + 1, "tint": len(NAMED) + 1, "count": 5, "motion": len(MOTIONS), "word": len(WORDS) + 1,
    "number": NUMBERS + 1, "setting": len(SETTINGS),
}  # fmt: skip
UNASKED = -100


def cells(scene: Scene, seconds: float) -> np.ndarray:
    """[aspects, cells] int16 for the picture `seconds` after the scene's start."""
    label = {aspect: np.full((ROWS, COLUMNS), UNASKED, np.int16) for aspect in ASPECTS}
    label["thing"][:] = len(ALL_THINGS)
    label["word"][:], label["number"][:] = len(WORDS), NUMBERS
    label["setting"][:] = SETTINGS.index(scene.setting)
    best = np.full((ROWS, COLUMNS), FILLED)
    for actor in scene.actors:
        covered = np.zeros((ROWS, COLUMNS))
        for box in boxes(actor, seconds):
            half = box.size * 0.45
            covered += _covered(box.x - half, box.y - half, box.x + half, box.y + half)
        here = covered > best
        best[here] = covered[here]
        label["thing"][here] = ALL_THINGS.index(actor.thing)
        label["tint"][here] = NAMED.index(actor.tint) if actor.tint else len(NAMED)
        label["count"][here] = actor.count - 1
        label["motion"][here] = MOTIONS.index(actor.motion) if actor.count == 1 else UNASKED
    caption = scene.caption
    if caption is not None and caption.enters <= seconds < caption.leaves:
        here = _lettered(caption) > FILLED
        word, _, number = caption.text.rpartition(" ") if caption.text[-1].isdigit() else (caption.text, "", "")
        label["word"][here] = WORDS.index(word) if word else len(WORDS)
        label["number"][here] = int(number) if number else NUMBERS
    return np.stack([label[aspect].reshape(-1) for aspect in ASPECTS])


def _covered(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """Share of each cell that a box fills."""
    columns, rows = np.arange(COLUMNS) * CELL, np.arange(ROWS) * CELL
    wide = np.minimum(right, columns + CELL) - np.maximum(left, columns)
    high = np.minimum(bottom, rows + CELL) - np.maximum(top, rows)
    share: np.ndarray = np.clip(high, 0, None)[:, None] * np.clip(wide, 0, None)[None] / CELL**2
    return share


def _lettered(caption: Caption) -> np.ndarray:
    picture, x, y = lettered(caption, round(WIDTH), round(HEIGHT))
    high, wide = picture.shape[0] / 2, picture.shape[1] / 2
    return _covered(x - wide, y - high, x + wide, y + high)
