"""Real mouse events on the plot: where a click lands, scrubs, selections, zoom, pan, hover."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest

from app.theme import DARK
from app.timeline.overlay import cross_box
from app.timeline.sheet import Sheet

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def heard(plot):
    """Everything the plot said, in order."""
    said = []
    for name in ("seek_wanted", "scrub_wanted", "range_changed", "loop_wanted"):
        getattr(plot, name).connect(lambda *values, name=name: said.append((name, *values)))
    return said


def drag(plot, start, *places, button=LEFT, modifier=NONE):
    QTest.mousePress(plot, button, modifier, start)
    for place in places:
        QTest.mouseMove(plot, place)
    QTest.mouseRelease(plot, button, modifier, places[-1])


@pytest.mark.parametrize("lane", ["ruler", "seek", "range", "indexed", "strip", "bars", "uniform", "relevance",
                                  "citations", "earlier"])  # fmt: skip
@pytest.mark.parametrize("seconds", [0.0, 50.0, 99.0])
def test_a_click_seeks_once_to_the_moment_under_it(plot, heard, point, lane, seconds):
    QTest.mouseClick(plot, LEFT, NONE, point(seconds, lane))
    a_pixel = 100.0 / (plot.scale_now.right - plot.scale_now.left)
    assert heard == [("seek_wanted", pytest.approx(seconds, abs=a_pixel))]


@pytest.mark.parametrize(("lane", "click", "lands"), [("citations", 30.3, 30.0), ("chapters", 44.0, 20.0),
                                                      ("chapters", 80.0, 66.0), ("cuts", 41.2, 41.0)])  # fmt: skip
def test_pins_chapters_and_cuts_draw_a_click_to_their_own_moment(plot, heard, point, lane, click, lands):
    QTest.mouseClick(plot, LEFT, NONE, point(click, lane))
    assert heard == [("seek_wanted", lands)]


def test_a_click_on_the_labels_does_nothing(plot, heard):
    QTest.mouseClick(plot, LEFT, NONE, QPoint(40, 100))
    assert heard == []


@pytest.mark.parametrize("lane", ["ruler", "seek"])
def test_a_drag_on_the_seek_bar_seeks_scrubs_and_seeks_on_release(plot, heard, point, lane):
    drag(plot, point(20.0, lane), point(40.0, lane), point(60.0, "bars"))
    QTest.mouseMove(plot, point(80.0, lane))
    assert [(name, round(value)) for name, value in heard] == [
        ("seek_wanted", 20), ("scrub_wanted", 40), ("scrub_wanted", 60), ("seek_wanted", 60)]  # fmt: skip


def test_the_playhead_is_taken_hold_of_in_any_lane(plot, heard, point):
    plot.set_seconds(50.0)
    drag(plot, point(50.0), point(55.0), point(60.0))
    assert [(name, round(value)) for name, value in heard] == [
        ("scrub_wanted", 55), ("scrub_wanted", 60), ("seek_wanted", 60)]  # fmt: skip


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_fits(plot, point):
    spot = point(70.0)
    turn_wheel(plot, spot, 360)
    assert plot.scale_now.zoomed
    assert plot.scale_now.to_seconds(spot.x()) == pytest.approx(70.0, abs=0.1)
    QTest.mouseDClick(plot, LEFT, NONE, spot)
    assert not plot.scale_now.zoomed


@pytest.mark.parametrize(("button", "lane"), [(MIDDLE, "seek"), (LEFT, "bars"), (LEFT, "relevance")])
def test_a_drag_in_the_lanes_pans_and_does_not_seek(plot, heard, point, button, lane):
    turn_wheel(plot, point(50.0), 720)
    held = plot.scale_now.to_seconds(600)
    y = point(50.0, lane).y()
    drag(plot, QPoint(600, y), QPoint(560, y), QPoint(500, y), button=button)
    assert plot.scale_now.to_pixel(held) == pytest.approx(500, abs=0.01)
    assert heard == []


# the range ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lane", "modifier"), [("bars", SHIFT), ("relevance", SHIFT), ("range", NONE)])
def test_a_drag_selects_a_range_and_tells_it_once(plot, heard, point, lane, modifier):
    drag(plot, point(60.0, lane), point(50.0, lane), point(30.0, lane), modifier=modifier)
    (name, (start, end)), = heard  # fmt: skip
    assert name == "range_changed"
    assert (start, end) == (pytest.approx(30, abs=0.1), pytest.approx(60, abs=0.1))
    assert plot.content.range == (start, end)


def test_the_edges_of_a_range_jump_to_cuts_and_chapters(plot, heard, point):
    drag(plot, point(19.8, "range"), point(50.0, "range"), point(41.2, "range"))
    assert heard == [("range_changed", (20.0, 41.0))]


@pytest.mark.parametrize(("take", "to", "expected"), [(30.0, 10.0, (10, 60)), (60.0, 75.0, (30, 75)),
                                                      (30.0, 80.0, (60, 80))])  # fmt: skip
def test_the_edges_of_a_range_can_be_dragged(plot, heard, point, take, to, expected):
    plot.show_content(replace(plot.content, range=(30.0, 60.0)))
    drag(plot, point(take, "range"), point((take + to) / 2, "range"), point(to, "range"))
    assert heard == [("range_changed", pytest.approx(expected, abs=0.1))]


def test_the_x_and_escape_clear_the_range(plot, heard, point):
    plot.show_content(replace(plot.content, range=(30.0, 60.0)))
    sheet = Sheet(None, DARK, plot.lanes_now, plot.scale_now, plot.content)
    cross = cross_box(sheet.span(30.0, 60.0, plot.lanes_now.range)).center().toPoint()
    QTest.mouseClick(plot, LEFT, NONE, cross)
    assert heard == [("range_changed", None)]
    plot.show_content(replace(plot.content, range=(30.0, 60.0)))
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert heard == [("range_changed", None)] * 2
    assert plot.content.range is None


def test_escape_in_the_middle_of_a_drag_brings_the_range_before_back(plot, heard, point):
    plot.show_content(replace(plot.content, range=(1.0, 2.0)))
    QTest.mousePress(plot, LEFT, SHIFT, point(40.0))
    QTest.mouseMove(plot, point(50.0))
    QTest.mouseMove(plot, point(70.0))
    assert plot.content.range == (pytest.approx(40, abs=0.1), pytest.approx(70, abs=0.1))
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(plot, LEFT, SHIFT, point(70.0))
    assert plot.content.range == (1.0, 2.0)
    assert heard == []


def test_a_range_can_be_dragged_beyond_what_is_in_view(plot, heard, point):
    turn_wheel(plot, point(50.0), 960)
    y = point(50.0, "range").y()
    places = [QPoint(800, y), *(QPoint(round(plot.scale_now.right) + 30 + step % 2, y) for step in range(12))]
    start, end = plot.scale_now.to_seconds(600), plot.scale_now.end
    drag(plot, QPoint(600, y), *places)
    (_, chosen), = heard  # fmt: skip
    assert chosen == (pytest.approx(start, abs=0.01), pytest.approx(plot.scale_now.end, abs=0.01))
    assert plot.scale_now.end > end + 0.5


@pytest.mark.parametrize(("end", "to", "expected"), [(30.0, 10.0, (10, 60)), (60.0, 75.0, (30, 75))])
def test_the_flags_of_the_loop_can_be_dragged(plot, heard, point, end, to, expected):
    plot.show_content(replace(plot.content, loop=(30.0, 60.0)))
    flag = point(end, "ruler") + QPoint(6 if end == 60.0 else -6, 0)
    drag(plot, flag, point((end + to) / 2, "ruler"), point(to, "ruler"))
    (name, *ends), = heard  # fmt: skip
    assert (name, ends) == ("loop_wanted", pytest.approx(expected, abs=0.1))
    heard.clear()
    plot.show_content(replace(plot.content, loop=(30.0, 60.0)))
    QTest.mouseClick(plot, LEFT, NONE, flag)
    assert heard == [("seek_wanted", end)]


def test_two_fingers_zoom_about_the_place_between_them(plot, point):
    where, touchpad = QPointF(point(70.0)), QPointingDevice.primaryPointingDevice()
    zoom = Qt.NativeGestureType.ZoomNativeGesture
    pinch = QNativeGestureEvent(zoom, touchpad, 2, where, where, plot.mapToGlobal(where), 0.5, QPointF())
    assert plot.event(pinch)
    assert plot.scale_now.end - plot.scale_now.start == pytest.approx(100 / 1.5)
    assert plot.scale_now.to_seconds(where.x()) == pytest.approx(70.0, abs=0.1)


# looking --------------------------------------------------------------------------------------------------------------


def test_hover_tells_what_a_click_reaches(plot, heard, point):
    """Everywhere: the card and its picture stand for the very moment that a click seeks to."""
    seen = []
    plot.hovered.connect(lambda target, _: seen.append(target))
    for lane in ("ruler", "bars", "citations", "chapters", "cuts", "relevance"):
        for seconds in (2.0, 5.6, 30.2, 50.0, 66.4, 97.0):
            QTest.mouseMove(plot, point(seconds, lane))
            told = seen[-1].seconds
            QTest.mouseClick(plot, LEFT, NONE, point(seconds, lane))
            name, sought = heard.pop()
            if lane != "ruler":
                assert (name, sought) == ("seek_wanted", told)
    QTest.mouseMove(plot, QPoint(30, 100))
    assert seen[-1] is None


def turn_wheel(plot, spot, angle, modifier=NONE):
    where = QPointF(spot)
    event = QWheelEvent(where, plot.mapToGlobal(where), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
                        modifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    plot.wheelEvent(event)
