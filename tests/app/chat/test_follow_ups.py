"""What is offered next was not asked yet, and leads to a place in the film."""

from dataclasses import replace

from app.chat.follow_ups import follow_ups
from engine.records import Citation

OTHER = Citation(2.0, 4.0, (1,), "", True)


def test_a_place_that_is_not_named_comes_first(plain_answer):
    answer = replace(plain_answer, evidence=(OTHER,))
    found = follow_ups(answer, asked=["When?"], suggested=["A?", "B?", "C?"])
    assert found == ("What appears at 3 seconds?", "A?", "B?")


def test_a_general_model_is_asked_in_general_words(plain_answer):
    general = replace(plain_answer, evidence=(OTHER,), model=replace(plain_answer.model, bundled=False))
    assert follow_ups(general, asked=[], suggested=[])[0] == "What happens at 0:03?"


def test_what_was_asked_is_not_offered_again(plain_answer):
    asked = ["what appears at 9 seconds", "a?"]
    assert follow_ups(plain_answer, asked=asked, suggested=["A?", "B?"]) == ("B?",)


def test_without_places_only_suggestions(plain_answer):
    bare = replace(plain_answer, citations=(), evidence=())
    assert follow_ups(bare, asked=[], suggested=["A?"]) == ("A?",)
