"""Real mouse events on the plot: where a click lands, drags, zoom, pan, hover."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from scripted import cut

from app.pins import Pin
from app.theme import DARK
from app.timeline.heatmap import Heatmap
from app.timeline.plot import Plot

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def plot(qtbot):
    plot = Plot(DARK)
    qtbot.addWidget(plot)
    plot.resize(1200, 240)
    plot.show()
    plot.set_film(100.0)
    segments = cut(100.0)
    pins = (Pin(1, 30.0, 32.0, 15, 8, 0.9, named=True, weak=False),)
    count = range(len(segments))
    heatmap = Heatmap(1, segments, dict.fromkeys(count, 0.5), dict.fromkeys(count, 3), 1, 8, 200, False, pins=pins)
    plot.set_heatmap(heatmap, Heatmap())
    return plot


def point(plot, seconds, lane="bars"):
    return QPoint(round(plot.scale_now.to_pixel(seconds)), round(getattr(plot.lanes_now, lane).middle))


@pytest.fixture
def sought(plot):
    found = []
    plot.seek_wanted.connect(found.append)
    return found


@pytest.mark.parametrize("lane", ["ruler", "seek", "strip", "bars", "relevance", "earlier"])
@pytest.mark.parametrize("seconds", [0.0, 50.0, 99.0])
def test_a_click_seeks_to_the_moment_under_it(plot, sought, lane, seconds):
    QTest.mouseClick(plot.viewport(), LEFT, NONE, point(plot, seconds, lane))
    a_pixel = 100.0 / (plot.scale_now.right - plot.scale_now.left)
    assert sought[0] == pytest.approx(seconds, abs=a_pixel)


def test_a_click_on_a_pin_goes_exactly_to_its_time(plot, sought):
    QTest.mouseClick(plot.viewport(), LEFT, NONE, point(plot, 30.0, "citations") + QPoint(6, 2))
    assert sought == [30.0]


def test_a_click_on_the_labels_does_nothing(plot, sought):
    QTest.mouseClick(plot.viewport(), LEFT, NONE, QPoint(40, 100))
    assert sought == []


def test_a_drag_scrubs_and_ends_with_the_button(plot, sought):
    QTest.mousePress(plot.viewport(), LEFT, NONE, point(plot, 20.0))
    QTest.mouseMove(plot.viewport(), point(plot, 40.0))
    QTest.mouseMove(plot.viewport(), point(plot, 60.0))
    QTest.mouseRelease(plot.viewport(), LEFT, NONE, point(plot, 60.0))
    QTest.mouseMove(plot.viewport(), point(plot, 80.0))
    assert [round(seconds) for seconds in sought] == [20, 40, 60]


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_fits(plot):
    spot = point(plot, 70.0)
    turn_wheel(plot, spot, 360)
    assert plot.scale_now.zoomed
    assert plot.scale_now.to_seconds(spot.x()) == pytest.approx(70.0, abs=0.1)
    QTest.mouseDClick(plot.viewport(), LEFT, NONE, spot)
    assert not plot.scale_now.zoomed


@pytest.mark.parametrize(("button", "modifier"), [(MIDDLE, NONE), (LEFT, SHIFT)])
def test_middle_or_shift_drag_pans_and_does_not_seek(plot, sought, button, modifier):
    turn_wheel(plot, point(plot, 50.0), 720)
    start = plot.scale_now.start
    QTest.mousePress(plot.viewport(), button, modifier, QPoint(600, 100))
    QTest.mouseMove(plot.viewport(), QPoint(500, 100))
    QTest.mouseRelease(plot.viewport(), button, modifier, QPoint(500, 100))
    assert plot.scale_now.start > start
    assert sought == []


def test_hover_names_the_segment_and_leaving_ends_it(plot):
    seen = []
    plot.hovered.connect(lambda segment, _: seen.append(segment))
    QTest.mouseMove(plot.viewport(), point(plot, 31.0))
    assert seen[-1].index == 15
    QTest.mouseMove(plot.viewport(), QPoint(30, 100))
    assert seen[-1] is None


def test_bars_stand_where_the_scale_says(plot):
    """pyqtgraph draws in seconds, everything else in pixels: both must agree to half a pixel, also when zoomed."""
    for _ in range(2):
        for seconds in (plot.scale_now.start, (plot.scale_now.start + plot.scale_now.end) / 2, plot.scale_now.end):
            drawn = plot._box.mapViewToScene(QPointF(seconds, 50.0))
            assert drawn.x() == pytest.approx(plot.scale_now.to_pixel(seconds), abs=0.5)
            assert drawn.y() == pytest.approx(50.0, abs=0.5)
        turn_wheel(plot, point(plot, 33.0), 480)


def test_the_picture_shows_heat_hatch_and_playhead(plot):
    plot.set_seconds(60.0)
    image = plot.grab().toImage()
    bar = image.pixelColor(point(plot, 21.0, "strip") + QPoint(7, -5))
    assert bar.name() != DARK.lane.lower()
    assert image.pixelColor(point(plot, 60.0, "relevance") - QPoint(0, 6)).name() == DARK.accent.lower()


def turn_wheel(plot, spot, angle):
    where = QPointF(spot)
    event = QWheelEvent(where, plot.viewport().mapToGlobal(where), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
                        NONE, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    plot.wheelEvent(event)
