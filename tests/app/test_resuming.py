"""Conversations of the past, picked, forgotten and begun anew while a question runs."""

import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from scripted import ScriptedSession

from app.conversation import Outcome
from app.history.desk import PUT_AWAY
from app.resuming import ELSEWHERE
from app.timeline.heatmap import Heatmap

LEFT = Qt.MouseButton.LeftButton
LONG = 20_000  # milliseconds; only a failure waits that long


class LateSession(ScriptedSession):
    """While it is `deaf` it finishes its segments whatever is asked of it: what it tells by then comes too late."""

    deaf = False

    def _wait(self, seconds, cancel):
        if not self.deaf:
            cancel.check()
        time.sleep(seconds)
        if not self.deaf:
            cancel.check()


@pytest.fixture
def running(open_window, qtbot, film, tmp_path):
    """A window in whose second conversation a question runs, its session, and the answer of the first."""
    session, known = LateSession(), []
    window = open_window(session)
    window.history.past_known.connect(known.append)
    window.open_film(Path(shutil.copy(film, tmp_path / "holiday.mp4")))
    qtbot.waitUntil(lambda: bool(known), timeout=LONG)
    window.ask("First?")
    qtbot.waitUntil(lambda: bool(window.chat.exchanges) and not window._bridge.busy, timeout=LONG)
    first = window.chat.exchanges[0]
    window.chat.begin_new()
    session.deaf, session.delay, session.peak = True, 0.1, 0.9
    window.ask("Second?")
    qtbot.waitUntil(lambda: len(window.timeline.heatmap.scores) >= 1, timeout=LONG)
    yield window, session, first
    session.deaf = False


def pick(window, qtbot, word):
    """Choose from the menu of conversations, once it knows of the one that is meant."""
    menu = window.resuming.chats_menu

    def action():
        menu.aboutToShow.emit()
        return next((action for action in menu.actions() if action.text().startswith(word)), None)

    qtbot.waitUntil(lambda: action() is not None, timeout=LONG)
    action().trigger()


def free(window, qtbot):
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    qtbot.wait(50)


def test_what_a_stopped_question_still_tells_does_not_touch_the_conversation_that_came_back(running, qtbot):
    window, _, first = running
    pick(window, qtbot, "First?")
    qtbot.waitUntil(lambda: [e.question for e in window.chat.exchanges] == ["First?"], timeout=LONG)
    assert window._bridge.busy, "or nothing came late"
    free(window, qtbot)
    assert window.timeline.heatmap == Heatmap.from_answer(1, first.answer)
    assert window.chat.exchanges == (first,)
    window.ask("Third?")
    free(window, qtbot)
    assert window.chat.exchanges[-1].outcome is Outcome.ANSWERED
    assert window.timeline.heatmap.question == 2


def test_the_question_that_was_put_away_is_kept_as_stopped(running, qtbot):
    window, _, _ = running
    pick(window, qtbot, "First?")
    free(window, qtbot)
    pick(window, qtbot, "Second?")
    qtbot.waitUntil(lambda: [e.question for e in window.chat.exchanges] == ["Second?"], timeout=LONG)
    second = window.chat.exchanges[0]
    assert (second.outcome, second.message) == (Outcome.STOPPED, PUT_AWAY)


def test_what_waits_is_not_asked_in_another_conversation_unasked(running, qtbot):
    window, session, _ = running
    window.chat._asking.ask("Waiting?")
    pick(window, qtbot, "First?")
    free(window, qtbot)
    assert session.asked == ["First?", "Second?"]
    assert ELSEWHERE in window.chat.waiting._title.text()


def test_the_conversation_on_screen_is_not_opened_once_more(running, qtbot):
    window, session, _ = running
    pick(window, qtbot, "Second?")
    session.delay = 0.0
    free(window, qtbot)
    assert [(e.question, e.outcome) for e in window.chat.exchanges] == [("Second?", Outcome.ANSWERED)]


def test_nothing_comes_back_of_a_film_that_was_forgotten_in_the_middle_of_a_question(running, qtbot):
    window, _, _ = running
    window.resuming.open_menu.forget_wanted.emit(None)
    box = window.resuming.asking.box
    QTest.mouseClick(next(button for button in box.buttons() if button.text() == "Delete"), LEFT)
    assert window._bridge.busy, "or nothing came late"
    free(window, qtbot)
    assert window.timeline.heatmap == Heatmap()
    assert window.chat.exchanges == ()


def test_no_conversation_is_begun_while_a_question_runs(running, qtbot):
    window, session, _ = running
    menu = window.resuming.chats_menu
    menu.aboutToShow.emit()
    new = next(action for action in menu.actions() if action.text() == "New conversation")
    assert not new.isEnabled()
    menu.new_wanted.emit()  # as from a menu that was open before the question began
    assert [e.question for e in window.chat.exchanges] == ["Second?"]
    assert window.chat.composer.stop.isVisible()
    session.delay = 0.0
    free(window, qtbot)
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "New conversation").trigger()
    assert window.chat.exchanges == ()
