"""Seconds and pixels: inverse of one another, zoom keeps the moment under the pointer, nothing leaves the film."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timeline.scale import NARROWEST_SECONDS, whole

SCALE = whole(596.0, left=144, right=1552)


@given(st.floats(0, 596))
def test_pixel_and_back(seconds):
    assert SCALE.to_seconds(SCALE.to_pixel(seconds)) == pytest.approx(seconds, abs=1e-6)


@given(st.floats(0.2, 5), st.floats(144, 1552), st.floats(1.01, 40))
def test_zoom_keeps_the_moment_under_the_pointer(again, pixel, factor):
    zoomed = SCALE.zoom(factor, about_pixel=pixel)
    assert zoomed.to_seconds(pixel) == pytest.approx(SCALE.to_seconds(pixel), abs=1e-6)
    assert (zoomed.start, zoomed.end) != (SCALE.start, SCALE.end)
    twice = zoomed.zoom(again, about_pixel=pixel)
    assert -1e-9 <= twice.start < twice.end <= twice.duration + 1e-9


def test_zoom_has_a_narrow_end_and_a_wide_end():
    closest = SCALE.zoom(1e9, about_pixel=800)
    assert closest.end - closest.start == pytest.approx(NARROWEST_SECONDS)
    widest = closest.zoom(1e-9, about_pixel=800)
    assert (widest.start, widest.end) == pytest.approx((0, 596))
    assert closest.zoomed
    assert not widest.zoomed


@given(st.floats(-5000, 5000))
def test_panning_stays_in_the_film_and_keeps_the_width(pixels):
    zoomed = SCALE.zoom(8, about_pixel=900)
    panned = zoomed.panned(pixels)
    assert panned.start >= -1e-9
    assert panned.end <= 596 + 1e-9
    assert panned.end - panned.start == pytest.approx(zoomed.end - zoomed.start)


def test_pixels_outside_the_axis_are_the_ends_of_the_film():
    assert SCALE.to_seconds(0) == 0
    assert SCALE.to_seconds(5000) == 596


@pytest.mark.parametrize("duration", [0.4, 3, 61, 596, 7200, 40_000])
def test_ticks_are_round_apart_and_in_view(duration):
    scale = whole(duration, left=144, right=1552)
    ticks = scale.ticks()
    assert ticks[0] == 0
    assert all(0 <= tick <= duration for tick in ticks)
    pixels = [scale.to_pixel(tick) for tick in ticks]
    assert all(after - before >= 95.9 for before, after in pairwise(pixels))
    assert len(ticks) >= 3
