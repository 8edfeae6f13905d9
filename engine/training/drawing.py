"""Pictures of the drawn world: a scene (background and moving things) and a moment in, one RGB picture out.

Everything is a pure function of the scene; a scene is made from a numpy random generator, so a seed makes a film.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np

from engine.errors import ModelError
from engine.training.things import NAMES, THINGS

HEIGHT, WIDTH = 192, 320  # the canvas at scale 1, in pixels
EMOJI_SIZE = 109  # the one size at which Noto Color Emoji holds its bitmaps

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 66, 60), "orange": (238, 150, 62), "yellow": (244, 216, 96), "green": (92, 168, 84),
    "blue": (70, 120, 205), "purple": (142, 92, 188), "pink": (242, 160, 190), "brown": (150, 106, 74),
    "white": (238, 238, 236), "grey": (146, 148, 152), "black": (44, 46, 52), "cyan": (112, 204, 214),
}  # fmt: skip
TEXTURES = ("plain", "stripes", "checks", "dots", "waves")


@dataclass(frozen=True, slots=True)
class Actor:
    """One thing on screen. Lengths in canvas pixels, speeds in canvas pixels a second."""

    thing: str
    size: int
    x: float
    y: float
    speed_x: float
    speed_y: float
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on screen between two cuts."""

    seconds: float
    colour: str
    texture: str
    pattern_seed: int
    actors: tuple[Actor, ...]

    @property
    def things(self) -> tuple[str, ...]:
        """Names of what is shown, in the fixed order of the world's list."""
        return tuple(sorted((actor.thing for actor in self.actors), key=NAMES.index))


def sample_scene(rng: np.random.Generator, things: list[str], seconds: float) -> Scene:
    """A scene with `things` placed apart from one another."""
    columns = rng.permutation(5)[: len(things)]
    actors = []
    for thing, column in zip(things, columns, strict=True):
        size = int(rng.integers(60, 101))
        actors.append(
            Actor(
                thing=thing,
                size=size,
                x=float(32 + 64 * column + rng.uniform(-14, 14)),
                y=float(rng.uniform(40, HEIGHT - 40)),
                speed_x=float(rng.uniform(-9, 9)),
                speed_y=float(rng.uniform(-14, 14)),
                mirrored=bool(rng.integers(2)),
            )
        )
    return Scene(
        seconds=seconds,
        colour=str(rng.choice(list(COLOURS))),
        texture=str(rng.choice(TEXTURES)),
        pattern_seed=int(rng.integers(2**31)),
        actors=tuple(actors),
    )


def draw(scene: Scene, seconds: float, *, scale: int = 1) -> np.ndarray:
    """The scene `seconds` after its start: [192 * scale, 320 * scale, 3] uint8 RGB."""
    picture = _background(scene.colour, scene.texture, scene.pattern_seed, scale).copy()
    for actor in scene.actors:
        half = actor.size / 2
        x = _bounce(actor.x + actor.speed_x * seconds, half * 0.8, WIDTH - half * 0.8)
        y = _bounce(actor.y + actor.speed_y * seconds, half * 0.8, HEIGHT - half * 0.8)
        _paste(picture, _sprite(actor.thing, actor.size * scale, actor.mirrored), x * scale, y * scale)
    return picture


def place(actor: Actor, seconds: float) -> tuple[float, float]:
    """Centre of the actor `seconds` after the scene's start, in canvas pixels (x, y)."""
    margin = actor.size * 0.4
    return (
        _bounce(actor.x + actor.speed_x * seconds, margin, WIDTH - margin),
        _bounce(actor.y + actor.speed_y * seconds, margin, HEIGHT - margin),
    )


def _bounce(value: float, low: float, high: float) -> float:
    span = high - low
    turned = (value - low) % (2 * span)
    return low + (turned if turned <= span else 2 * span - turned)


@lru_cache(maxsize=64)
def _background(colour: str, texture: str, seed: int, scale: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    base = np.array(COLOURS[colour], np.float32)
    height, width = HEIGHT * scale, WIDTH * scale
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / scale
    angle, step = rng.uniform(0, np.pi), rng.uniform(18, 40)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = -x * np.sin(angle) + y * np.cos(angle)
    if texture == "stripes":
        pattern = np.sign(np.sin(along * 2 * np.pi / step))
    elif texture == "checks":
        pattern = np.sign(np.sin(along * np.pi / step) * np.sin(across * np.pi / step))
    elif texture == "dots":
        pattern = np.where(
            (along % step - step / 2) ** 2 + (across % step - step / 2) ** 2 < (step / 4) ** 2, 1.0, -1.0
        )
    elif texture == "waves":
        pattern = np.sin((along + 8 * np.sin(across / 14)) * 2 * np.pi / step)
    else:
        pattern = np.zeros_like(x)
    slope = (x / WIDTH - 0.5) * rng.uniform(-40, 40) + (y / HEIGHT - 0.5) * rng.uniform(-40, 40)
    picture = base + (pattern * rng.uniform(6, 18) + slope)[..., None]
    clipped: np.ndarray = np.clip(picture + rng.normal(0, 6, 3), 0, 255).astype(np.uint8)
    return clipped


def _paste(picture: np.ndarray, sprite: np.ndarray, x: float, y: float) -> None:
    """Blend a premultiplied [h, w, 4] sprite, centred, clipped at the border."""
    height, width = sprite.shape[:2]
    left, top = round(x - width / 2), round(y - height / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, picture.shape[1]), min(top + height, picture.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = sprite[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.uint16)
    under = picture[y0:y1, x0:x1]
    under[:] = (part[..., :3] + under * (255 - part[..., 3:]) // 255).clip(0, 255)


@lru_cache(maxsize=20000)
def _sprite(thing: str, size: int, mirrored: bool) -> np.ndarray:
    """The thing at `size` pixels on its longer side: [h, w, 4] uint8, colour premultiplied by alpha."""
    picture = _glyph(thing).astype(np.float32)
    picture[..., :3] *= picture[..., 3:] / 255
    shrink = size / max(picture.shape[:2])
    shape = (max(1, round(picture.shape[1] * shrink)), max(1, round(picture.shape[0] * shrink)))
    picture = cv2.resize(picture, shape, interpolation=cv2.INTER_AREA if shrink < 1 else cv2.INTER_CUBIC)
    if mirrored:
        picture = picture[:, ::-1]
    return np.ascontiguousarray(picture.clip(0, 255).round().astype(np.uint8))


@cache
def _glyph(thing: str) -> np.ndarray:
    """The emoji at the font's own size, cropped: [h, w, 4] uint8."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(str(emoji_font()), EMOJI_SIZE)
    canvas = Image.new("RGBA", (160, 160))
    ImageDraw.Draw(canvas).text((8, 8), THINGS[thing], font=font, embedded_color=True)
    return np.asarray(canvas.crop(canvas.getbbox()))


@lru_cache(maxsize=1)
def emoji_font() -> Path:
    """Where Noto Color Emoji lies (Debian: fonts-noto-color-emoji). Raises `ModelError` without it."""
    try:
        found = subprocess.run(
            ["fc-match", "-f", "%{file}", "Noto Color Emoji"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        found = ""
    if "NotoColorEmoji" not in found:
        raise ModelError("The emoji font is missing.", advice="Install the package fonts-noto-color-emoji.")
    return Path(found)
