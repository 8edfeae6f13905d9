"""Pictures of high dynamic range in, the same for a usual screen out. Pure.

White at 203 cd/m2 (ITU-R BT.2408) stays nearly white; what is brighter is bent below it, all three colours of a pixel
alike, so that no hue changes. Wide colours (BT.2020) are brought to the screen's (BT.709), and clipped.
"""

from __future__ import annotations

from functools import cache

import numpy as np

WHITE_NITS = 203.0
_HLG_PEAK_NITS = 1000.0
_KNEE = 0.5  # of white: up to here light stays as it is
_STEPS = 4096
_SHARES_A_WHITE = 512
_BT2020_TO_BT709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))  # BT.2407


def to_screen(pixels: np.ndarray, *, hlg: bool) -> np.ndarray:
    """[height, width, 3] uint16 RGB in BT.2020 with PQ, or HLG -> uint8 RGB for a screen."""
    red, green, blue = (_light(hlg)[pixels[..., colour] >> 4] for colour in range(3))  # 1.0 is white
    screen = [np.maximum(r * red + g * green + b * blue, 0.0) for r, g, b in _BT2020_TO_BT709]
    peak = np.maximum(np.maximum(screen[0], screen[1]), screen[2])
    share = _shares()[np.minimum(peak * _SHARES_A_WHITE, len(_shares()) - 1).astype(np.uint16)]
    made = np.empty(pixels.shape, np.uint8)
    for colour, light in enumerate(screen):
        light *= share
        made[..., colour] = _coded()[np.minimum(light * (_STEPS - 1), _STEPS - 1).astype(np.uint16)]
    return made


def bent(light: np.ndarray) -> np.ndarray:
    """What is brighter than the knee comes ever closer to 1."""
    above = np.maximum(light - _KNEE, 0.0) / (1 - _KNEE)
    kept: np.ndarray = np.minimum(light, _KNEE) + (1 - _KNEE) * (1 - np.exp(-above))
    return kept


@cache
def _shares() -> np.ndarray:
    """What is left of light by its brightness."""
    light = (np.arange(64 * _SHARES_A_WHITE, dtype=np.float64) + 0.5) / _SHARES_A_WHITE
    return (bent(light) / light).astype(np.float32)


@cache
def _light(hlg: bool) -> np.ndarray:
    """Light, in shares of white, of every code in 12 bits."""
    code = np.arange(_STEPS, dtype=np.float64) / (_STEPS - 1)
    nits = _hlg_nits(code) if hlg else _pq_nits(code)
    return (nits / WHITE_NITS).astype(np.float32)


def _pq_nits(code: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084."""
    power = code ** (1 / 78.84375)
    return 10_000 * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)


def _hlg_nits(code: np.ndarray) -> np.ndarray:
    """ARIB STD-B67, shown by a screen of 1000 cd/m2."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    return _HLG_PEAK_NITS * scene**1.2


@cache
def _coded() -> np.ndarray:
    """sRGB codes of light, in as many steps."""
    light = np.arange(_STEPS, dtype=np.float64) / (_STEPS - 1)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * coded).astype(np.uint8)
