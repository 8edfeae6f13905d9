"""What the model wrote is text; only times that hold become links."""

from dataclasses import replace

import pytest
from scripted import ScriptedSession

from app.chat.answer_text import answer_html, weak_notes
from app.theme import DARK
from engine.cancel import CancelToken
from engine.records import Citation


@pytest.fixture
def answer(film):
    session = ScriptedSession()
    session.open(film, lambda event: None)
    return session.ask("When?", emit=lambda event: None, cancel=CancelToken())


def test_supported_times_are_links_and_others_are_not(answer):
    html = answer_html(answer, DARK)
    assert html.count("<a ") == 1
    assert 'href="tempo:8.000"' in html
    assert "999.0&nbsp;seconds" in html
    assert "unsupported" in html
    assert "999.0 seconds" in weak_notes(answer)[0]


def test_markup_in_an_answer_stays_text(answer):
    evil = '<img src="http://evil.example/x.png"><script>1</script> <a href="tempo:1">x</a> & "q"'
    html = answer_html(replace(answer, text=evil, citations=()), DARK)
    assert "<img" not in html
    assert "<script" not in html
    assert "<a " not in html
    assert "&lt;img" in html


def test_a_quote_named_twice_is_linked_twice(answer):
    text = "At 9.0 seconds, and again at 9.0 seconds."
    starts = (text.index("9.0"), text.rindex("9.0"))
    citation = Citation(8.0, 10.0, (4,), "9.0 seconds", True, starts)
    html = answer_html(replace(answer, text=text, citations=(citation,)), DARK)
    assert html.count('href="tempo:8.000"') == 2
    assert html.count("again at") == 1


def test_weak_evidence_says_its_tokens(answer):
    weak = Citation(0.0, 2.0, (0,), "1.0 seconds", False)
    note = weak_notes(replace(answer, citations=(weak,)))[0]
    assert f"{answer.allocation.shares[0]} tokens" in note
