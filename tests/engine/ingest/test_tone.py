"""High dynamic range on a usual screen: black stays black, white nearly white, order and hue are kept."""

import numpy as np
import pytest

from engine.ingest.tone import WHITE_NITS, bent, to_screen


def pq(nits):
    """The code of a light by SMPTE ST 2084."""
    power = (nits / 10_000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def shown(red, green, blue, *, hlg=False):
    pixel = np.array([[[red, green, blue]]], np.float64)
    return to_screen(np.round(pixel * 65535).astype(np.uint16), hlg=hlg)[0, 0].astype(int)


@pytest.mark.parametrize(("nits", "low", "high"), [(0, 0, 0), (1, 10, 20), (100, 180, 192), (WHITE_NITS, 228, 238)])
def test_lights_people_know(nits, low, high):
    red, green, blue = shown(*[pq(nits)] * 3)
    assert low <= red <= high
    assert red == green == blue


@pytest.mark.parametrize("hlg", [False, True])
def test_brighter_is_never_darker(hlg):
    codes = np.linspace(0, 1, 400)
    greys = [shown(code, code, code, hlg=hlg)[0] for code in codes]
    assert greys == sorted(greys)
    assert (greys[0], greys[-1]) == (0, 255)


def test_highlights_keep_their_differences_and_their_hue():
    assert shown(*[pq(400)] * 3)[0] < shown(*[pq(700)] * 3)[0] <= 255
    red, green, blue = shown(pq(800), pq(300), pq(300))
    assert red > 1.5 * max(green, blue)
    assert min(green, blue) > 80  # and not clipped to plain red


def test_light_under_the_knee_stays_as_it_is():
    light = np.array([0.0, 0.2, 0.5])
    assert np.array_equal(bent(light), light)
    assert bent(np.array([100.0]))[0] <= 1.0
