"""Where scenes play: fourteen drawn places with a name, and plain backgrounds in a named colour.

`backdrop(place, colour, seed, width, height)` paints one; the seed makes every beach another beach.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engine.training.world import brushes
from engine.training.world.palette import shade

TEXTURES = ("plain", "stripes", "checks", "dots", "waves", "gradient", "clouds")
Painter = Callable[[np.ndarray, np.random.Generator], None]
SKIES = ((118, 186, 240), (150, 206, 244), (96, 160, 226), (196, 222, 240), (246, 190, 150))


def backdrop(place: str, colour: str, seed: int, width: int, height: int) -> np.ndarray:
    """The background of a scene, a place or a colour: [height, width, 3] uint8."""
    rng = np.random.default_rng((seed, 1))
    if colour:
        return _plain(rng, colour, width, height)
    sky = np.array(SKIES[int(rng.integers(len(SKIES)))], np.float32) + rng.normal(0, 8, 3)
    picture = brushes.gradient(width, height, sky * 0.9, sky + (255 - sky) * 0.45)
    PAINTERS[place](picture, rng)
    light = rng.uniform(0.82, 1.12) + rng.normal(0, 0.03, 3)
    return np.clip(picture * light, 0, 255).astype(np.uint8)


def _beach(picture: np.ndarray, rng: np.random.Generator) -> None:
    shore = rng.uniform(0.55, 0.68)
    brushes.ground(picture, shore - rng.uniform(0.14, 0.22), (60, 150, 200), (110, 190, 225))
    brushes.ground(picture, shore, (236, 210, 150), (244, 226, 180))
    brushes.stripes(picture, shore - 0.02, shore + 0.03, 2, (250, 250, 250), thick=0.014)
    brushes.specks(picture, rng, 26, shore + 0.05, 1.0, 0.007, (206, 176, 120))


def _sea(picture: np.ndarray, rng: np.random.Generator) -> None:
    level = rng.uniform(0.3, 0.42)
    brushes.ground(picture, level, (22, 78, 140), (70, 150, 205))
    brushes.stripes(picture, level, 1.0, 9, (120, 190, 228), thick=0.012)


def _forest(picture: np.ndarray, rng: np.random.Generator) -> None:
    level = rng.uniform(0.68, 0.78)
    brushes.ground(picture, level, (60, 96, 46), (84, 124, 60))
    brushes.trees(picture, rng, level - 0.06, (46, 106, 56), count=12, pointed=True)
    brushes.trees(picture, rng, level, (34, 84, 44), count=7, pointed=bool(rng.integers(2)))


def _desert(picture: np.ndarray, rng: np.random.Generator) -> None:
    picture[:] = brushes.gradient(picture.shape[1], picture.shape[0], (250, 214, 150), (252, 236, 200))
    for step, colour in enumerate(((226, 168, 92), (214, 150, 74), (198, 132, 60))):
        brushes.hills(picture, rng, 0.56 + 0.14 * step, 0.16, colour)


def _mountains(picture: np.ndarray, rng: np.random.Generator) -> None:
    level = rng.uniform(0.7, 0.8)
    brushes.peaks(picture, rng, level, (104, 110, 128), (244, 246, 250))
    brushes.ground(picture, level, (88, 128, 72), (120, 152, 96))


def _city(picture: np.ndarray, rng: np.random.Generator) -> None:
    level = rng.uniform(0.78, 0.86)
    brushes.boxes(picture, rng, level - 0.08, ((150, 160, 176), (170, 176, 190)), None)
    brushes.boxes(picture, rng, level, ((92, 100, 120), (122, 112, 116), (84, 92, 104)), (248, 232, 160))
    brushes.ground(picture, level, (96, 98, 104))


def _meadow(picture: np.ndarray, rng: np.random.Generator) -> None:
    level = rng.uniform(0.48, 0.6)
    brushes.hills(picture, rng, level, 0.1, (132, 190, 92))
    brushes.ground(picture, level + 0.1, (96, 166, 66), (124, 186, 84))
    for colour in ((250, 230, 90), (250, 250, 246), (238, 120, 150)):
        brushes.specks(picture, rng, 16, level + 0.14, 1.0, 0.011, colour)


def _snow(picture: np.ndarray, rng: np.random.Generator) -> None:
    picture[:] = brushes.gradient(picture.shape[1], picture.shape[0], (176, 196, 218), (226, 234, 242))
    brushes.hills(picture, rng, 0.6, 0.12, (236, 241, 247))
    brushes.ground(picture, 0.74, (250, 252, 254), (240, 245, 250))
    brushes.specks(picture, rng, 60, 0.0, 0.95, 0.008, (255, 255, 255))


def _space(picture: np.ndarray, rng: np.random.Generator) -> None:
    picture[:] = brushes.gradient(picture.shape[1], picture.shape[0], (10, 10, 28), (24, 18, 50))
    brushes.specks(picture, rng, 70, 0.0, 1.0, 0.005, (240, 240, 255))
    height, width = picture.shape[:2]
    colour = rng.uniform(60, 170, 3)
    brushes.circle(
        picture, rng.uniform(0, width), rng.uniform(0.9, 1.2) * height, rng.uniform(0.25, 0.5) * height, colour
    )


def _room(picture: np.ndarray, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    wall, level = rng.uniform(170, 240, 3), rng.uniform(0.72, 0.8)
    picture[:] = brushes.gradient(width, height, wall, wall * 0.94)
    brushes.ground(picture, level, (150, 106, 70), (176, 130, 90))
    brushes.stripes(picture, level, 1.0, 5, (124, 86, 56), thick=0.008)
    brushes.rectangle(picture, 0, (level - 0.03) * height, width, 0.03 * height, (250, 250, 248))
    x, edge = rng.uniform(0.05, 0.75) * width, 0.34 * height
    brushes.rectangle(picture, x - 3, 0.14 * height - 3, edge + 6, edge + 6, (252, 252, 250))
    brushes.rectangle(picture, x, 0.14 * height, edge, edge, (150, 200, 236))
    brushes.rectangle(picture, x + edge * 0.47, 0.14 * height, edge * 0.06, edge, (252, 252, 250))
    brushes.rectangle(picture, x, 0.14 * height + edge * 0.47, edge, edge * 0.06, (252, 252, 250))


def _road(picture: np.ndarray, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    level = rng.uniform(0.56, 0.66)
    brushes.hills(picture, rng, level, 0.08, (126, 172, 104))
    brushes.ground(picture, level + 0.04, (118, 168, 92))
    top = (level + 0.12) * height
    brushes.rectangle(picture, 0, top, width, height - top - 0.04 * height, (92, 94, 98))
    for x in np.arange(rng.uniform(0, 0.2) * height, width, 0.3 * height):
        brushes.rectangle(picture, x, top + (height - top) * 0.42, 0.16 * height, 0.022 * height, (245, 245, 240))


def _stage(picture: np.ndarray, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    picture[:] = brushes.gradient(width, height, (48, 22, 34), (84, 36, 48))
    red = np.array((156, 28, 40)) * rng.uniform(0.85, 1.15)
    for x in np.arange(0, width, 0.09 * height):
        beside = min(x, width - x) < 0.34 * height
        brushes.rectangle(picture, x, 0, 0.05 * height, (0.8 if beside else 0.14) * height, red)
    brushes.ground(picture, 0.78, (178, 128, 78), (150, 104, 62))
    brushes.stripes(picture, 0.78, 1.0, 4, (128, 88, 52), thick=0.008)


def _water(picture: np.ndarray, rng: np.random.Generator) -> None:
    picture[:] = brushes.gradient(picture.shape[1], picture.shape[0], (70, 190, 206), (10, 62, 108))
    brushes.hills(picture, rng, 0.92, 0.06, (196, 178, 130))
    brushes.specks(picture, rng, 26, 0.05, 0.85, 0.012, (176, 228, 238))
    brushes.trees(picture, rng, 0.96, (40, 120, 96), count=5, pointed=False)


def _night(picture: np.ndarray, rng: np.random.Generator) -> None:
    picture[:] = brushes.gradient(picture.shape[1], picture.shape[0], (18, 26, 62), (58, 62, 104))
    brushes.specks(picture, rng, 30, 0.0, 0.5, 0.005, (250, 246, 214))
    brushes.hills(picture, rng, 0.7, 0.12, (24, 40, 46))
    brushes.boxes(picture, rng, 0.84, ((22, 26, 40), (30, 34, 50)), (250, 220, 120))
    brushes.ground(picture, 0.84, (20, 30, 32))


PAINTERS: dict[str, Painter] = {
    "beach": _beach, "sea": _sea, "forest": _forest, "desert": _desert, "mountains": _mountains, "city": _city,
    "meadow": _meadow, "snow": _snow, "space": _space, "room": _room, "road": _road, "stage": _stage,
    "water": _water, "night": _night,
}  # fmt: skip
PLACES = tuple(PAINTERS)
WHERE = {  # how one says it
    "beach": "at the beach", "sea": "on the sea", "forest": "in the forest", "desert": "in the desert",
    "mountains": "in the mountains", "city": "in the city", "meadow": "in a meadow", "snow": "in the snow",
    "space": "in space", "room": "in a room", "road": "on a road", "stage": "on a stage", "water": "under water",
    "night": "in the night",
}  # fmt: skip


def _plain(rng: np.random.Generator, colour: str, width: int, height: int) -> np.ndarray:
    """One colour, with a texture that is only lighter and darker."""
    texture = TEXTURES[int(rng.integers(len(TEXTURES)))]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) * (192 / height)
    angle, step = rng.uniform(0, np.pi), rng.uniform(18, 40)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = -x * np.sin(angle) + y * np.cos(angle)
    if texture == "stripes":
        pattern = np.sign(np.sin(along * 2 * np.pi / step))
    elif texture == "checks":
        pattern = np.sign(np.sin(along * np.pi / step) * np.sin(across * np.pi / step))
    elif texture == "dots":
        pattern = np.sign((step / 4) ** 2 - (along % step - step / 2) ** 2 - (across % step - step / 2) ** 2)
    elif texture == "waves":
        pattern = np.sin((along + 8 * np.sin(across / 14)) * 2 * np.pi / step)
    elif texture == "clouds":
        noise = rng.normal(0, 1, (4, 7)).astype(np.float32)
        pattern = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    else:
        pattern = np.zeros_like(x)
    slope = (x / 320 - 0.5) * rng.uniform(-44, 44) + (y / 192 - 0.5) * rng.uniform(-44, 44)
    picture = shade(rng, colour) + (pattern * rng.uniform(5, 14) + slope * (texture != "plain"))[..., None]
    clipped: np.ndarray = np.clip(picture, 0, 255).astype(np.uint8)
    return clipped
