"""What is painted: every lane and the seek bar at the same pixel, hatch and heat, a playhead that redraws no lane."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from app.theme import DARK, LIGHT
from app.timeline.heat import heat
from app.timeline.lanes import SWITCHES


def pixels(widget) -> np.ndarray:
    """[height, width, 3]"""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def rgb(colour) -> tuple[int, int, int]:
    return QColor(colour).getRgb()[:3]


def first_column(row: np.ndarray, colour, *, after: int) -> int:
    """The first column from `after` on that has a colour."""
    found = np.flatnonzero((row[after:] == rgb(colour)).all(axis=1))
    assert len(found), f"{colour} is not in this row"
    return after + int(found[0])


@pytest.mark.parametrize("zoom", [1.0, 3.3, 17.0])
def test_seek_bar_and_all_lanes_change_at_the_same_pixel(plot, zoom):
    """At 20 s segments, a chapter and a shot begin, and the range; the playhead stands there: one column for all."""
    plot.apply_palette(LIGHT)
    plot.zoom(zoom, about_pixel=plot.scale_now.to_pixel(20.7))
    heatmap = plot.content.heatmap
    shares = {segment.index: 8 if segment.start_seconds >= 20 else 6 for segment in heatmap.segments}
    rough = replace(heatmap, shares=shares)
    plot.show_content(replace(plot.content, heatmap=rough, earlier=rough))
    lanes, expected = plot.lanes_now, int(plot.scale_now.snapped(20.0))
    assert abs(expected - plot.scale_now.to_pixel(20.0)) <= 0.5
    image = pixels(plot)
    changed = {}
    for lane in ("strip", "bars", "earlier", "chapters", "cuts"):
        row = image[int(getattr(lanes, lane).middle)]
        ground = row[expected - 3]
        changed[lane] = next(x for x in range(expected - 3, len(row)) if tuple(row[x]) != tuple(ground))
    plot.set_seconds(20.0)
    image = pixels(plot)
    changed["playhead"] = first_column(image[int(lanes.relevance.top) + 2], LIGHT.accent, after=expected - 3)
    assert tuple(image[int(lanes.seek.middle), expected - 8]) == rgb(LIGHT.accent)  # played, up to the knob
    plot.set_seconds(0.0)
    plot.show_content(replace(plot.content, range=(20.0, 22.0), loop=(20.0, 22.0)))
    image = pixels(plot)
    changed["range"] = first_column(image[int(lanes.range.middle)], LIGHT.accent, after=expected - 3)
    changed["loop"] = first_column(image[int(lanes.ruler.bottom) - 1], LIGHT.text, after=expected - 3)
    assert changed == dict.fromkeys(changed, expected)


def test_unscored_is_hatched_and_never_the_lowest_colour(plot):
    heatmap = plot.content.heatmap
    scored = range(25)
    partly = replace(
        heatmap, scores=dict.fromkeys(scored, 0.5), shares=dict.fromkeys(scored, 1), provisional=True, pins=()
    )
    plot.show_content(replace(plot.content, heatmap=partly))
    lane = plot.lanes_now.strip
    image = pixels(plot)[int(lane.top) : int(lane.bottom)]
    half = int(plot.scale_now.to_pixel(50.0))
    lowest = heat(1, low=1, high=8, dark=True)
    assert (image[:, int(plot.scale_now.to_pixel(47.0))] == lowest).all()
    unscored = image[:, half + 100 : half + 400].reshape(-1, 3)
    assert not (unscored == lowest).all(axis=1).any()
    assert {tuple(pixel) for pixel in unscored} >= {rgb(DARK.border), rgb(DARK.lane)}


@pytest.mark.parametrize("log", [False, True])
def test_bars_are_as_tall_and_coloured_as_their_tokens(plot, log):
    heatmap = plot.content.heatmap
    shares = {segment.index: (4, 8, 32, 128)[segment.index % 4] for segment in heatmap.segments}
    plot.show_content(replace(plot.content, heatmap=replace(heatmap, shares=shares, k_min=4, k_max=128), log=log))
    image, lane = pixels(plot), plot.lanes_now.bars
    heights = []
    for place, tokens in enumerate((4, 8, 32, 128)):
        x = int(plot.scale_now.to_pixel(2 * place + 1))
        colour = heat(tokens, low=4, high=128, dark=True, log=log)
        column = image[int(lane.top) : int(lane.bottom), x]
        heights.append(int((column == colour).all(axis=1).sum()))
        assert (image[int(plot.lanes_now.strip.top) + 1, x] == colour).all()
    expected = (0, 0.2, 0.6, 1) if log else (0, 4 / 124, 28 / 124, 1)
    for height, share in zip(heights, expected, strict=True):
        assert height == pytest.approx(share * lane.height, abs=3)


def test_a_playhead_that_moves_draws_no_lane_anew_and_leaves_no_trace(plot, qtbot):
    plot.grab()
    drawn = plot.renders
    before = pixels(plot)
    for seconds in (10.0, 35.5, 90.0, 12.0):
        plot.set_seconds(seconds)
        qtbot.wait(20)
    assert plot.renders == drawn
    plot.set_seconds(0.0)
    qtbot.wait(20)
    assert (pixels(plot) == before).all()


def test_the_playhead_is_told_from_the_bar_under_it_and_hides_none(plot):
    plot.set_seconds(31.0)
    row = pixels(plot)[int(plot.lanes_now.bars.bottom) - 3]
    left, right = (int(plot.scale_now.to_pixel(at)) for at in (30.0, 32.0))
    inside = [tuple(pixel) for pixel in row[left:right]]
    assert rgb(DARK.accent) in inside
    assert inside.count(heat(8, low=1, high=8, dark=True)) >= (right - left) / 2


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_lane_switched_off_leaves_its_room_to_the_others(plot, switch):
    before = plot.lanes_now
    plot.set_hidden(frozenset({switch}))
    after = plot.lanes_now
    for row in SWITCHES[switch][1]:
        assert not getattr(after, row).shown
    assert after.needed < before.needed
    plot.grab()
    plot.set_hidden(frozenset())
    assert plot.lanes_now == before


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 2.5])
def test_marks_fall_on_whole_device_pixels(plot, ratio):
    for seconds in (0.0, 12.34, 20.0, 99.9):
        place = plot.scale_now.snapped(seconds, ratio) * ratio
        assert place == pytest.approx(round(place), abs=1e-6)
        assert abs(place / ratio - plot.scale_now.to_pixel(seconds)) <= 0.5 / ratio + 1e-9
