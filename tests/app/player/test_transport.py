"""The bar under the film at any width: nothing cut, nothing overlapping, nothing lost."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.player.companions import Companions
from app.player.subtitles import Subtitles
from app.player.transport import Transport
from app.theme import DARK, Theme
from engine.ingest.chapters import Chapter

CHAPTERS = (Chapter(0.0, 4000.0, "A chapter with rather a long name, as they are"), Chapter(4000.0, 7000.0, "B"))


@pytest.fixture
def bar(qapp, qtbot):
    """With everything a film can have."""
    Theme("dark").apply()
    companions = Companions()
    made = Transport(DARK, Subtitles(companions))
    qtbot.addWidget(made)
    made.set_film(7000.0)
    made.set_frame(123_456, count=167_832)
    made.set_seconds(3723.4)
    made.set_chapters(CHAPTERS)
    made.set_chapter(CHAPTERS[0])
    made.set_sounds(("1  English", "2  German"), 0)
    made.resize(1600, 48)
    made.show()
    yield made
    assert companions.shutdown()


@pytest.mark.parametrize("width", [240, 300, 320, 420, 560, 660, 732, 900, 1052, 1600])
def test_it_fits(bar, qapp, width):
    bar.resize(width, 48)
    qapp.processEvents()
    shown = [part for part in bar._parts.values() if part.isVisible()]
    edges = sorted((part.x(), part.x() + part.width()) for part in shown)
    assert edges[0][0] >= 0
    assert edges[-1][1] <= width
    assert all(left[1] <= right[0] for left, right in pairwise(edges)), edges
    assert {bar._buttons["play"], bar.time, bar._buttons["full"]} <= set(shown)
    assert all(part.width() >= min(part.sizeHint().width(), part.maximumWidth()) for part in shown)


@pytest.mark.parametrize("width", [240, 420, 732, 1600])
def test_what_is_given_up_is_in_the_menu(bar, qapp, width):
    bar.resize(width, 48)
    qapp.processEvents()
    menu = bar.menu_of("more")
    menu.aboutToShow.emit()
    hidden = [name for name in bar.hidden_parts if name in bar._buttons]
    assert {action.text() for action in menu.actions()} == {bar._buttons[name].toolTip() for name in hidden}
    assert bar._buttons["more"].isVisible() == bool(hidden)


def test_a_hidden_button_works_from_the_menu(bar, qapp, qtbot):
    bar.resize(240, 48)
    qapp.processEvents()
    menu = bar.menu_of("more")
    menu.aboutToShow.emit()
    with qtbot.waitSignal(bar.loop_wanted):
        next(action for action in menu.actions() if action.text().startswith("Loop")).trigger()
    speeds = next(action for action in menu.actions() if action.text().startswith("Speed")).menu()
    with qtbot.waitSignal(bar.speed_wanted, check_params_cb=lambda speed: speed == 2.0):
        next(action for action in speeds.actions() if action.text() == "2×").trigger()


def test_times_are_never_cut(bar, qapp):
    for width in (240, 732, 1600):
        bar.resize(width, 48)
        qapp.processEvents()
        button = bar.time._now
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width() - 8


def test_without_a_film_only_what_makes_sense_can_be_pressed(bar):
    bar.set_film(None)
    able = {name for name, button in bar._buttons.items() if button.isEnabled()}
    assert able == {"mute", "keys", "full", "more", "speed"}
    QTest.mouseClick(bar.time._now, Qt.MouseButton.LeftButton)
    assert not bar.time.editing


def test_every_control_has_a_name_a_tip_and_the_keyboard(bar):
    for button in bar._buttons.values():
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
