"""Tokens in, a colour out: the heat maps of shared/look.md, interpolated in CIELAB so that lightness is linear. Pure.

More tokens always means further from the background: lighter on dark, darker on light.
"""

from __future__ import annotations

import math
from functools import cache

Rgb = tuple[int, int, int]
Lab = tuple[float, float, float]

STEPS = 32
DARK_STOPS = ("#3A2A5E", "#722976", "#A33469", "#CA494A", "#E1693A", "#F28C2F", "#F7B149", "#FCD375", "#FFF2BE")
LIGHT_STOPS = ("#F8E7C4", "#F6C482", "#EFA05C", "#E17C4A", "#CF5844", "#B13A53", "#89255D", "#5D195B", "#35104A")

_WHITE = (0.95047, 1.0, 1.08883)  # D65, the white of sRGB
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_TO_RGB = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560), (0.0556434, -0.2040259, 1.0572252))


@cache
def heat_map(*, dark: bool) -> tuple[Rgb, ...]:
    """The `STEPS` colours of a theme, few tokens to many."""
    stops = [hex_to_lab(stop) for stop in (DARK_STOPS if dark else LIGHT_STOPS)]
    return tuple(_at(stops, step / (STEPS - 1)) for step in range(STEPS))


def heat(tokens: float, *, low: float, high: float, dark: bool, log: bool = False) -> Rgb:
    """The colour of `tokens` between `low` (k_min) and `high` (k_max), linear in tokens or in their logarithm."""
    return heat_map(dark=dark)[round(position(tokens, low=low, high=high, log=log) * (STEPS - 1))]


def position(tokens: float, *, low: float, high: float, log: bool = False) -> float:
    """Where `tokens` stand between `low` and `high`, 0 to 1."""
    if high <= low:
        return 1.0
    if log and high > (floor := max(low, 1.0)):
        share = math.log(max(tokens, floor) / floor) / math.log(high / floor)
    else:
        share = (tokens - low) / (high - low)
    return min(max(share, 0.0), 1.0)


def hexed(colour: Rgb) -> str:
    """`#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def hex_to_lab(text: str) -> Lab:
    """CIELAB (D65) of an sRGB colour."""
    return rgb_to_lab((int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)))


def rgb_to_lab(colour: Rgb) -> Lab:
    """CIELAB (D65) of an sRGB colour."""
    linear = [_expand(channel / 255) for channel in colour]
    x, y, z = (_root(_dot(row, linear) / white) for row, white in zip(_TO_XYZ, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lab_to_rgb(lab: Lab) -> Rgb:
    """The nearest sRGB colour."""
    y = (lab[0] + 16) / 116
    roots = (y + lab[1] / 500, y, y - lab[2] / 200)
    xyz = [_cube(root) * white for root, white in zip(roots, _WHITE, strict=True)]
    red, green, blue = (round(255 * _compress(min(max(_dot(row, xyz), 0.0), 1.0))) for row in _TO_RGB)
    return red, green, blue


def _at(stops: list[Lab], position: float) -> Rgb:
    """Colour between stops; the lightness runs straight from the first stop to the last."""
    place = position * (len(stops) - 1)
    below = min(int(place), len(stops) - 2)
    part = place - below
    (_, a0, b0), (_, a1, b1) = stops[below], stops[below + 1]
    lightness = stops[0][0] + position * (stops[-1][0] - stops[0][0])
    return lab_to_rgb((lightness, a0 + part * (a1 - a0), b0 + part * (b1 - b0)))


def _dot(row: tuple[float, float, float], column: list[float]) -> float:
    return sum(a * b for a, b in zip(row, column, strict=True))


def _expand(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _compress(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(root: float) -> float:
    return root**3 if root**3 > 216 / 24389 else (116 * root - 16) / (24389 / 27)
