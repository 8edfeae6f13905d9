"""Opening a film that takes its time, or that turns out to be none: what is said, what stops it, what goes on."""

import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from scripted import ScriptedSession

from app.conversation import Outcome
from app.desk import FOR_ANOTHER
from engine.errors import VideoError

LEFT = Qt.MouseButton.LeftButton
LONG = 20_000  # milliseconds; only a failure waits that long


class SlowSession(ScriptedSession):
    """Opens films as slowly as a test wants it."""

    slow = False
    deaf = False  # to a stop, as a drive that is gone
    bad = ""  # what is wrong with the next film

    def open(self, path, emit, *, cancel=None):
        while self.slow:
            time.sleep(0.01)
            if not self.deaf:
                cancel.check()
        if self.bad:
            raise VideoError(self.bad)
        return super().open(path, emit, cancel=cancel)


@pytest.fixture
def other(film, tmp_path):
    return Path(shutil.copy(film, tmp_path / "holiday.mp4"))


@pytest.fixture
def slow(on_film, qtbot):
    """A window with a film open, the next of which opens slowly, and its session."""
    session = SlowSession()
    window = on_film(session)
    session.slow = True
    yield window, session
    session.slow = False


@pytest.fixture
def asked(on_film, qtbot):
    """A window in which a question runs, and its session."""
    session = SlowSession(delay=0.1)
    window = on_film(session)
    window.ask("When?")
    qtbot.waitUntil(lambda: len(window.timeline.heatmap.scores) >= 1, timeout=LONG)
    return window, session


def test_the_window_says_what_it_opens_until_it_is_open(slow, qtbot, other):
    window, session = slow
    window.open_film(other)
    qtbot.waitUntil(window.opening.isVisible, timeout=LONG)
    assert window.opening.text == "Opening holiday.mp4 …"
    session.slow = False
    qtbot.waitUntil(lambda: not window.opening.isVisible(), timeout=LONG)
    assert window.windowTitle().startswith("holiday.mp4")


def test_a_film_that_opens_at_once_needs_no_line(on_film, qtbot):
    window = on_film()
    qtbot.wait(300)
    assert not window.opening.isVisible()


@pytest.mark.parametrize("way", ["Esc", "button"])
def test_opening_is_stopped_and_the_film_before_stays(slow, qtbot, other, way):
    window, session = slow
    window.open_film(other)
    qtbot.waitUntil(window.opening.isVisible, timeout=LONG)
    if way == "Esc":
        QTest.keyClick(window, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(window.opening.stop, LEFT)
    qtbot.waitUntil(lambda: not window.opening.isVisible() and not window._bridge.busy, timeout=LONG)
    session.slow = False
    window.ask("When?")
    qtbot.waitUntil(lambda: bool(window.chat.exchanges) and not window._bridge.busy, timeout=LONG)
    assert window.chat.exchanges[0].outcome is Outcome.ANSWERED
    assert window.windowTitle().startswith("numbered.mp4")


def test_escape_leaves_full_screen_though_a_film_cannot_be_let_go_of(slow, qtbot, other):
    window, session = slow
    session.deaf = True
    QTest.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    window.open_film(other)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.isFullScreen(), "the first press stops the film on its way"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.opening.text == "Stopping …"


def test_a_bad_file_leaves_the_answer_alone(asked, qtbot, tmp_path):
    window, session = asked
    bad = tmp_path / "holiday.mp4"
    bad.write_text("no film")
    window.open_film(bad)
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert window.message.text.startswith("holiday.mp4 is not a film")
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    assert window.chat.exchanges[0].outcome is Outcome.ANSWERED
    assert not window.opening.isVisible()
    assert session.asked == ["When?"]


def test_a_good_film_takes_the_place_of_the_answer(asked, qtbot, other):
    window, _ = asked
    window.open_film(other)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("holiday.mp4"), timeout=LONG)
    assert window.chat.exchanges == ()


def test_escape_gives_up_the_film_and_the_answer_goes_on(asked, qtbot, other):
    window, _ = asked
    window.open_film(other)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    assert window.chat.exchanges[0].outcome is Outcome.ANSWERED
    assert window.windowTitle().startswith("numbered.mp4")


def test_a_film_that_fails_late_stops_the_answer_for_a_true_reason_and_the_timeline_knows(asked, qtbot, other):
    window, session = asked
    session.bad = "The drive is gone."
    window.open_film(other)
    qtbot.waitUntil(lambda: window.message.text == "The drive is gone.", timeout=LONG)
    exchange = window.chat.exchanges[0]
    assert (exchange.outcome, exchange.message) == (Outcome.STOPPED, FOR_ANOTHER)
    qtbot.waitUntil(lambda: window.timeline.heatmap.ended, timeout=LONG)
    assert window.windowTitle().startswith("numbered.mp4")


def test_the_newest_wish_counts(asked, qtbot, other, tmp_path):
    window, _ = asked
    bad = tmp_path / "bad.mp4"
    bad.write_text("no film")
    window.open_film(bad)
    window.open_film(other)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("holiday.mp4"), timeout=LONG)
    assert not window.message.isVisible()
