"""The film alone on the screen: bar and pointer go when the mouse rests and come back when it moves."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest

LONG = 8_000


@pytest.fixture
def full(on_film, qtbot):
    """A window that fills the screen, its patience short."""
    window = on_film()
    window.player._controls._timer.setInterval(150)
    QTest.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    qtbot.waitUntil(lambda: window.player.width() == window.width(), timeout=LONG)
    return window


def hidden(window):
    return not window.player._bar.isVisible()


def test_the_picture_fills_the_screen_and_the_bar_lies_over_it(full, qtbot):
    player, bar = full.player, full.player._bar
    player._controls.wake()
    assert player._screen.height() == player.height() >= full.height() - 1
    assert bar.isVisible()
    assert bar.geometry().bottom() == player.rect().bottom()
    assert bar.width() == player.width()
    assert player._screen.picture_place().width() == player.width()


def test_bar_and_pointer_go_when_the_mouse_rests_and_come_back(full, qtbot):
    screen = full.player._screen
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)
    assert screen.cursor().shape() == Qt.CursorShape.BlankCursor
    QTest.mouseMove(screen, QPoint(100, 100))
    QTest.mouseMove(screen, QPoint(200, 150))
    assert not hidden(full)
    assert screen.cursor().shape() != Qt.CursorShape.BlankCursor
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)


def test_a_trembling_table_wakes_nothing(full, qtbot):
    screen = full.player._screen
    QTest.mouseMove(screen, QPoint(100, 100))
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)
    QTest.mouseMove(screen, QPoint(101, 101))
    assert hidden(full)


def test_the_bar_stays_under_the_pointer_and_while_it_has_the_keyboard(full, qtbot, monkeypatch):
    bar = full.player._transport
    full.player._controls.wake()
    monkeypatch.setattr(QCursor, "pos", staticmethod(lambda: bar.mapToGlobal(bar.rect().center())))
    qtbot.wait(500)
    assert not hidden(full)
    monkeypatch.setattr(QCursor, "pos", staticmethod(lambda: QPoint(5, 5)))
    bar._buttons["loop"].setFocus()
    qtbot.wait(500)
    assert not hidden(full)
    full.player.setFocus()
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)


def test_typing_a_time_brings_the_bar(full, qtbot):
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)
    QTest.keyClick(full, Qt.Key.Key_G)
    field = full.player._transport.time
    assert not hidden(full)
    QTest.keyClicks(field.currentWidget(), "0:07")
    QTest.keyClick(field.currentWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: full.player.seconds == pytest.approx(7.0, abs=0.002), timeout=LONG)
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)


@pytest.mark.parametrize("way", ["Esc", "F", "double click", "button"])
def test_ways_back(full, qtbot, way):
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)
    player = full.player
    if way == "double click":
        QTest.mouseDClick(player._screen, Qt.MouseButton.LeftButton)
    elif way == "button":
        player._controls.wake()
        QTest.mouseClick(player._transport._buttons["full"], Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(full, Qt.Key.Key_Escape if way == "Esc" else Qt.Key.Key_F)
    assert not full.isFullScreen()
    bar = player._bar
    qtbot.waitUntil(lambda: bar.isVisible() and bar.y() == player._stage.height(), timeout=LONG)
    qtbot.wait(400)
    assert bar.isVisible()
    assert player._screen.cursor().shape() != Qt.CursorShape.BlankCursor


def test_a_maximised_window_is_one_again(on_film, qtbot):
    window = on_film()
    window.showMaximized()
    qtbot.waitUntil(window.isMaximized, timeout=LONG)
    for key in (Qt.Key.Key_F, Qt.Key.Key_Escape):
        QTest.keyClick(window, key)
        assert window.isFullScreen() == (key == Qt.Key.Key_F)
    assert window.isMaximized()
    assert window.timeline.isVisible()


def test_subtitles_stand_above_the_bar(full, qtbot):
    player = full.player
    player._controls.wake()
    assert player._screen._lift == player._bar.height()
    qtbot.waitUntil(lambda: hidden(full), timeout=LONG)
    assert player._screen._lift == 0


def test_there_is_a_line_to_seek_on(full, qtbot):
    player, line = full.player, full.player._line
    player._controls.wake()
    assert line.isVisible()
    place = QPoint(round(line.to_pixel(12.0)), line.height() // 2)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: player.seconds == pytest.approx(12.0, abs=0.11), timeout=LONG)
    QTest.keyClick(full, Qt.Key.Key_F)
    assert not line.isVisible()


def test_closing_the_window_while_full(full):
    full.close()
    assert full.stopped
