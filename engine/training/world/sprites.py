"""A thing in a style in, its picture of any size, colour, turn and line out: [h, w, 4] uint8, premultiplied.

A look is a style's name, or that with "+ink": the same drawing with dark outlines, as many artists draw.
"""

from __future__ import annotations

import json
import math
import subprocess
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np

from engine.errors import ModelError
from engine.training.world.fetch import EDGE, premultiplied
from engine.training.world.palette import COLOURS, SHAPES
from engine.training.world.styles import NOTO, TRAINED, world_folder
from engine.training.world.things import NAMES, THINGS

SMALL = EDGE // 2  # pixels
GLYPH = 109  # the one size at which Noto Color Emoji holds its bitmaps
INK = "+ink"
# A cricket bat, a musical keyboard, a face, a building site, a hen, a flag.
MISTAKEN = {
    "blob": ("grasshopper",), "emojitwo": ("grasshopper",), "firefox": ("keyboard", "sunglasses", "barrier", "rooster"),
    "streamline": ("turkey",),
}  # fmt: skip
FEWEST = 3  # sides
SIDES = {"triangle": 3, "square": 4, "pentagon": 5, "hexagon": 6}


def styles_here(styles: tuple[str, ...] = TRAINED) -> tuple[str, ...]:
    """Those of `styles` that are on this machine; Noto always is, or `sprite` says what to install."""
    return tuple(style for style in styles if style == NOTO or (world_folder() / f"{style}.json").exists())


@cache
def things_of(style: str) -> tuple[str, ...]:
    """What a style draws."""
    if style == NOTO:
        return NAMES
    wrong = MISTAKEN.get(style, ())
    return tuple(thing for thing in _rows(style) if thing not in wrong)


