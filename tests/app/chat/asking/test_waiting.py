"""The line of waiting questions: order, front, removal, holding."""

from app.chat.asking.recalled import Recalled
from app.chat.asking.waiting import Line, Wish

A, B, C = Wish("a"), Wish("b", turn=2), Wish("c", frames=8)


def test_first_come_first_asked():
    assert Line().with_last(A).with_last(B).wishes == (A, B)
    assert Line((A,)).with_first(B).wishes == (B, A)


def test_one_can_be_moved_or_removed():
    line = Line((A, B, C))
    assert line.with_in_front(2).wishes == (C, A, B)
    assert line.without(1).wishes == (A, C)
    assert line.wishes == (A, B, C), "a line is never changed"


def test_a_held_line_stays_held_until_it_is_empty():
    line = Line((A, B)).hold("why")
    assert line.without(0).held == "why"
    assert line.with_in_front(1).held == "why"
    assert line.without(0).without(0).held == ""
    assert Line().hold("why").held == ""
    assert line.go_on().held == ""


def test_without_their_turns_all_are_new():
    assert [wish.turn for wish in Line((A, B)).all_new().wishes] == [0, 0]


def test_questions_are_recalled_back_and_forth():
    past = Recalled()
    for question in ("one", "two", "one"):
        past.add(question)
    assert [past.step(-1), past.step(-1), past.step(-1)] == ["one", "two", None]
    assert [past.step(1), past.step(1), past.step(1)] == ["one", "", None]


def test_those_of_a_restored_conversation_come_before_those_asked_since():
    past = Recalled()
    past.add("since")
    past.fill(["old", "older"])
    assert [past.step(-1), past.step(-1), past.step(-1)] == ["since", "older", "old"]
