"""The answer for the clipboard: the model's own words, every time with its place, the evidence below."""

from dataclasses import replace

import pytest
from scripted import ScriptedSession

from app.conversation import Exchange, Outcome
from app.export.with_times import with_times
from engine.cancel import CancelToken
from engine.records import Citation


@pytest.fixture
def answer(film):
    session = ScriptedSession()
    session.open(film, lambda event: None)
    return session.ask("When?", emit=lambda event: None, cancel=CancelToken())


def test_times_stand_behind_the_words_that_name_them(answer):
    text = with_times(Exchange(1, "When?", Outcome.ANSWERED, answer.text, answer))
    assert "appears at 9.0 seconds [0:08.0], and" in text
    assert "999.0 seconds [unsupported]." in text
    assert "Evidence in numbered.mp4:\n\n1. [0:08.0] 0:08.0 – 0:10.0, 8 tokens, relevance 0.92" in text


def test_markdown_stays_and_overlaps_do_not_double(answer):
    text = "**At 9.0 seconds**"
    citations = (Citation(8.0, 10.0, (4,), "9.0 seconds", True, (5,)), Citation(8.0, 9.0, (4,), "9.0", True, (5,)))
    made = replace(answer, text=text, citations=citations, evidence=())
    assert with_times(Exchange(1, "?", Outcome.ANSWERED, text, made)).startswith("**At 9.0 seconds [0:08.0]**\n\n")


def test_an_answer_that_was_broken_off_is_its_words():
    assert with_times(Exchange(1, "?", Outcome.STOPPED, "The app")) == "The app"
