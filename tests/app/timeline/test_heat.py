"""The heat map: lightness straight and monotone, ends as drawn, every step to be told from the next."""

import math
from itertools import pairwise

import pytest

from app.timeline.heat import (
    DARK_STOPS,
    LIGHT_STOPS,
    STEPS,
    heat,
    heat_map,
    hex_to_lab,
    hexed,
    lab_to_rgb,
    position,
    rgb_to_lab,
)


def test_lab_of_known_colours():
    assert hex_to_lab("#FFFFFF") == pytest.approx((100, 0, 0), abs=0.05)
    assert hex_to_lab("#000000") == pytest.approx((0, 0, 0), abs=0.05)
    assert hex_to_lab("#FF0000") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)  # Lindbloom, D65


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (58, 42, 94), (12, 200, 99), (255, 242, 190)])
def test_lab_and_back(colour):
    assert lab_to_rgb(rgb_to_lab(colour)) == colour


@pytest.mark.parametrize(("dark", "first", "last"), [(True, 21, 95), (False, 92, 13)])
def test_lightness_is_linear_and_monotone(dark, first, last):
    lightness = [rgb_to_lab(colour)[0] for colour in heat_map(dark=dark)]
    assert len(lightness) == STEPS
    assert lightness[0] == pytest.approx(first, abs=1)
    assert lightness[-1] == pytest.approx(last, abs=1)
    steps = [after - before for before, after in pairwise(lightness)]
    even = (last - first) / (STEPS - 1)
    assert all(step * even > 0 for step in steps)
    assert all(abs(step - even) < 0.8 for step in steps)


@pytest.mark.parametrize(("dark", "stops"), [(True, DARK_STOPS), (False, LIGHT_STOPS)])
def test_the_ends_are_the_published_colours(dark, stops):
    assert hexed(heat_map(dark=dark)[0]).upper() == stops[0]
    assert hexed(heat_map(dark=dark)[-1]).upper() == stops[-1]


def test_heat_is_linear_in_tokens_and_clamped():
    colours = heat_map(dark=True)
    assert heat(4, low=4, high=128, dark=True) == colours[0]
    assert heat(66, low=4, high=128, dark=True) in (colours[15], colours[16])
    assert heat(128, low=4, high=128, dark=True) == colours[-1]
    assert heat(500, low=4, high=128, dark=True) == colours[-1]
    assert heat(0, low=4, high=128, dark=True) == colours[0]
    assert heat(3, low=3, high=3, dark=True) == colours[-1]


# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB
BLINDNESS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def seen(colour, kind):
    """What a person with this kind of vision sees."""
    linear = [(c / 255) / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    mixed = [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in BLINDNESS[kind]]
    return tuple(round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055)) for v in mixed)


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_more_tokens_are_seen_as_more_without_red_green_or_blue(kind, dark):
    way = 1 if dark else -1
    lightness = [rgb_to_lab(seen(colour, kind))[0] for colour in heat_map(dark=dark)]
    assert all((after - before) * way > 0 for before, after in pairwise(lightness))
    nine = [rgb_to_lab(seen(heat_map(dark=dark)[round(step * (STEPS - 1) / 8)], kind)) for step in range(9)]
    assert min(math.dist(before, after) for before, after in pairwise(nine)) >= 7.8


def test_a_logarithmic_scale_spreads_the_low_end_and_keeps_both_ends():
    for tokens in (4, 128):
        assert heat(tokens, low=4, high=128, dark=True, log=True) == heat(tokens, low=4, high=128, dark=True)
    assert position(8, low=4, high=128, log=True) == pytest.approx(0.2)
    assert position(8, low=4, high=128) == pytest.approx(4 / 124)
    assert position(1, low=0, high=1, log=True) == 1.0
    assert position(7, low=4, high=4, log=True) == 1.0
    found = [position(tokens, low=4, high=128, log=True) for tokens in range(4, 129)]
    assert found == sorted(found)
