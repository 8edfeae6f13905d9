"""Typing, sending, recalling, editing: by real keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.asking.composer import Composer
from app.theme import DARK

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
UP, DOWN, ENTER, ESCAPE = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def composer(dressed, qtbot):
    pane, made = QWidget(), Composer(DARK)
    qtbot.addWidget(pane)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.addStretch()
    column.addWidget(made)
    pane.resize(320, 500)
    pane.show()
    qtbot.waitExposed(pane)
    made.set_film(True)
    pane.activateWindow()
    made.box.setFocus()
    made.heard = []
    made.sent.connect(lambda *values: made.heard.append(("sent", *values)))
    made.urgent.connect(lambda *values: made.heard.append(("urgent", *values)))
    yield made
    pane.hide()


def ask(composer, text):
    QTest.keyClicks(composer.box, text)
    QTest.keyClick(composer.box, ENTER)


def test_enter_sends_and_shift_enter_is_a_new_line(composer):
    QTest.keyClicks(composer.box, "one")
    QTest.keyClick(composer.box, ENTER, SHIFT)
    ask(composer, "two")
    assert composer.heard == [("sent", "one\ntwo", 0)]
    assert composer.box.toPlainText() == ""


def test_nothing_is_sent_without_words_or_film(composer):
    ask(composer, "   ")
    composer.set_film(False)
    ask(composer, "When?")
    assert composer.heard == []
    assert composer.box.text == "When?"


def test_arrows_recall_only_in_a_box_nobody_typed_in(composer):
    for question in ("first?", "second?"):
        ask(composer, question)
    QTest.keyClick(composer.box, UP)
    QTest.keyClick(composer.box, UP)
    assert composer.box.text == "first?"
    QTest.keyClick(composer.box, DOWN)
    QTest.keyClick(composer.box, DOWN)
    assert composer.box.text == ""
    QTest.keyClicks(composer.box, "typed")
    QTest.keyClick(composer.box, UP)
    assert composer.box.text == "typed"
    composer.box.put("")
    QTest.keyClick(composer.box, UP)
    QTest.keyClicks(composer.box, "!")
    QTest.keyClick(composer.box, UP)
    assert composer.box.text == "second?!"


def test_while_an_answer_comes_it_can_be_stopped_and_what_is_sent_waits(composer):
    composer.set_busy(True)
    assert composer.stop.isVisible()
    assert not composer.send.isVisible()
    QTest.keyClicks(composer.box, "next")
    assert composer.send.isVisible()
    assert "Ctrl+Enter" in composer.send.toolTip()
    QTest.keyClick(composer.box, ENTER, CTRL)
    assert composer.heard == [("urgent", "next", 0)]
    composer.set_busy(False)
    QTest.keyClicks(composer.box, "more")
    QTest.keyClick(composer.box, ENTER, CTRL)
    assert composer.heard[-1] == ("sent", "more", 0)


def test_editing_says_which_question_and_gives_the_draft_back(composer):
    QTest.keyClicks(composer.box, "draft")
    composer.edit(3, "old question")
    assert composer.box.text == "old question"
    assert "question 3" in composer._edit_words.text()
    assert composer._edit_bar.isVisible()
    QTest.keyClick(composer.box, ESCAPE)
    assert composer.box.text == "draft"
    assert not composer._edit_bar.isVisible()
    composer.edit(3, "old question")
    ask(composer, " anew")
    assert composer.heard == [("sent", "old question anew", 3)]
    assert (composer.box.text, composer.editing) == ("draft", 0)


def test_escape_is_passed_on_when_nothing_is_edited(composer):
    escaped = []
    composer.box.escaped.connect(lambda: escaped.append(1))
    QTest.keyClick(composer.box, ESCAPE)
    assert escaped == []


def test_the_box_grows_to_five_lines_and_no_further(composer):
    one = composer.box.height()
    composer.box.put("a\nb\nc")
    three = composer.box.height()
    composer.box.put("\n" * 40)
    assert one < three < composer.box.height() < 6 * one
    assert composer.box.height() < 5.5 * composer.box.fontMetrics().lineSpacing() + 10


def test_chips_say_what_a_question_is_asked_with(composer):
    chips = composer.chips
    chosen = []
    chips.budget_chosen.connect(chosen.append)
    chips.set_budget(3000)
    assert chips.budget.text() == "3,000 tokens"
    chips.budget.menu().aboutToShow.emit()
    by_name = {action.text(): action for action in chips.budget.menu().actions()}
    assert by_name["3,000 tokens"].isChecked()
    by_name["2,048 tokens"].trigger()
    by_name["As the model was made"].trigger()
    assert chosen == [2048, None]
    chips.set_budget(None)
    chips.set_usual_budget(8192)
    assert chips.budget.text() == "8,192 tokens"


def test_a_range_is_shown_and_can_be_cleared(composer):
    chips, cleared = composer.chips, []
    chips.range_cleared.connect(lambda: cleared.append(1))
    assert (chips.range.text(), chips.clear.isVisible()) == ("Whole film", False)
    chips.set_range((12.0, 34.5))
    assert chips.range.text() == "0:12.0 – 0:34.5"
    assert chips.range.accessibleName() == "Part of the film: 0:12.0 – 0:34.5"
    QTest.mouseClick(chips.clear, Qt.MouseButton.LeftButton)
    assert cleared == [1]


def test_all_parts_stay_inside_the_narrowest_pane(composer, qtbot):
    composer.set_busy(True)
    composer.chips.set_model("Tempo-6B · nf4")
    composer.chips.set_range((3601.5, 7322.5))
    composer.box.put("x" * 200)
    qtbot.wait(20)
    for part in (*composer.chips.children(), composer.stop, composer.send, composer.box):
        if getattr(part, "isVisible", bool)():
            assert part.mapTo(composer, part.rect().topRight()).x() <= 320
            assert part.mapTo(composer, part.rect().bottomLeft()).y() <= composer.height()