@lru_cache(maxsize=4000)
def sprite(
    thing: str, look: str, *, width: int, height: int, tint: str = "", mirrored: bool = False, turned: int = 0
) -> np.ndarray:
    """The thing in a box of `width` by `height` pixels, its own proportions kept as the box squeezes them; `turned`
    in degrees makes the box as large as it must be."""
    master = (_small if max(width, height) <= SMALL * 3 // 4 else _master)(thing, look, tint)
    longer = max(master.shape[:2])
    shape = (max(1, round(width * master.shape[1] / longer)), max(1, round(height * master.shape[0] / longer)))
    shrinks = shape[0] < master.shape[1]
    picture = cv2.resize(master, shape, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    if mirrored:
        picture = picture[:, ::-1]
    return np.ascontiguousarray(_turned(picture, turned) if turned % 360 else picture)


def _turned(picture: np.ndarray, degrees: int) -> np.ndarray:
    height, width = picture.shape[:2]
    box = math.ceil(math.hypot(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    matrix[:, 2] += (box - width) / 2, (box - height) / 2
    turned: np.ndarray = cv2.warpAffine(picture, matrix, (box, box), flags=cv2.INTER_LINEAR)
    return turned


@lru_cache(maxsize=12_000)
def _small(thing: str, look: str, tint: str) -> np.ndarray:
    """The master at half its size: most pictures are smaller still."""
    master = _master(thing, look, tint)
    shrunk: np.ndarray = cv2.resize(
        master, (-(-master.shape[1] // 2), -(-master.shape[0] // 2)), interpolation=cv2.INTER_AREA
    )
    return shrunk


@lru_cache(maxsize=2000)
def _master(thing: str, look: str, tint: str) -> np.ndarray:
    """Cropped, tinted, outlined, premultiplied, at most 160 pixels a side."""
    style = look.removesuffix(INK)
    if thing in SHAPES:
        picture = _shape(thing, style, tint)
    else:
        picture = _cropped(_drawn(thing, style))
        if tint:
            picture = _tinted(picture, tint)
    return _inked(picture) if look.endswith(INK) else picture


def _drawn(thing: str, style: str) -> np.ndarray:
    if style == NOTO:
        return premultiplied(_glyph(thing))
    return np.asarray(_sheet(style)[_rows(style)[thing]])


@cache
def _rows(style: str) -> dict[str, int]:
    try:
        listed = json.loads((world_folder() / f"{style}.json").read_text())["things"]
    except OSError:
        advice = "Run `python -m engine.training fetch` first."
        raise ModelError(f"The pictures of the style {style} are not here.", advice=advice) from None
    return {thing: row for row, thing in enumerate(listed)}


@cache
def _sheet(style: str) -> np.ndarray:
    sheet: np.ndarray = np.load(world_folder() / f"{style}.npy", mmap_mode="r")
    return sheet


def _cropped(picture: np.ndarray) -> np.ndarray:
    rows, columns = (np.flatnonzero(picture[..., 3].max(axis) > 8) for axis in (1, 0))
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _tinted(picture: np.ndarray, tint: str) -> np.ndarray:
    """Light and shade of the drawing in one colour."""
    alpha = picture[..., 3:].astype(np.float32) / 255
    light = picture[..., :3].astype(np.float32) @ np.array([0.3, 0.59, 0.11], np.float32) / 255  # premultiplied
    light = light / np.maximum(alpha[..., 0], 0.01)
    low, middle, high = np.percentile(light[alpha[..., 0] > 0.5], (10, 50, 90))
    share = np.clip(0.5 + 0.8 * (light - middle) / max(high - low, 0.3), 0, 1)[..., None]
    base = np.array(COLOURS[tint], np.float32)
    colour = np.where(share < 0.5, base * (0.6 + 0.8 * share), base + (255 - base) * (share - 0.5) * 0.3)
    tinted: np.ndarray = np.concatenate([colour * alpha, alpha * 255], 2).clip(0, 255).round().astype(np.uint8)
    return tinted


def _inked(picture: np.ndarray) -> np.ndarray:
    """A dark line round the drawing and along its stronger inner edges."""
    padded = cv2.copyMakeBorder(picture, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    thick = max(3, max(picture.shape[:2]) // 26)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick, thick))
    outline = cv2.dilate(padded[..., 3], kernel)
    grey = cv2.GaussianBlur(cv2.cvtColor(padded[..., :3], cv2.COLOR_RGB2GRAY), (0, 0), 1.5)
    edges = cv2.GaussianBlur(cv2.dilate(cv2.Canny(grey, 40, 110), kernel), (0, 0), 0.8)
    line = np.maximum(edges, outline - padded[..., 3])[..., None].astype(np.float32) / 255
    alpha = outline[..., None].astype(np.float32)
    colour = padded[..., :3] * (1 - line) + 22.0 * line * (alpha / 255)
    inked: np.ndarray = np.concatenate([np.minimum(colour, alpha), alpha], 2).round().astype(np.uint8)
    return inked


def _shape(name: str, style: str, tint: str) -> np.ndarray:
    """A plain shape; each style shades it in its own way."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    cv2.fillPoly(mask, [_outline(name)], 255, lineType=cv2.LINE_AA)
    y, x = np.mgrid[0:EDGE, 0:EDGE].astype(np.float32) / EDGE
    kind = (TRAINED.index(style) if style in TRAINED else 2) % 4
    flat, falling, round_, ring = 1.0, 1.18 - 0.4 * y, 1.25 - 0.9 * np.hypot(x - 0.35, y - 0.35), 1.0
    light = np.broadcast_to(np.asarray((flat, falling, round_, ring)[kind], np.float32), (EDGE, EDGE))[..., None]
    colour = np.array(COLOURS[tint or "grey"], np.float32) * light
    if kind == 3:
        inside = cv2.erode(mask, np.ones((3, 3), np.uint8), iterations=7)[..., None] > 0
        colour = np.where(inside, colour, colour * 0.6)
    shaped = np.concatenate([colour.clip(0, 255), mask[..., None].astype(np.float32)], 2).astype(np.uint8)
    return premultiplied(shaped)


def _outline(name: str) -> np.ndarray:
    half, reach = EDGE / 2, EDGE / 2 - 4
    if name in SIDES:
        turn = math.pi / 4 if name == "square" else -math.pi / 2
        angles = turn + np.arange(SIDES[name]) * 2 * math.pi / SIDES[name]
    else:
        angles = np.linspace(0, 2 * math.pi, 48, endpoint=False)
    points = np.stack([np.cos(angles), np.sin(angles)], 1)
    if name == "oval":
        points[:, 1] *= 0.55
    elif name == "cross":
        corners = [(0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3), (0.3, 1)]
        points = np.array([*corners, *[(-x, -y) for x, y in corners]])
    elif name == "arrow":
        points = np.array([(1, 0), (0.1, -0.8), (0.1, -0.3), (-1, -0.3), (-1, 0.3), (0.1, 0.3), (0.1, 0.8)])
    return np.round(points * reach + half).astype(np.int32)


@cache
def _glyph(thing: str) -> np.ndarray:
    """Noto's emoji at the font's own size: [h, w, 4] uint8 RGBA."""
    from PIL import Image, ImageDraw, ImageFont

    canvas = Image.new("RGBA", (EDGE, EDGE))
    font = ImageFont.truetype(str(emoji_font()), GLYPH)
    ImageDraw.Draw(canvas).text((8, 8), THINGS[thing], font=font, embedded_color=True)
    return np.asarray(canvas)


@cache
def emoji_font() -> Path:
    """Where Noto Color Emoji lies (Debian: fonts-noto-color-emoji). Raises `ModelError` without it."""
    try:
        command = ["fc-match", "-f", "%{file}", "Noto Color Emoji"]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = ""
    if "NotoColorEmoji" not in found:
        raise ModelError("The emoji font is missing.", advice="Install the package fonts-noto-color-emoji.")
    return Path(found)
