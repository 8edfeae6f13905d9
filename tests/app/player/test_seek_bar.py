"""The line to seek on where the timeline is hidden."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.player.seek_bar import SeekBar
from app.theme import DARK
from engine.ingest.chapters import Chapter

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def line(qapp, qtbot):
    made = SeekBar(DARK)
    qtbot.addWidget(made)
    made.resize(440, 24)
    made.set_film(100.0)
    made.show()
    return made


def at(line, seconds):
    return QPoint(round(line.to_pixel(seconds)), 12)


def test_a_drag_scrubs_and_letting_go_seeks(line):
    scrubbed, sought = [], []
    line.scrub_wanted.connect(scrubbed.append)
    line.seek_wanted.connect(sought.append)
    QTest.mousePress(line, LEFT, NONE, at(line, 20))
    for seconds in (30, 45):
        QTest.mouseMove(line, at(line, seconds))
    assert sought == []
    QTest.mouseRelease(line, LEFT, NONE, at(line, 60))
    assert scrubbed == [pytest.approx(s, abs=0.2) for s in (20, 30, 45)]
    assert sought == [pytest.approx(60, abs=0.2)]


def test_pointing_alone_seeks_nothing(line):
    sought = []
    line.scrub_wanted.connect(sought.append)
    line.seek_wanted.connect(sought.append)
    QTest.mouseMove(line, at(line, 50))
    QTest.mouseRelease(line, LEFT, NONE, at(line, 50))
    assert sought == []


def test_outside_is_the_nearest_end(line):
    assert line.to_seconds(-50) == 0.0
    assert line.to_seconds(5000) == 100.0


def test_without_a_film_nothing_happens(line):
    line.set_film(None)
    sought = []
    line.scrub_wanted.connect(sought.append)
    QTest.mouseClick(line, LEFT, NONE, QPoint(100, 12))
    assert sought == []
    line.grab()


def test_what_is_painted(line):
    line.set_seconds(50.0)
    image = line.grab().toImage()
    ratio = image.devicePixelRatio()

    def colour(seconds, y=12):
        return image.pixelColor(round(line.to_pixel(seconds) * ratio), round(y * ratio)).name()

    assert colour(50.0) == DARK.accent.lower()
    assert colour(25.0) == DARK.text2.lower()
    assert colour(75.0) == DARK.border.lower()
    plain = image.copy()
    line.set_chapters((Chapter(0.0, 30.0, "A"), Chapter(30.0, 100.0, "B")))
    image = line.grab().toImage()
    assert colour(30.0) != DARK.text2.lower()
    line.set_loop((60.0, 80.0))
    assert line.grab().toImage() != plain


def test_it_tells_screen_readers_where_the_film_is(line):
    line.set_seconds(61.5)
    assert line.accessibleName() == "Place in the film"
    assert line.accessibleDescription() == "1:01.5"
    assert line.value() == 61_500
