"""Start again and find everything: a real window is closed, or its film moved or changed, and another one opened."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from scripted import ScriptedSession

from app.conversation import Outcome
from app.history import desk as history_desk
from app.history.desk import REOPEN
from app.history.place import data_folder
from app.settings.kept_card import KeptCard

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LONG = 20_000  # milliseconds; only a failure waits that long


@pytest.fixture
def own_film(film, tmp_path):
    """The numbered film in a folder where it can be moved and changed."""
    (tmp_path / "films").mkdir()
    return Path(shutil.copy(film, tmp_path / "films" / "holiday.mp4"))


@pytest.fixture
def on_screen(open_window, qtbot):
    """A window with a film open, its past known."""

    def make(path, session=None):
        window = open_window(session)
        known = []
        window.history.past_known.connect(known.append)
        window.open_film(path)
        qtbot.waitUntil(lambda: bool(known) and window.player._screen.has_picture, timeout=LONG)
        return window

    return make


def ask_by_typing(window, qtbot, question):
    count = len(window.chat.exchanges)
    box = window.chat.composer.box
    QTest.mouseClick(box.viewport(), LEFT)
    QTest.keyClicks(box, question)
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.chat.exchanges) == count + 1 and not window._bridge.busy, timeout=LONG)


def go_to(window, qtbot, *presses):
    QTest.keyClick(window.chat.composer.box, Qt.Key.Key_Escape)
    for key, seconds in presses:
        QTest.keyClick(window, key)
        at = pytest.approx(seconds, abs=0.001)
        qtbot.waitUntil(lambda at=at: window.player.seconds == at, timeout=LONG)


def test_quit_while_analysing_start_again_and_find_everything(on_screen, qtbot, own_film):
    """By keys and mouse: ask, go to a moment, ask again, quit in the middle of it; then look."""
    window = on_screen(own_film, ScriptedSession())
    ask_by_typing(window, qtbot, "When does the apple appear?")
    first = window.chat.exchanges[0]
    go_to(window, qtbot, (Qt.Key.Key_Right, 5.0), (Qt.Key.Key_Period, 5.1))
    window._bridge._worker._session.delay = 0.1
    QTest.keyClicks(window.chat.composer.box, "And the bicycle?")
    QTest.keyClick(window.chat.composer.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.timeline.heatmap.scores) >= 2, timeout=LONG)
    begun = time.monotonic()
    window.close()
    assert time.monotonic() - begun < 2.0
    assert window.stopped
    assert not [thread for thread in threading.enumerate() if thread.name in ("history", "engine")]

    again = on_screen(own_film)
    qtbot.waitUntil(lambda: again.player.seconds == pytest.approx(5.1, abs=0.001), timeout=LONG)
    assert not again.player.playback.playing
    back = again.chat.exchanges
    assert [exchange.question for exchange in back] == ["When does the apple appear?", "And the bicycle?"]
    assert back[0].answer == first.answer
    assert back[0].text == first.text
    assert (back[1].outcome, back[1].message) == (Outcome.STOPPED, history_desk.CLOSED)
    assert tuple(again.timeline.heatmap.shares.values()) == first.answer.allocation.shares
    assert tuple(again.timeline.heatmap.scores.values()) == first.answer.scores
    assert again.timeline.heatmap.pins
    ask_by_typing(again, qtbot, "What else?")
    assert again.chat.exchanges[-1].number == 3


def test_a_click_on_a_time_of_the_past_still_leads_there(on_screen, qtbot, own_film):
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.close()
    again = on_screen(own_film)
    view = again.chat.turns[-1].view
    qtbot.waitUntil(lambda: view.isVisible() and view.height() > 20, timeout=LONG)
    cursor = view.document().find("9.0 seconds")
    cursor.setPosition(cursor.selectionStart() + 2)
    QTest.mouseClick(view.viewport(), LEFT, NONE, view.cursorRect(cursor).center())
    qtbot.waitUntil(lambda: again.player.seconds == pytest.approx(8.0, abs=0.001), timeout=LONG)


def test_a_moved_film_brings_its_conversation_and_says_so(on_screen, qtbot, own_film):
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.close()
    moved = own_film.rename(own_film.with_name("renamed.mp4"))
    again = on_screen(moved)
    assert len(again.chat.exchanges) == 1
    assert again.message.text.startswith("Recognised: this film was at ")


def test_a_changed_film_says_so_and_begins_anew(on_screen, qtbot, own_film):
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.close()
    with own_film.open("ab") as file:
        file.write(os.urandom(8))  # after the last box: it plays as before
    again = on_screen(own_film)
    assert again.chat.exchanges == ()
    assert again.message.text == (
        "This is not the file that was here before. "
        "What was asked about that one (1 question) is under Earlier conversations."
    )


def test_what_was_asked_of_a_film_comes_back_after_another_one(on_screen, qtbot, own_film, tmp_path):
    other = Path(shutil.copy(own_film, tmp_path / "other.mp4"))
    with other.open("ab") as file:
        file.write(b"another")
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.open_film(other)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("other.mp4"), timeout=LONG)
    assert window.chat.exchanges == ()
    ask_by_typing(window, qtbot, "Other?")
    window.open_film(own_film)
    qtbot.waitUntil(lambda: [e.question for e in window.chat.exchanges] == ["When?"], timeout=LONG)
    assert window.timeline.heatmap.question == 1


def test_the_open_menu_goes_on_where_one_was(on_screen, open_window, qtbot, own_film):
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.close()
    again = open_window()
    menu = again.resuming.open_menu
    qtbot.waitUntil(lambda: any("holiday.mp4" in action.text() for action in menu.actions()), timeout=LONG)
    next(action for action in menu.actions() if "holiday.mp4" in action.text()).trigger()
    qtbot.waitUntil(lambda: len(again.chat.exchanges) == 1, timeout=LONG)


def click_first(window):
    films = window.recent.list
    QTest.mouseClick(films.viewport(), LEFT, NONE, films.visualRect(films.model().index(0)).center())


def test_a_click_in_the_list_of_the_first_screen_goes_on_where_one_was(on_screen, open_window, qtbot, own_film):
    window = on_screen(own_film)
    qtbot.waitUntil(lambda: not window.recent.isVisible(), timeout=LONG)
    ask_by_typing(window, qtbot, "When?")
    go_to(window, qtbot, (Qt.Key.Key_Right, 5.0))
    window.close()
    again = open_window()
    qtbot.waitUntil(again.recent.isVisible, timeout=LONG)
    click_first(again)
    qtbot.waitUntil(lambda: len(again.chat.exchanges) == 1, timeout=LONG)
    qtbot.waitUntil(lambda: again.player.seconds == pytest.approx(5.0, abs=0.001), timeout=LONG)


def test_the_list_shows_a_picture_of_the_film(on_screen, qtbot, own_film):
    window = on_screen(own_film)
    shown = []
    window.history.recent.changed.connect(shown.append)

    def has_picture():
        window.history.recent.refresh()
        return bool(shown and shown[-1] and not shown[-1][0][1].isNull())

    qtbot.waitUntil(has_picture, timeout=LONG)


def test_a_film_of_the_list_that_was_moved_is_pointed_to(on_screen, open_window, qtbot, own_film, monkeypatch):
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.close()
    moved = own_film.rename(own_film.with_name("moved.mp4"))
    again = open_window()
    qtbot.waitUntil(again.recent.isVisible, timeout=LONG)
    qtbot.waitUntil(lambda: again.recent.rows.gone(again.recent.rows.card(0)), timeout=LONG)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    click_first(again)
    again.history.recent.open(again.recent.rows.card(0))  # as the menu under Open does
    asking = again.resuming.asking
    qtbot.waitUntil(lambda: asking.box is not None, timeout=LONG)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))  # the system's own has no buttons
    QTest.keyClick(asking.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(again.chat.exchanges) == 1, timeout=LONG)
    assert again.message.text.startswith("Recognised")


def test_where_nothing_can_be_saved_the_window_says_so_and_works(on_screen, qtbot, own_film, tmp_path, monkeypatch):
    (tmp_path / "data").write_text("a file where the folder should be")
    window = on_screen(own_film)
    qtbot.waitUntil(lambda: "cannot be written" in window.message.text, timeout=LONG)
    assert window.message.isVisible()
    ask_by_typing(window, qtbot, "When?")
    assert window.chat.exchanges[0].outcome is Outcome.ANSWERED


def test_forgetting_the_open_film_empties_chat_and_timeline(on_screen, qtbot, own_film):
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.resuming.open_menu.forget_wanted.emit(None)
    box = window.resuming.asking.box
    QTest.mouseClick(next(button for button in box.buttons() if button.text() == "Delete"), LEFT)
    assert window.chat.exchanges == ()
    assert not window.timeline.heatmap.question
    window.close()
    again = on_screen(own_film)
    assert again.chat.exchanges == ()


def test_the_last_film_is_reopened_where_that_is_wished(on_screen, open_window, qtbot, own_film, settings):
    assert not open_window().history.reopens
    window = on_screen(own_film)
    ask_by_typing(window, qtbot, "When?")
    window.close()
    settings.setValue(REOPEN, True)
    again = open_window()
    assert again.history.reopens
    again.resuming.reopen()
    qtbot.waitUntil(lambda: len(again.chat.exchanges) == 1, timeout=LONG)


def test_the_settings_say_what_is_kept_and_switch_it_off(on_screen, qtbot, own_film):
    window = on_screen(own_film)
    window.settings.show()
    pane = window.settings.pane
    (card,) = pane.findChildren(KeptCard)
    assert card.keep.isChecked()
    assert not card.reopen.isChecked()
    QTest.mouseClick(card.keep, LEFT)
    QTest.mouseClick(card.reopen, LEFT)
    assert not window.history.keeps
    assert window.history.reopens
    ask_by_typing(window, qtbot, "Secret?")
    QTest.mouseClick(card.delete, LEFT)
    assert "Delete the whole history" in window.resuming.asking.box.text()
    window.resuming.asking.box.reject()
    pane.filter.setText("reopen")
    assert card.isVisibleTo(pane)
    pane.filter.setText("temperature")
    assert not card.isVisibleTo(pane)
    window.close()
    again = on_screen(own_film)
    assert again.chat.exchanges == ()
    assert not any(b"Secret?" in path.read_bytes() for path in data_folder().iterdir())
