"""Places are numbered alike everywhere: named times first, then evidence that adds something."""

from dataclasses import replace

import pytest
from scripted import ScriptedSession

from app.pins import pins
from engine.cancel import CancelToken
from engine.records import Citation


@pytest.fixture
def answer(film):
    session = ScriptedSession()
    session.open(film, lambda event: None)
    return session.ask("When?", emit=lambda event: None, cancel=CancelToken())


def place(start, segments, *, quote="", supported=True):
    return Citation(start, start + 2, segments, quote, supported)


def test_named_times_come_first_and_numbers_follow(answer):
    made = replace(answer, citations=(place(8.0, (4,), quote="9.0 seconds"), place(2.0, (1,), quote="3.0 seconds",
                   supported=False)), evidence=(place(6.0, (3,)),))  # fmt: skip
    found = pins(made)
    assert [(pin.number, pin.seconds, pin.named, pin.weak) for pin in found] == [
        (1, 8.0, True, False), (2, 2.0, True, True), (3, 6.0, False, False)]  # fmt: skip
    assert found[0].tokens == answer.allocation.shares[4]
    assert found[0].relevance == answer.scores[4]


def test_evidence_the_answer_names_is_not_numbered_twice(answer):
    made = replace(answer, citations=(place(8.0, (4,), quote="9.0 seconds"),), evidence=(place(6.0, (3, 4)),))
    assert len(pins(made)) == 1


def test_times_outside_the_film_get_no_pin(answer):
    made = replace(answer, citations=(place(999.0, (), quote="999.0 seconds", supported=False),), evidence=())
    assert pins(made) == ()
