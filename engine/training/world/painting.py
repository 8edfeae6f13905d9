"""Pictures of a scene: a scene and a moment in, [height, width, 3] uint8 RGB of any size out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from engine.training.world.lettering import lettered
from engine.training.world.motion import boxes
from engine.training.world.places import backdrop
from engine.training.world.plan import HEIGHT, TURNS, WIDTH, Actor, Scene
from engine.training.world.sprites import sprite

QUANTUM = 15  # degrees between two turns that are drawn
STOCK = 48  # backgrounds of each setting that are drawn once and kept: scenes with lower seeds stand in front of them


def paint(scene: Scene, seconds: float, *, width: int, height: int) -> np.ndarray:
    """The scene `seconds` after its start."""
    picture = _panned(scene, seconds, width, height)
    _litter(picture, scene, seconds)
    for actor in scene.actors:
        _draw(picture, actor, seconds)
    caption = scene.caption
    if caption is not None and caption.enters <= seconds < caption.leaves:
        letters, x, y = lettered(caption, width, height)
        paste(picture, letters, x, y)
    return picture


def _panned(scene: Scene, seconds: float, width: int, height: int) -> np.ndarray:
    """The background; in a third of the scenes it drifts."""
    painted = _stocked if scene.seed < STOCK else _backdrop
    wide = painted(scene.place, scene.colour, scene.seed, width + width // 6, height)
    spare = wide.shape[1] - width
    drift = (0, 1, -1)[scene.seed % 3] * 0.5 * seconds / max(scene.seconds, 1)
    offset = round(spare * (0.5 + drift))
    return wide[:, offset : offset + width].copy()


@lru_cache(maxsize=8)
def _backdrop(place: str, colour: str, seed: int, width: int, height: int) -> np.ndarray:
    return backdrop(place, colour, seed, width, height)


@lru_cache(maxsize=2500)
def _stocked(place: str, colour: str, seed: int, width: int, height: int) -> np.ndarray:
    return backdrop(place, colour, seed, width, height)


def _litter(picture: np.ndarray, scene: Scene, seconds: float) -> None:
    """Small things without a name, to be ignored: drifting dots in a quarter of the scenes, a frame in a tenth."""
    rng = np.random.default_rng((scene.seed, 2))
    height, width = picture.shape[:2]
    if rng.random() < 0.25:
        colour = [float(part) for part in rng.uniform(40, 250, 3)]
        for _ in range(int(rng.integers(3, 12))):
            (x, y), fast, radius = rng.uniform(0, 1, 2), rng.uniform(-0.1, 0.1, 2), rng.uniform(0.006, 0.014)
            centre = (round((x + fast[0] * seconds) % 1 * width), round((y + fast[1] * seconds) % 1 * height))
            cv2.circle(picture, centre, max(1, round(radius * height)), colour, -1, cv2.LINE_AA)
    if rng.random() < 0.1:
        colour = [float(part) for part in rng.uniform(20, 240, 3)]
        cv2.rectangle(picture, (0, 0), (width - 1, height - 1), colour, max(2, height // 24))


def _draw(picture: np.ndarray, actor: Actor, seconds: float) -> None:
    height, width = picture.shape[:2]
    liberty = _liberty(actor.seed) if actor.free else None
    across, down = liberty.sides if liberty else (1.0, 1.0)
    for box in boxes(actor, seconds):
        wide = max(4, round(box.size * across * width / WIDTH))
        high = max(4, round(box.size * down * height / HEIGHT))
        degrees = round(box.degrees / QUANTUM) * QUANTUM % 360 if actor.motion == TURNS else 0
        drawn = sprite(
            actor.thing, actor.look, width=wide, height=high, tint=actor.tint, mirrored=actor.mirrored, turned=degrees
        )
        if liberty:
            drawn = liberty.taken(drawn)
        paste(picture, drawn, box.x * width / WIDTH, box.y * height / HEIGHT)


@dataclass(frozen=True, slots=True)
class Liberty:
    """What another artist might have done otherwise."""

    sides: tuple[float, float]  # of the box that the thing fills
    gains: np.ndarray  # of red, green and blue
    paleness: float  # 1: all grey

    def taken(self, drawn: np.ndarray) -> np.ndarray:
        """A premultiplied [h, w, 4] picture in other colours."""
        colour = drawn[..., :3].astype(np.float32)
        colour += self.paleness * (colour.mean(2, keepdims=True) - colour)
        changed = drawn.copy()
        changed[..., :3] = np.minimum(colour * self.gains, drawn[..., 3:])
        return changed


@lru_cache(maxsize=256)
def _liberty(seed: int) -> Liberty:
    rng = np.random.default_rng((seed, 3))
    squeezed = float(rng.uniform(0.8, 1.0))
    sides = (squeezed, 1.0) if rng.random() < 0.5 else (1.0, squeezed)
    return Liberty(sides, rng.uniform(0.5, 1.3, 3).astype(np.float32), float(rng.uniform(0, 1)))


def paste(picture: np.ndarray, drawn: np.ndarray, x: float, y: float) -> None:
    """Lay a premultiplied [h, w, 4] picture over another, centred, clipped at the border."""
    height, width = drawn.shape[:2]
    left, top = round(x - width / 2), round(y - height / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, picture.shape[1]), min(top + height, picture.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = drawn[y0 - top : y1 - top, x0 - left : x1 - left]
    under = picture[y0:y1, x0:x1]
    kept = under.astype(np.uint16) * (255 - part[..., 3:].astype(np.uint16))
    under[:] = np.minimum(part[..., :3] + (kept + 127) // 255, 255)
