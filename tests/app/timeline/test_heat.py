"""The heat map: lightness straight and monotone, ends as drawn, every step to be told from the next."""

from itertools import pairwise

import pytest

from app.timeline.heat import DARK_STOPS, LIGHT_STOPS, STEPS, heat, heat_map, hex_to_lab, hexed, lab_to_rgb, rgb_to_lab


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
