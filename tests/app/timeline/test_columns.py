"""Segments by columns of pixels: each column shows what lies under its middle, however many segments there are."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timeline import columns
from app.timeline.heat import heat_map, position
from app.timeline.scale import whole
from engine.records import Segment

STEPS = st.lists(st.floats(0.05, 30), min_size=1, max_size=60)


def cut(lengths):
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    return tuple(Segment(n, float(a), float(b), float(a), ()) for n, (a, b) in enumerate(pairwise(edges)))


@given(STEPS, st.integers(3, 400), st.floats(1, 40), st.floats(0, 1))
def test_a_column_belongs_to_the_segment_under_its_middle(lengths, count, zoom, where):
    segments = cut(lengths)
    scale = whole(segments[-1].end_seconds, left=10, right=10 + count)
    scale = scale.zoom(zoom, about_pixel=10 + where * count)
    owner, inside = columns.as_cut(segments).owners(scale, count)
    for column in range(0, count, 7):
        middle = scale.start + (column + 0.5) / count * (scale.end - scale.start)
        holder = [s.index for s in segments if s.start_seconds <= middle < s.end_seconds]
        assert inside[column] == bool(holder)
        assert not holder or owner[column] == holder[0]


@given(STEPS, st.integers(3, 60), st.data())
def test_no_segment_is_lost_where_many_share_a_column(lengths, count, data):
    segments = cut(lengths)
    loud = data.draw(st.integers(0, len(segments) - 1))
    values = np.where(np.arange(len(segments)) == loud, 9.0, 1.0)
    scale = whole(segments[-1].end_seconds, left=0, right=count)
    owner, inside = columns.as_cut(segments).owners(scale, count)
    shown = columns.per_column(values, owner, inside)
    before_last = segments[owner[-1]].index >= loud
    left_of_all = loud < owner[0]
    assert (np.nanmax(shown) == 9.0) == (before_last and not left_of_all)


def test_unknown_values_stay_clear_and_positions_agree_with_the_heat_map():
    shares = np.array([4.0, np.nan, 66.0, 128.0])
    for log in (False, True):
        found = columns.positions(shares, low=4, high=128, log=log)
        assert found[[0, 2, 3]] == pytest.approx([position(value, low=4, high=128, log=log) for value in (4, 66, 128)])
        assert np.isnan(found[1])
        pixels = columns.coloured(found, heat_map(dark=True))
        assert pixels[1] == 0
        assert pixels[3] == columns.packed(heat_map(dark=True)[-1])


@given(st.lists(st.floats(0, 100), max_size=400), st.floats(1, 30), st.integers(10, 300))
def test_every_cut_in_view_has_its_tick(moments, zoom, count):
    scale = whole(100.0, left=0, right=count).zoom(zoom, about_pixel=count / 3)
    moments = np.sort(np.array(moments, np.float64))
    ticks = columns.ticks(moments, scale, count, colour=(1, 2, 3), width=1)
    wanted = {min(max(int(scale.snapped(at)), 0), count - 1) for at in moments if scale.start <= at < scale.end}
    assert set(np.flatnonzero(ticks).tolist()) == wanted


def test_a_dense_curve_is_joined_and_broken_where_nothing_is_known():
    scale = whole(100.0, left=0, right=200)
    moments = np.arange(0.5, 100)
    rows = np.where((moments > 40) & (moments < 50), np.nan, 20 + 15 * np.sin(moments))
    drawn = columns.curve(moments, rows, scale, 200, 40, colour=(255, 255, 255), width=1.5) > 0
    known = drawn.any(axis=0)
    assert known[4:79].all()
    assert not known[83:97].any()
    tops = drawn.argmax(axis=0)
    bottoms = 39 - drawn[::-1].argmax(axis=0)
    touching = [tops[x + 1] <= bottoms[x] + 1 and bottoms[x + 1] >= tops[x] - 1 for x in range(4, 77)]
    assert all(touching)


def test_a_level_line_is_as_thick_as_it_should_be_and_a_lonely_point_is_known():
    scale = whole(100.0, left=0, right=50)
    moments, rows = np.array([0.0, 100.0]), np.array([10.25, 10.25])
    alpha = columns.curve(moments, rows, scale, 50, 20, colour=(255, 255, 255), width=1.5) >> 24
    assert (alpha.sum(axis=0) / 255) == pytest.approx(np.full(50, 1.5), abs=0.02)
    nothing = np.nan
    assert columns.alone(np.array([1.0, nothing, 2.0, 3.0, nothing, 4.0])).tolist() == [0, 5]
    assert columns.alone(np.array([nothing])).tolist() == []
