"""Colours that have a name, and the plain shapes that are always drawn in one."""

from __future__ import annotations

import numpy as np

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (212, 44, 44), "orange": (240, 140, 36), "yellow": (246, 214, 52), "green": (58, 160, 72),
    "blue": (48, 104, 216), "purple": (136, 68, 190), "pink": (246, 142, 188), "brown": (134, 86, 52),
    "white": (242, 242, 240), "grey": (138, 140, 146), "black": (34, 34, 40),
}  # fmt: skip
NAMED = tuple(COLOURS)
SHAPES = ("circle", "square", "triangle", "pentagon", "hexagon", "oval", "cross", "arrow")
JITTER = 9.0  # how far, in steps of 255, a colour strays from its name's


def shade(rng: np.random.Generator, name: str) -> np.ndarray:
    """The colour, give or take: [3] float."""
    return np.clip(np.array(COLOURS[name], np.float32) + rng.normal(0, JITTER, 3), 0, 255).astype(np.float32)
