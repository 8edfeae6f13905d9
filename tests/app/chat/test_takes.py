"""One question, several takes: edited, asked anew, looked at; copied; and the whole conversation back from records."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton

from app.chat.actions import REWORDING
from app.chat.facts import circumstances
from app.conversation import Exchange, Outcome
from app.theme import LIGHT
from engine.settings import Settings

LEFT = Qt.MouseButton.LeftButton
ENTER = Qt.Key.Key_Return


def typed(pane, text):
    QTest.keyClicks(pane.composer.box, text)
    QTest.keyClick(pane.composer.box, ENTER)


def ask(pane, desk, question="one?", text="At 9.0 seconds."):
    typed(pane, question)
    desk.answer(text)
    return pane.turns[-1]


def press(button):
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)


def test_an_edited_question_takes_the_place_of_the_old_one(pane, desk):
    ask(pane, desk, "one?", "First words.")
    ask(pane, desk, "two?")
    press(pane.turns[0].actions_row.edit)
    assert pane.composer.box.text == "one?"
    pane.composer.box.put("better?")
    QTest.keyClick(pane.composer.box, ENTER)
    assert desk.number == 1
    desk.answer("Second words.")
    assert [exchange.question for exchange in pane.exchanges] == ["better?", "two?"]
    (earlier,) = pane.exchanges[0].earlier
    assert (earlier.question, earlier.text) == ("one?", "First words.")
    assert [take.question for take in pane.exchanges[0].takes()] == ["one?", "better?"]


def test_the_takes_are_walked(pane, desk):
    turn = ask(pane, desk, "one?", "First words.")
    press(turn.actions_row.edit)
    pane.composer.box.put("better?")
    QTest.keyClick(pane.composer.box, ENTER)
    desk.answer("Second words.")
    chosen = []
    pane.answer_chosen.connect(lambda number, answer: chosen.append((number, answer.text)))
    row = turn.actions_row
    assert (row.count.text(), row.after.isEnabled()) == ("2/2", False)
    press(row.before)
    assert (row.count.text(), turn.view.toPlainText()) == ("1/2", "First words.")
    assert turn.card._question.text() == "one?"
    press(row.after)
    assert (row.count.text(), turn.view.toPlainText()) == ("2/2", "Second words.")
    assert chosen == [(1, "First words."), (1, "Second words.")]


def test_the_newest_goes_on_while_an_older_take_is_looked_at(pane, desk):
    turn = ask(pane, desk, "one?", "First words.")
    press(turn.actions_row.again)
    desk.write("Half")
    press(turn.actions_row.before)
    desk.answer("Second words.")
    assert turn.view.toPlainText() == "First words."
    press(turn.actions_row.after)
    assert turn.view.toPlainText() == "Second words."
    assert pane.exchanges[0].text == "Second words."


def test_another_answer_is_drawn_and_says_so(pane, desk):
    turn = ask(pane, desk)
    assert f"temperature {REWORDING:g}" in turn.actions_row.again.toolTip()
    press(turn.actions_row.again)
    assert desk.changed == [{"temperature": REWORDING, "seed": 1}]
    desk.answer("Other words.")
    assert (pane.exchanges[0].temperature, pane.exchanges[0].seed) == (REWORDING, 1)
    assert any("temperature 0.7" in note.text for note in turn.take.grounds.notes)
    press(turn.actions_row.again)
    assert desk.changed[-1]["seed"] == 2, "the same seed would say the same"


def test_another_answer_keeps_a_temperature_that_is_set(pane, desk):
    pane.show_settings(Settings(temperature=1.2))
    turn = ask(pane, desk)
    assert "1.2" in turn.actions_row.again.toolTip()
    press(turn.actions_row.again)
    assert desk.changed == [{"temperature": 1.2, "seed": 1}]


def test_an_answer_says_with_what_it_was_really_drawn(pane, desk):
    pane.show_settings(Settings(temperature=1.2, seed=7))
    turn = ask(pane, desk)
    assert desk.changed == [], "the settings say it already"
    assert (pane.exchanges[0].temperature, pane.exchanges[0].seed) == (1.2, 7)
    assert dict(circumstances(pane.exchanges[0]))["Words"] == "drawn at temperature 1.2, seed 7"
    assert any("temperature 1.2 (seed 7)" in note.text for note in turn.take.grounds.notes)
    pane.show_settings(Settings(seed=7))
    ask(pane, desk, "two?")
    assert (pane.exchanges[1].temperature, pane.exchanges[1].seed) == (0.0, 0)


def test_a_drawn_take_is_tried_again_with_the_same_draw(pane, desk):
    turn = ask(pane, desk)
    press(turn.actions_row.again)
    desk.fail(short=True)
    press(next(button for button in turn.findChildren(QPushButton) if button.text() == "Try again"))
    assert desk.changed == [{"temperature": REWORDING, "seed": 1}] * 2
    desk.fail(short=True)
    press(next(button for button in turn.findChildren(QPushButton) if "frames" in button.text()))
    assert desk.changed[-1] == {"temperature": REWORDING, "seed": 1, "max_frames": 20}


def test_the_largest_seed_of_the_settings_leaves_room_for_another_answer(pane, desk):
    pane.show_settings(Settings(temperature=1.2, seed=2**31 - 1))
    turn = ask(pane, desk)
    press(turn.actions_row.again)
    assert Settings(**desk.changed[0]).seed == 1


def test_a_stopped_question_is_asked_again_as_it_was(pane, desk):
    typed(pane, "one?")
    desk.stopped()
    press(pane.turns[0].actions_row.again)
    assert (desk.asked, desk.changed) == (["one?", "one?"], [])


def test_a_question_is_asked_anew_after_the_one_that_runs(pane, desk):
    turn = ask(pane, desk)
    typed(pane, "two?")
    turn.again_wanted.emit()
    assert pane.queue.line.wishes[0].turn == 1
    desk.answer()
    assert desk.number == 1


def test_answers_are_copied_with_and_without_times(pane, desk):
    turn = ask(pane, desk, text="**At 9.0 seconds**, or 999.0 seconds.")
    press(turn.actions_row.copy)
    assert QGuiApplication.clipboard().text() == "**At 9.0 seconds**, or 999.0 seconds."
    assert turn.actions_row.copy.accessibleDescription() == "Copied"
    press(turn.actions_row.copy_times)
    assert "9.0 seconds [0:08.0]**, or 999.0 seconds [unsupported]." in QGuiApplication.clipboard().text()
    assert turn.actions_row.copy.accessibleDescription() == ""


def test_stop_is_in_the_row_while_it_runs(pane, desk):
    typed(pane, "one?")
    row = pane.turns[0].actions_row
    QTest.qWait(1)
    assert [row.stop.isVisible(), row.again.isVisible(), row.edit.isVisible()] == [True, False, False]
    press(row.stop)
    assert desk.stops == 1
    desk.stopped()
    assert [row.stop.isVisible(), row.again.isVisible(), row.edit.isVisible()] == [False, True, True]


def test_the_icons_of_an_older_question_show_when_they_are_wanted(pane, desk):
    first = ask(pane, desk, "one?")
    second = ask(pane, desk, "two?")
    QTest.mouseMove(pane.composer.box, QPoint(5, 5))
    assert second.actions_row.copy.shows
    assert not first.actions_row.copy.shows
    pane.activateWindow()
    first.actions_row.edit.setFocus(Qt.FocusReason.TabFocusReason)
    assert first.actions_row.copy.shows, "all of them, once Tab reaches one"
    pane.composer.box.setFocus()
    assert not first.actions_row.copy.shows
    QTest.keyClick(first.actions_row.edit, ENTER)
    QTest.qWait(150)  # the press is shown
    assert pane.composer.editing == 1


def test_evidence_points_plays_and_seeks(pane, desk):
    turn = ask(pane, desk)
    chip = turn.evidence.chips[0]
    sought, spans, pointed = [], [], []
    pane.seek_wanted.connect(sought.append)
    pane.span_wanted.connect(lambda *both: spans.append(both))
    pane.segment_pointed.connect(pointed.append)
    pane.activateWindow()
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    assert chip.play.isVisible()
    QTest.keyClick(chip, ENTER)
    QTest.keyClick(chip, ENTER, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseClick(chip.play, LEFT)
    pane.composer.box.setFocus()
    assert (sought, spans, pointed) == ([8.0], [(8.0, 10.0)] * 2, [4, None])
    names = [action.text().split("\t")[0] for action in turn.evidence.menu_of(chip).actions()]
    assert names == ["Go to 0:08.0", "Play only 0:08.0 – 0:10.0", "Copy this time"]


def test_pictures_of_the_past_are_wished_for_when_they_are_seen(pane, past, qtbot):
    wished = []
    pane.thumbnail_wanted.connect(wished.append)
    pane.restore(past(40))
    qtbot.waitUntil(lambda: len(pane.turns) == 40, timeout=10_000)
    qtbot.wait(100)
    assert 1 <= len(wished) < 10


def test_a_conversation_comes_back_as_it_was(pane, desk, qtbot):
    ask(pane, desk, "one?", "**First** at 9.0 seconds.")
    press(pane.turns[0].actions_row.again)
    desk.answer("Again at 9.0 seconds.")
    typed(pane, "two?")
    desk.write("Half an ans")
    desk.stopped()
    typed(pane, "three?")
    desk.fail("No memory left.", short=True)
    before = pane.exchanges
    words = [turn.view.toPlainText() for turn in pane.turns]
    pane.begin_new()
    assert pane.exchanges == ()
    pane.restore(before)
    assert pane.exchanges == before, "all of it at once, whatever is on screen"
    qtbot.waitUntil(lambda: len(pane.turns) == 3)
    assert [turn.view.toPlainText() for turn in pane.turns] == words
    assert pane.turns[0].actions_row.count.text() == "2/2"
    assert "Stopped." in pane.turns[1].take.status.text()
    failure = [b.text() for b in pane.turns[2].findChildren(QAbstractButton) if b.text().startswith("Try")]
    assert failure == ["Try again", "Try with 20 frames"]
    assert desk.asked == ["one?", "one?", "two?", "three?"], "nothing was asked"


def test_new_chat_can_be_undone_until_the_next_question(pane, desk):
    ask(pane, desk)
    ended = []
    pane.set_aside.connect(lambda: ended.append(len(pane.exchanges)))
    press(pane.head.new) if pane.head.isVisible() else pane.head.new.click()
    assert (ended, pane.exchanges) == ([1], ())
    press(pane._said.welcome.aside.button)
    assert len(pane.exchanges) == 1
    assert not pane._said.welcome.isVisible()
    pane.begin_new()
    typed(pane, "another?")
    desk.answer()
    pane.begin_new()
    assert "1 question " in pane._said.welcome.aside._words.text()


def test_nothing_is_set_aside_while_it_runs(pane, desk):
    typed(pane, "one?")
    assert not pane.head.new.isEnabled()
    desk.answer()
    assert pane.head.new.isEnabled()


def test_fifty_questions_come_back_without_holding_the_window_up(pane, past, qtbot):
    """What a person waits for is the first picture; what freezes is the longest step between two."""
    exchanges = past(50)
    begun = time.thread_time()  # work, whatever else the machine does
    pane.restore(exchanges)
    first = time.thread_time() - begun
    QGuiApplication.processEvents()
    assert len(pane.exchanges) == 50
    assert first < 0.1
    qtbot.waitUntil(lambda: len(pane.turns) == 50, timeout=20_000)
    assert [turn.number for turn in pane.turns] == list(range(1, 51))
    assert pane._said.view.follows


def test_a_question_of_the_past_can_be_asked_anew_while_the_rest_is_still_coming(pane, desk, past):
    pane.restore(past(30))
    pane.turns[-1].edit_wanted.emit()
    pane.composer.box.put("changed?")
    QTest.keyClick(pane.composer.box, ENTER)
    desk.answer()
    assert len(pane.exchanges) == 30
    assert pane.exchanges[29].question == "changed?"


def test_numbers_that_do_not_fit_are_set_right(pane, past):
    one, two = past(2)
    pane.restore((replace(one, number=7), replace(two, number=0)))
    assert [exchange.number for exchange in pane.exchanges] == [1, 2]


def test_an_exchange_stays_the_same_object_while_nothing_changes(pane, desk):
    """The history looks three times a second and compares."""
    turn = ask(pane, desk)
    press(turn.actions_row.again)
    desk.answer()
    assert pane.exchanges[0] is pane.exchanges[0]


def test_other_colours_reach_every_part(pane, desk):
    ask(pane, desk, text="At **9.0 seconds** and `code`")
    press(pane.turns[0].actions_row.again)
    typed(pane, "waits?")
    pane.apply_palette(LIGHT)
    desk.answer()
    assert LIGHT.accent.lower() in pane.turns[0].view.document().toHtml()


@pytest.mark.parametrize("outcome", [Outcome.STOPPED, Outcome.FAILED])
def test_bare_records_of_older_versions_come_back(pane, outcome):
    pane.restore((Exchange(1, "One?", outcome, "", message="Why."),))
    assert pane.turns[0].exchange.message == "Why."
