"""Asking, waiting, stopping, failing: as a person meets it in the pane, by real mouse and keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.chat.asking.queue import FAILED
from app.chat.pane import OTHER_FILM
from app.conversation import Outcome
from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError, OutOfMemoryError, VideoError
from engine.events import BudgetAllocated, Failed, ModelLoaded, NoteAdded, SegmentScored, Stopped
from engine.settings import Settings

LEFT = Qt.MouseButton.LeftButton
ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


def typed(pane, text, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClicks(pane.composer.box, text)
    QTest.keyClick(pane.composer.box, ENTER, modifier)


def questions(pane):
    return [exchange.question for exchange in pane.exchanges]


def buttons(widget):
    return {button.text(): button for button in widget.findChildren(QPushButton) if button.text()}


def test_questions_typed_while_one_runs_are_asked_in_order(pane, desk):
    for text in ("one?", "two?", "three?"):
        typed(pane, text)
    assert desk.asked == ["one?"]
    assert [row.accessibleName() for row in pane.waiting.rows] == [
        "Waiting question 1: two?", "Waiting question 2: three?"]  # fmt: skip
    desk.answer()
    desk.answer()
    assert desk.asked == ["one?", "two?", "three?"]
    assert not pane.waiting.isVisible()
    assert [exchange.outcome for exchange in pane.exchanges] == [Outcome.ANSWERED] * 2 + [Outcome.RUNNING]


def test_stop_stops_only_what_runs(pane, desk):
    typed(pane, "one?")
    typed(pane, "two?")
    QTest.mouseClick(pane.composer.stop, LEFT)
    assert desk.stops == 1
    assert not pane.composer.stop.isEnabled()
    desk.stopped()
    assert pane.exchanges[0].outcome is Outcome.STOPPED
    assert desk.asked == ["one?", "two?"]
    assert pane.composer.stop.isEnabled()


def test_a_failure_does_not_eat_the_queue(pane, desk):
    for text in ("one?", "two?", "three?"):
        typed(pane, text)
    desk.fail()
    assert desk.asked == ["one?"]
    assert [wish.question for wish in pane.queue.line.wishes] == ["two?", "three?"]
    assert FAILED in pane.waiting._title.text()
    QTest.mouseClick(buttons(pane.turns[0])["Try again"], LEFT)
    desk.answer()
    assert desk.asked == ["one?", "one?", "two?"], "what waited goes on once the question is answered"
    assert questions(pane) == ["one?", "two?"]


def test_go_on_leaves_the_failure_behind(pane, desk):
    typed(pane, "one?")
    typed(pane, "two?")
    desk.fail()
    QTest.mouseClick(buttons(pane.waiting)["Go on"], LEFT)
    assert desk.asked == ["one?", "two?"]


def test_waiting_questions_are_removed_moved_edited_and_asked_now(pane, desk, qtbot):
    for text in ("one?", "two?", "three?", "four?", "five?"):
        typed(pane, text)
    pane.activateWindow()
    rows = pane.waiting.rows
    QTest.mouseClick(rows[1].buttons["remove"], LEFT)
    QTest.mouseClick(pane.waiting.rows[2].buttons["front"], LEFT)
    assert [wish.question for wish in pane.queue.line.wishes] == ["five?", "two?", "four?"]
    QTest.keyClicks(pane.composer.box, "typed")
    QTest.mouseClick(pane.waiting.rows[1].buttons["edit"], LEFT)
    assert pane.composer.box.text == "two?"
    assert [wish.question for wish in pane.queue.line.wishes] == ["five?", "four?", "typed"], "nothing typed is lost"
    QTest.mouseClick(pane.waiting.rows[1].buttons["now"], LEFT)
    assert desk.stops == 1
    desk.stopped()
    assert desk.asked == ["one?", "four?"]


def test_the_focus_stays_in_the_list_and_leaves_it_when_it_is_empty(pane, desk):
    for text in ("one?", "two?", "three?"):
        typed(pane, text)
    pane.activateWindow()
    pane.waiting.rows[1].buttons["remove"].setFocus()
    QTest.keyClick(pane.waiting.rows[1].buttons["remove"], Qt.Key.Key_Space)
    assert pane.waiting.rows[0].buttons["remove"].hasFocus()
    QTest.keyClick(pane.waiting.rows[0].buttons["remove"], Qt.Key.Key_Space)
    assert pane.composer.box.hasFocus()


def test_control_enter_asks_before_all_that_waits(pane, desk):
    for text in ("one?", "two?"):
        typed(pane, text)
    typed(pane, "urgent?", CTRL)
    assert desk.stops == 1
    desk.stopped()
    assert desk.asked == ["one?", "urgent?"]


def test_what_waits_is_not_asked_about_another_film(pane, desk, plain_answer):
    typed(pane, "one?")
    typed(pane, "two?")
    pane.overtaken("Stopped, because another film was opened.")
    pane.set_film(replace(plain_answer.video, path=Path("other.mp4")), ())
    desk.free()
    assert desk.asked == ["one?"]
    assert OTHER_FILM in pane.waiting._title.text()
    QTest.mouseClick(buttons(pane.waiting)["Go on"], LEFT)
    assert desk.asked == ["one?", "two?"]


def test_an_edit_that_waits_becomes_a_question_of_its_own_when_its_turn_is_gone(pane, desk):
    typed(pane, "one?")
    desk.answer()
    typed(pane, "two?")
    pane.turns[0].edit_wanted.emit()
    QTest.keyClick(pane.composer.box, ENTER)
    assert pane.queue.line.wishes[0].turn == 1
    desk.fail()
    pane.begin_new()
    assert pane.queue.line.wishes[0].turn == 0


def test_suggestions_are_asked_and_offered_again_after_an_answer(pane, desk):
    first = pane._said.welcome.suggestions.rows[0]
    QTest.mouseClick(first, LEFT)
    assert desk.asked == ["When does the dog appear?"]
    assert not pane._said.welcome.isVisible()
    assert not pane._said.next.isVisible()
    desk.answer()
    offered = [row.words for row in pane._said.next.rows]
    assert pane._said.next.isVisible()
    assert "Is there a cat?" in offered
    assert "When does the dog appear?" not in offered
    QTest.mouseClick(pane._said.next.rows[-1], LEFT)
    assert desk.asked[-1] == offered[-1]
    desk.fail()
    assert not pane._said.next.isVisible()


def test_it_is_said_that_a_question_knows_nothing_of_those_before(pane, desk):
    line = pane._said.alone
    assert not line.isVisible(), "nothing was asked before the first"
    desk.ask("one?")
    assert not line.isVisible()
    desk.answer()
    assert line.isVisible()
    assert line.text().startswith("Each question is answered on its own")
    assert line.height() < 2 * line.fontMetrics().lineSpacing(), "one line"
    assert "on its own" in pane.composer.box.accessibleDescription()
    pane.begin_new()
    assert not line.isVisible()


def test_a_film_with_sound_says_that_it_is_not_heard(pane, plain_answer):
    assert plain_answer.video.has_audio
    assert pane._said._deaf.isVisible()
    pane.set_film(replace(plain_answer.video, has_audio=False), ())
    assert not pane._said._deaf.isVisible()


@pytest.mark.parametrize(
    "error",
    [
        VideoError("The film cannot be read.", advice="Open it again."),
        ModelError("The model is not here.", advice="Download it."),
        OutOfMemoryError("The device ran out of memory.", advice="Lower the budget."),
        OSError(28, "No space left on device"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_kind_of_error_says_what_to_do_and_can_be_tried_again(pane, desk, error):
    """As the worker turns them into events."""
    from app.worker import unexpected

    typed(pane, "one?")
    short = isinstance(error, OutOfMemoryError)
    failed = (
        Failed(error.message, error.advice, out_of_memory=short) if hasattr(error, "message") else unexpected(error)
    )
    pane.receive(failed)
    desk.free()
    exchange = pane.exchanges[0]
    assert (exchange.outcome, exchange.message, exchange.advice) == (Outcome.FAILED, failed.message, failed.advice)
    words = " ".join(label.text() for label in pane.turns[0].take.findChildren(type(pane.turns[0].take.status)))
    assert failed.message in words
    assert failed.advice in words
    assert ("Try with 20 frames" in buttons(pane.turns[0])) is short
    assert not pane.turns[0].take.status.isVisible()
    QTest.mouseClick(buttons(pane.turns[0])["Try again"], LEFT)
    assert desk.asked == ["one?", "one?"]
    assert len(pane.exchanges) == 1
    assert pane.exchanges[0].earlier == (), "a take without a word is not kept"


def test_fewer_frames_are_asked_for(pane, desk):
    typed(pane, "one?")
    desk.fail(short=True)
    QTest.mouseClick(buttons(pane.turns[0])["Try with 20 frames"], LEFT)
    assert desk.lighter == [20]
    desk.answer()
    assert [exchange.outcome for exchange in pane.exchanges] == [Outcome.ANSWERED]


def test_a_stop_says_where_it_stopped_and_keeps_the_words(pane, desk):
    typed(pane, "one?")
    pane.receive(SegmentScored(0, 0.5, 1, 10))
    desk.stopped()
    assert pane.exchanges[0].message == "Stopped. Scoring segments against the question."
    typed(pane, "two?")
    desk.write("The **apple")
    pane.receive(Stopped())
    assert pane.exchanges[1].text == "The **apple"
    assert "apple" in pane.turns[1].view.toPlainText()
    assert Cancelled().message == "Stopped.", "what the worker's Stopped stands for"


def test_notes_of_a_question_that_failed_are_kept(pane, desk):
    typed(pane, "one?")
    pane.receive(NoteAdded("The disk is full: the index is not kept."))
    desk.fail()
    assert pane.exchanges[0].notes == ("The disk is full: the index is not kept.",)
    assert "The disk is full" in " ".join(note.text for note in pane.turns[0].take.grounds.notes)


def test_what_the_engine_remarks_shows_before_the_answer(pane, desk):
    typed(pane, "one?")
    few = "No more than 128 frames are read, for want of memory."
    for _ in range(2):  # after a want of memory the engine begins anew
        pane.receive(NoteAdded(few))
    QTest.qWait(1)
    take = pane.turns[0].take
    assert take.running
    assert [(note.text, note.isVisible()) for note in take.grounds.notes] == [(few, True)]
    desk.answer()
    assert [note.text for note in take.grounds.notes].count(few) == 1


def test_a_question_that_names_nothing_known_says_so_at_once(pane, desk):
    typed(pane, "When does the zeppelin land?")
    (note,) = pane.turns[0].take.grounds.notes
    QTest.qWait(1)
    assert "zeppelin" in note.text
    assert note.isVisible()
    desk.answer()
    assert pane.exchanges[0].notes[0] == note.text
    pane.show_settings(replace(Settings(), model="tempo-6b"))
    typed(pane, "When does the zeppelin land?")
    assert pane.turns[1].take.grounds.notes == []


def test_the_words_come_back_after_memory_ran_out_halfway(pane, desk, answer_of):
    from engine.events import SegmentsFound

    typed(pane, "one?")
    desk.write("Void words.")
    pane.receive(SegmentsFound(answer_of("").segments, 40, 2.0))
    desk.write("At 9")
    pane.turns[0].view.settle()
    assert pane.turns[0].view.toPlainText() == "At 9"
    assert pane.exchanges[0].text == "At 9"


def test_tokens_that_are_dealt_show(pane, desk, plain_answer):
    typed(pane, "one?")
    pane.receive(BudgetAllocated(plain_answer.allocation, tuple(range(10)), provisional=False))
    assert pane.turns[0].take._progress.allocating.count == str(plain_answer.allocation.used)


def test_the_chips_follow_settings_and_answers(pane, desk):
    pane.show_settings(Settings())
    typed(pane, "one?")
    desk.answer()
    assert pane.composer.chips.budget.text() == "40 tokens"
    pane.show_settings(Settings(budget=4096))
    assert pane.composer.chips.budget.text() == "4,096 tokens"


def test_of_a_model_that_was_just_chosen_no_more_than_its_name_is_known(pane, desk, plain_answer):
    chip = pane.composer.chips.model
    pane.receive(ModelLoaded(plain_answer.model, 0.1))
    assert chip.text() == "nano · fp32"
    pane.show_settings(Settings(model="/models/tempo-6b"))
    assert chip.text() == "tempo-6b, loading"
    pane.receive(Failed("The model is not here.", "Download it.", no_model=True))
    assert chip.text() == "tempo-6b, cannot be loaded"
    pane.show_settings(Settings(precision="int8"))
    assert chip.text() == "nano, loading"
    pane.receive(ModelLoaded(replace(plain_answer.model, precision="int8"), 0.1))
    pane.receive(Failed("A tensor is wrong.", "", no_model=True))
    assert chip.text() == "nano · int8", "it is loaded, whatever else failed"


def test_a_model_that_is_missing_can_be_chosen(pane, desk):
    typed(pane, "one?")
    pane.receive(Failed("The model is not here.", "Download it.", no_model=True))
    desk.free()
    wanted = []
    pane.model_wanted.connect(lambda: wanted.append(1))
    QTest.mouseClick(buttons(pane.turns[0])["Choose a model"], LEFT)
    assert wanted == [1]
    before = pane.exchanges
    pane.restore(before)
    assert "Choose a model" in buttons(pane.turns[0])


def test_the_worker_tells_errors_of_the_model_from_others(qapp):
    from app.worker import Worker

    told = []
    for error in (ModelError("No model."), VideoError("No film."), OutOfMemoryError("No memory.")):
        worker = Worker(lambda: None)
        worker.emitted.connect(lambda _, event: told.append((event.no_model, event.out_of_memory)))

        def fail(*_, error=error):
            raise error

        worker._run(1, CancelToken(), fail)
    assert told == [(True, False), (False, False), (False, True)]


def test_a_question_keeps_the_part_of_the_film_it_was_about(pane, desk):
    pane.set_range((2.0, 6.0))
    typed(pane, "one?")
    typed(pane, "two?")
    pane.set_range(None)
    assert desk.asked == ["one?"]
    assert pane.exchanges[0].range_seconds == (2.0, 6.0)
    assert pane.turns[0].card._part.text() == "About 0:02.0 – 0:06.0 only"
    desk.answer()
    assert desk.changed == [{"range_seconds": (2.0, 6.0)}], "what waited was asked about the part chosen then"
    desk.answer()
    pane.turns[0].again_wanted.emit()
    assert desk.changed[-1] == {"temperature": 0.7, "seed": 1, "range_seconds": (2.0, 6.0)}
    desk.answer()
    typed(pane, "whole?")
    assert pane.exchanges[-1].range_seconds is None
    assert not pane.turns[-1].card._part.isVisible()


def test_a_part_of_one_film_is_none_of_another(pane, desk, plain_answer):
    pane.set_range((2.0, 6.0))
    typed(pane, "one?")
    typed(pane, "two?")
    pane.set_film(replace(plain_answer.video, path=Path("other.mp4")), ())
    pane.set_range(None)
    desk.free()
    QTest.mouseClick(buttons(pane.waiting)["Go on"], LEFT)
    assert desk.asked[-1] == "two?"
    assert desk.changed == []


def test_fewer_frames_of_a_part(pane, desk):
    pane.set_range((2.0, 6.0))
    typed(pane, "one?")
    desk.fail(short=True)
    pane.set_range(None)
    QTest.mouseClick(buttons(pane.turns[0])["Try with 20 frames"], LEFT)
    assert desk.changed == [{"max_frames": 20, "range_seconds": (2.0, 6.0)}]
