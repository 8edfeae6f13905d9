"""Nothing is cut in the narrowest pane or the widest, every control has a name, Tab reaches all of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.chat.answer.view import AnswerView

TEXT = """# A title that is long enough to wrap in a narrow pane

At **9.0 seconds** and at 999.0 seconds: https://example.com/averyveryveryveryveryverylongword/that/goes/on/and/on

| When | What | Where | How |
|---|---|---|---|
| 9.0 seconds | a red apple | in the basket | slowly |

没有空格的很长的句子没有空格的很长的句子没有空格的很长的句子 😀😀😀 التفاحة تظهر
"""
LONG_QUESTION = "When does https://example.com/" + "x" * 120 + " appear?"


@pytest.fixture
def full(pane, desk, qtbot):
    """Everything at once: an answer, a failure, what waits, an edit."""

    def make(width, height=900):
        pane.resize(width, height)
        desk.ask(LONG_QUESTION)
        desk.answer(TEXT)
        pane.turns[0].again_wanted.emit()
        desk.answer(TEXT + "\n\nAt 1.0 seconds.")
        pane.turns[0].take.grounds.facts.set_open(True)
        desk.ask("Fails?")
        desk.fail("The device ran out of memory with " + "y" * 90, "Lower the budget.", short=True)
        desk.ask("Runs?")
        for question in ("waits?", LONG_QUESTION):
            QTest.keyClicks(pane.composer.box, question)
            QTest.keyClick(pane.composer.box, Qt.Key.Key_Return)
        pane.set_range((3601.5, 7322.5))
        pane.composer.edit(1, LONG_QUESTION)
        qtbot.wait(60)
        return pane

    return make


def visible(pane, kind):
    return [part for part in pane.findChildren(kind) if part.isVisibleTo(pane)]


@pytest.mark.parametrize("width", [320, 380, 544, 1200])
def test_nothing_reaches_beyond_the_pane(full, width):
    pane = full(width)
    assert pane.width() == width, "the parts ask for no more room than there is"
    assert pane._said.view.widget().width() <= pane._said.view.viewport().width()
    for part in visible(pane, QWidget):
        right = part.mapTo(pane, part.rect().topRight()).x()
        assert right <= width, f"{type(part).__name__} {part.accessibleName()!r} reaches to {right}"
    for view in visible(pane, AnswerView):
        assert view.document().idealWidth() <= view.viewport().width() + 1
    for button in visible(pane, QAbstractButton):
        assert button.width() >= min(button.minimumSizeHint().width(), 28), button.text()


@pytest.mark.parametrize("width", [320, 544])
def test_every_line_of_text_has_its_height(full, width):
    pane = full(width)
    for label in visible(pane, QLabel):
        if label.text() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()) - 1, label.text()


def test_every_control_has_a_name(full):
    pane = full(480)
    for button in visible(pane, QAbstractButton):
        assert button.accessibleName() or button.text(), f"{type(button).__name__} at {button.geometry()}"
        if not button.text() and not button.accessibleName():
            raise AssertionError
        if not button.text() and type(button).__name__ == "IconButton":
            assert button.toolTip()


def test_tab_reaches_every_control_and_comes_round(full, qtbot):
    pane = full(480)
    pane.composer.leave_edit()
    pane.activateWindow()
    pane.composer.box.setFocus()
    wanted = {button for button in visible(pane, QAbstractButton)
              if button.isEnabled() and button.focusPolicy() & Qt.FocusPolicy.TabFocus}  # fmt: skip
    reached = set()
    for _ in range(3 * len(wanted) + 20):
        QTest.keyClick(pane.focusWidget(), Qt.Key.Key_Tab)
        reached.add(pane.focusWidget())
    missed = {button.accessibleName() or button.text() for button in wanted - reached}
    assert missed == set()
    assert pane.composer.box in reached


def test_a_focused_control_is_scrolled_into_view(full):
    pane = full(480, 500)
    pane.activateWindow()
    view = pane._said.view
    edit = pane.turns[0].actions_row.edit
    pane.turns[0].actions_row.again.setFocus()
    QTest.keyClick(pane.turns[0].actions_row.again, Qt.Key.Key_Tab)
    assert edit.hasFocus()
    top = edit.mapTo(view.viewport(), edit.rect().topLeft()).y()
    assert 0 <= top <= view.viewport().height() - edit.height()


@pytest.fixture
def said(monkeypatch):
    """What a screen reader is given."""
    heard = []
    monkeypatch.setattr("app.announcing.QAccessible.updateAccessibility", lambda event: heard.append(event.message()))
    return heard


def test_how_a_question_ended_is_said_aloud_once(pane, desk, said):
    desk.ask("one?")
    desk.write("At 9")
    assert said == [], "not every word"
    desk.answer("At 9.0 seconds.")
    desk.ask("two?")
    desk.fail("No memory left.", "Lower the budget.")
    desk.ask("three?")
    desk.stopped()
    desk.ask("four?")
    desk.answer("word " * 200)
    QTest.mouseClick(pane.turns[0].actions_row.copy, Qt.MouseButton.LeftButton)
    assert said[:3] == [
        "Answer to question 1: At 9.0 seconds.", "Question 2 failed: No memory left. Lower the budget.",
        "Question 3 is stopped.",
    ]  # fmt: skip
    assert len(said[3]) < 450
    assert said[3].endswith("word …")
    assert said[4] == "Copied"
