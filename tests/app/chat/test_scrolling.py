"""The conversation follows what is written, lets go of who scrolls away, and offers the way back."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest

LONG = "\n\n".join(f"Paragraph {n} with some words in it to fill the line." for n in range(60))


@pytest.fixture
def low(pane):
    pane.resize(480, 500)
    QTest.qWait(20)
    return pane


def bar(pane):
    return pane._said.view.verticalScrollBar()


def write(pane, desk, text):
    desk.write(text)
    pane.turns[-1].view.settle()
    rest(pane)


def rest(pane):
    """Until every part has told its height: a busy machine takes longer."""
    before = None
    while before != (now := (bar(pane).maximum(), pane._said.view.widget().height(), pane.turns[-1].view.height())):
        before = now
        QTest.qWait(30)


def wheel(pane, notches):
    view = pane._said.view.viewport()
    where = QPointF(view.rect().center())
    event = QWheelEvent(where, view.mapToGlobal(where), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QGuiApplication.sendEvent(view, event)
    rest(pane)


def test_it_follows_the_stream(low, desk):
    desk.ask("one?")
    for part in LONG.split("\n\n")[:40]:
        write(low, desk, part + "\n\n")
    assert bar(low).maximum() > 400
    assert bar(low).value() == bar(low).maximum()
    assert not low._said.view.newest.isVisible()


def test_who_scrolls_away_is_left_alone_and_can_come_back(low, desk):
    desk.ask("one?")
    write(low, desk, LONG)
    wheel(low, 3)
    where = bar(low).value()
    assert where < bar(low).maximum() - 100
    write(low, desk, "\n\n" + LONG)
    assert bar(low).value() == where
    newest = low._said.view.newest
    assert newest.isVisible()
    QTest.mouseClick(newest, Qt.MouseButton.LeftButton)
    assert bar(low).value() == bar(low).maximum()
    write(low, desk, "\n\n" + LONG)
    assert bar(low).value() == bar(low).maximum()
    assert not newest.isVisible()


def test_who_scrolls_back_by_hand_is_followed_again(low, desk):
    desk.ask("one?")
    write(low, desk, LONG)
    wheel(low, 3)
    wheel(low, -30)
    write(low, desk, "\n\n" + LONG)
    assert bar(low).value() == bar(low).maximum()


def test_a_complete_answer_keeps_its_question_in_view(low, desk):
    desk.ask("one?")
    write(low, desk, "Short, at 9.0 seconds.")
    desk.answer("Short, at 9.0 seconds.")
    QTest.qWait(50)
    turn = low.turns[0]
    assert turn.y() - bar(low).value() >= 0


def test_an_answer_that_is_gone_is_not_held_in_view(low, desk):
    desk.ask("one?")
    desk.answer("Short, at 9.0 seconds.")
    low.clear()
    QTest.qWait(50)
    desk.ask("two?")
    write(low, desk, LONG)
    assert bar(low).value() == bar(low).maximum() > 800


def test_a_long_answer_is_not_scrolled_on_under_the_reader(low, desk):
    desk.ask("one?")
    write(low, desk, LONG)
    where = bar(low).value()
    desk.answer(LONG)
    QTest.qWait(50)
    assert bar(low).value() == pytest.approx(where, abs=60)
    assert low._said.view.newest.isVisible()


def test_a_question_that_slipped_over_the_edge_comes_back_whole_with_its_answer(low, desk, qtbot):
    desk.ask("one?")
    text = ""
    for _ in range(60):
        text += "Words of an answer. "
        desk.write("Words of an answer. ")
        QTest.qWait(20)
        if bar(low).value() > low.turns[0].y() + 8:
            break
    assert 8 < bar(low).value() - low.turns[0].y() < 60
    desk.answer(text)
    qtbot.waitUntil(lambda: low.turns[0].y() - bar(low).value() == 12)


def test_page_keys_in_the_box_scroll_the_conversation(low, desk, qtbot):
    desk.ask("one?")
    write(low, desk, LONG)
    qtbot.waitUntil(lambda: bar(low).value() == bar(low).maximum() > 800)
    end, page = bar(low).value(), bar(low).pageStep()
    QTest.keyClick(low.composer.box, Qt.Key.Key_PageUp)
    assert bar(low).value() == pytest.approx(end - page, abs=2)
    newest, view = low._said.view.newest, low._said.view.viewport()
    assert newest.isVisible()
    assert newest.y() >= view.geometry().bottom(), "the way back lies over what is read"
    QTest.keyClick(low.composer.box, Qt.Key.Key_PageDown)
    assert bar(low).value() == end


def test_the_past_comes_in_above_without_moving_what_is_read(low, past, qtbot):
    low.restore(past(30))
    QTest.qWait(1)
    qtbot.waitUntil(lambda: len(low.turns) == 30, timeout=10_000)
    QTest.qWait(100)
    assert bar(low).value() == bar(low).maximum()
    wheel(low, 2)
    where = bar(low).maximum() - bar(low).value()
    assert where > 50


def test_an_older_question_asked_anew_is_brought_into_view(low, desk, past, qtbot):
    low.restore(past(10))
    qtbot.waitUntil(lambda: len(low.turns) == 10, timeout=10_000)
    QTest.qWait(100)
    low.turns[2].again_wanted.emit()
    qtbot.waitUntil(lambda: abs(low.turns[2].y() - bar(low).value() - 12) <= 2)
    desk.write("Words")
    QTest.qWait(50)
    assert low.turns[2].y() - bar(low).value() == pytest.approx(12, abs=2)


def test_what_greets_is_read_from_its_top_on(low, desk):
    QTest.qWait(50)
    assert bar(low).maximum() > 0, "the welcome fits whole: this test shows nothing"
    assert bar(low).value() == 0
    assert not low._said.view.newest.isVisible()
    desk.ask("one?")
    write(low, desk, LONG)
    assert bar(low).value() == bar(low).maximum()
    desk.answer(LONG)
    low.clear()
    QTest.qWait(50)
    assert bar(low).value() == 0
