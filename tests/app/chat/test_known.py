"""A question that names nothing the bundled model knows is met with a warning, any other with none."""

import pytest

from app.chat.known import unknown_note
from app.knowledge import SAMPLE, read_knowledge, sample_questions
from engine.evaluation.sample import sample_truth
from engine.training.architecture import write_json
from engine.training.asking.wordings import HELD_OUT, TRAINED
from engine.training.publishing import knowledge

THINGS = read_knowledge().things


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """What a model of the whole drawn world knows."""
    folder = tmp_path_factory.mktemp("world")
    write_json(folder / "knows.json", knowledge())
    return read_knowledge(folder)


@pytest.mark.parametrize(
    "question",
    ["When does the dog appear?", "when do the Dogs appear", "What appears at 18 seconds?", "What happens?",
     "Is there a hot dog or a cat?", "Which cherries?", "Does anyone eat pizza?", "Do people fly kites?",
     "Do they play guitar?", "Does John own cats?", "", "How many things are in the film?", "1:02"],
)  # fmt: skip
def test_no_warning(question):
    assert unknown_note(question, THINGS) == ""


@pytest.mark.parametrize("question", ["When does the zeppelin land?", "Is there a president?", "Find the Colosseum"])
def test_a_warning_names_the_words_and_how_many_things_there_are(question):
    note = unknown_note(question, THINGS)
    assert any(f"“{word}”" in note for word in ("zeppelin", "president", "colosseum"))
    assert f"{len(THINGS)} things" in note


@pytest.mark.parametrize(
    ("question", "words"),
    [("When does the zeppelin land?", "“zeppelin”;"), ("Did we meet a president?", "“president”;"),
     ("Does the zeppelin crash into the colosseum?", "“zeppelin” or “colosseum”;"),
     ("Do we see a space shuttle?", "“space” or “shuttle”;"), ("Does the zeppelin?", "“zeppelin”;")],
)  # fmt: skip
def test_what_a_thing_does_is_no_thing(question, words):
    assert words in unknown_note(question, THINGS)


def test_a_model_that_names_everything_is_never_warned_of():
    assert unknown_note("When does the zeppelin land?", ()) == ""


def test_every_question_it_comes_with_is_known_but_the_one_that_is_to_be_declined():
    known = read_knowledge()
    declined = {one.question for one in sample_truth() if one.unknown}
    assert len(declined) == 1
    for question in (*sample_questions(SAMPLE), *known.questions):
        noted = unknown_note(question, known.things, besides=known.besides)
        assert bool(noted) == (question in declined), question


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
        assert "“zeppelin”;" in unknown_note(wording.format(x="zeppelin"), THINGS)


@pytest.mark.parametrize("wordings", [TRAINED, HELD_OUT])
def test_no_question_of_the_whole_world_is_warned_of_but_those_about_what_it_lacks(world, wordings):
    for kind, texts in wordings.items():
        for text in texts:
            asked = text.format(x="dog", y="cat", xs="dogs", ys="cats", t=12, s="MARKET 7")
            assert unknown_note(asked, world.things, besides=world.besides) == "", (kind, asked)
            if "{x" in text:
                asked = text.format(x="zeppelin", y="tapir", xs="zeppelins", ys="tapirs", t=12, s="MARKET 7")
                assert "zeppelin" in unknown_note(asked, world.things, besides=world.besides), (kind, asked)


def test_colours_and_places_are_no_unknown_things(world):
    for question in ("Is it red or blue at 12 seconds?", "Are we at the beach?", "When does it say GATE?"):
        assert unknown_note(question, world.things, besides=world.besides) == ""
        assert unknown_note(question, world.things) != ""
