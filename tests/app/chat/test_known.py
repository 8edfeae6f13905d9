"""A question that names nothing the bundled model knows is met with a warning, any other with none."""

import pytest

from app.chat.known import unknown_note
from app.knowledge import SAMPLE, read_knowledge, sample_questions

THINGS = read_knowledge().things


@pytest.mark.parametrize(
    "question",
    ["When does the dog appear?", "when do the Dogs appear", "What appears at 18 seconds?", "What happens?",
     "Is there a hot dog or a cat?", "Which cherries?", "", "How many things are in the film?", "1:02"],
)  # fmt: skip
def test_no_warning(question):
    assert unknown_note(question, THINGS) == ""


@pytest.mark.parametrize("question", ["When does the zeppelin land?", "Is there a president?", "Find the Eiffel tower"])
def test_a_warning_names_the_words_and_how_many_things_there_are(question):
    note = unknown_note(question, THINGS)
    assert question.split()[-1].strip("?").lower() in note
    assert f"{len(THINGS)} things" in note


def test_a_model_that_names_everything_is_never_warned_of():
    assert unknown_note("When does the zeppelin land?", ()) == ""


def test_every_question_it_comes_with_is_known():
    for question in (*sample_questions(SAMPLE), *read_knowledge().questions):
        assert unknown_note(question, THINGS) == "", question


@pytest.mark.parametrize(
    "wording",
    ["When does the {x} appear?", "At which second does the {x} show up?", "Find the {x}.",
     "Where in the film is the {x}?", "When can I see the {x}?", "Does the film show a {x}?",
     "Can a {x} be seen?", "Is there any {x}?",
     "When is there a {x} on screen?", "At 12 seconds, what do we see?", "Which things appear at 12 seconds?",
     "What can be seen at second 12?", "What is on screen at 12 seconds?"],
)  # fmt: skip
def test_the_words_around_a_thing_are_no_things(wording):
    assert unknown_note(wording.format(x="dog"), THINGS) == ""
    if "{x}" in wording:
        assert "“zeppelin”:" in unknown_note(wording.format(x="zeppelin"), THINGS)
