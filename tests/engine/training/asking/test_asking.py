"""Questions agree with their films: every answer can be checked against the plan, and every kind can be asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from engine.training.asking import special
from engine.training.asking.kinds import BUILDERS, KINDS, LOCAL, RELATIONAL, ask, ask_kind, desk_for
from engine.training.asking.nouns import UNKNOWN, UNKNOWN_IN_TEST
from engine.training.asking.phrasing import filled, slots_of
from engine.training.asking.truth import Clock, Truth, runs, segments
from engine.training.asking.wordings import CHOICES, HELD_OUT, HELD_OUT_CHOICES, STORIES, TRAINED, spelled_out
from engine.training.publishing import names
from engine.training.world.combination import TRAIN
from engine.training.world.composing import sample_film
from engine.training.world.language import plural
from engine.training.world.palette import NAMED, SHAPES
from engine.training.world.plan import Actor, Caption, Film, Scene
from engine.training.world.styles import NOTO
from engine.training.world.things import ALL_THINGS, MASS, NAMES
from engine.weights.catalogue import locate

ROOT = Path(__file__).parents[4]


def clock_of(film, offset=0):
    return Clock(tuple(f"{offset + 2 * place + 1:.1f}" for place in range(film.seconds // 2)), offset)


@pytest.fixture(scope="module")
def desks():
    films = [sample_film(np.random.default_rng(seed), segments=16, split=TRAIN, artists=(NOTO,)) for seed in range(24)]
    return [desk_for(np.random.default_rng(n), film, clock_of(film)) for n, film in enumerate(films)]


def cast(thing, *, enters=0, leaves=4, count=1, tint="", motion="still"):
    return Actor(thing, NOTO, tint, count, 60.0, 100.0, 96.0, motion, 20.0, enters, leaves, False, False, 0)


@pytest.fixture
def told():
    """Sixteen seconds: a red balloon and three dogs at the beach, an owl there, the dog again in space."""
    scenes = (
        Scene(4, "beach", "", 0, (cast("balloon", tint="red", motion="left"), cast("dog", count=3, enters=2)),
              Caption("GATE 42", "plain", "white", "", True, 0, 4)),
        Scene(4, "beach", "", 1, (cast("owl"),)),
        Scene(4, "space", "", 2, (cast("dog"), cast("cake", leaves=2))),
        Scene(4, "", "green", 3, (cast("grapes"),)),
    )  # fmt: skip
    film = Film(scenes)
    return desk_for(np.random.default_rng(0), film, clock_of(film))


EXPECTED = {
    "when": {
        "The balloon appears from 1.0 to 3.0 seconds.", "The red balloon appears from 1.0 to 3.0 seconds.",
        "The dog appears at 3.0 seconds and from 9.0 to 11.0 seconds.", "The owl appears from 5.0 to 7.0 seconds.",
        "The cake appears at 9.0 seconds.", "The grapes appear from 13.0 to 15.0 seconds.",
    },
    "caption": {"The text GATE 42 appears from 1.0 to 3.0 seconds."},
    "text": {"The text says GATE 42."},
    "colour": {"The balloon is red.", "The background is green."},
    "count": {"There is one balloon.", "There is one owl.", "There is one cake."},
    "where": {
        "The balloon is at the beach.", "The owl is at the beach.", "The cake is in space.",
        *(f"At {t} seconds it is at the beach." for t in range(8)),
        *(f"At {t} seconds it is in space." for t in range(8, 12)),
    },
    "together": {
        "The dog appears with the balloon.", "The owl appears alone.", "The dog appears with the cake.",
        "The grapes appear alone.",
    },
    "often": {
        "The balloon appears from 1.0 to 3.0 seconds: once.", "The owl appears from 5.0 to 7.0 seconds: once.",
        "The cake appears at 9.0 seconds: once.", "The grapes appear from 13.0 to 15.0 seconds: once.",
        "The dog appears at 3.0 seconds and from 9.0 to 11.0 seconds: twice.",
    },
    "after": {"After the balloon, the owl appears.", "After the owl, the dog and the cake appear."},
    "before": {
        "Before the owl, the dog and the balloon appear.", "Before the cake, the owl appears.",
        "Before the grapes, the dog appears.",
    },
    "first": {"The balloon appears first."},
    "last": {"The grapes appear last."},
    "summary": {"The film takes place at the beach, then in space, then in front of green."},
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPECTED)
def test_answers_are_true(told, kind):
    said = {asked.answer for asked in (ask_kind(told, kind) for _ in range(300)) if asked}
    assert said <= EXPECTED[kind], said - EXPECTED[kind]
    assert len(said) >= 0.7 * len(EXPECTED[kind])


def test_a_story_tells_everything_in_order_of_time(told):
    asked = ask_kind(told, "story")
    assert asked.question in STORIES
    assert asked.answer == (
        "At 1.0 seconds: the red balloon moves to the left at the beach, the text says GATE 42. "
        "At 3.0 seconds: three dogs and the red balloon moves to the left at the beach, the text says GATE 42. "
        "From 5.0 to 7.0 seconds: the owl at the beach. "
        "At 9.0 seconds: the dog and the cake in space. At 11.0 seconds: the dog in space. "
        "From 13.0 to 15.0 seconds: the grapes in front of green."
    )


def test_no_story_is_longer_than_an_answer_may_be(desks):
    assert all(desk.film.seconds == 32 and ask_kind(desk, "story") is None for desk in desks)


def test_stories_are_of_the_training_alone(desks):
    assert "story" not in KINDS
    assert not any(ask(desk).kind == "story" for desk in desks for _ in range(20))


def test_names_come_in_the_worlds_order_whatever_lies_in_front(told):
    names = [asked.names for kind in ("what", "after", "before", "together", "first") for asked in
             (ask_kind(told, kind) for _ in range(60)) if asked and len(asked.names) > 1]  # fmt: skip
    assert names
    assert all([ALL_THINGS.index(name) for name in one] == sorted(map(ALL_THINGS.index, one)) for one in names)


def test_the_dog_comes_twice_and_in_two_seasons(told):
    truth = told.truth
    assert truth.runs_of["dog"] == [(2, 4), (8, 12)]
    assert "dog" not in truth.once
    assert truth.settings == ("beach", "space", "green")


def test_no_answer_names_a_thing_a_colour_or_a_place_twice(desks):
    """What `publish` tells a model about its names."""
    folder = locate("nano").folder
    tokenizer, known = PreTrainedTokenizerFast.from_pretrained(folder), set(names(folder))
    assert len(known) > 1000
    assert {tokenizer.convert_tokens_to_ids(f"Ġ{word}") for word in ("blue", "dog", "dogs", "city", "water")} <= known
    asked = [ask_kind(desk, kind) for desk in desks for kind in KINDS for _ in range(3)]
    answers = [tokenizer.encode(one.answer, add_special_tokens=False) for one in asked if one]
    found = [[token for token in ids if token in known] for ids in answers]
    assert sum(map(len, found)) > len(desks) * len(KINDS)
    assert all(len(set(ids)) == len(ids) for ids in found)


def test_every_kind_can_be_asked(desks):
    for kind in KINDS:
        assert sum(ask_kind(desk, kind) is not None for desk in desks) >= 0.7 * len(desks), kind


def test_kinds_are_asked_in_their_shares(desks):
    asked = Counter(ask(desks[n % len(desks)], {"when": 3.0, "count": 1.0}).kind for n in range(400))
    assert set(asked) == {"when", "count"}
    assert 0.6 < asked["when"] / 400 < 0.9


def test_there_are_at_least_twelve_kinds_each_with_many_wordings():
    assert set(LOCAL) | set(RELATIONAL) | {"choice", "absent", "unknown"} == set(BUILDERS)
    assert len(KINDS) >= 12
    for kind, wordings in TRAINED.items():
        assert len(set(wordings)) >= 40, kind
        assert len(set(HELD_OUT[kind])) >= 2, kind


def test_a_pattern_stands_for_every_choice_in_it():
    assert set(spelled_out("(find|see (a|the)) {x}(| now).")) == {
        "Find {x}.", "Find {x} now.", "See a {x}.", "See a {x} now.", "See the {x}.", "See the {x} now.",
    }  # fmt: skip
    assert list(spelled_out("(Can you|Please) say.")) == ["Can you say?", "Please say."]
    assert not [text for texts in TRAINED.values() for text in texts if set(text) & set("()|")]


def test_no_wording_belongs_to_two_kinds_or_to_the_test_as_well():
    said = [text.lower().rstrip("?.") for texts in (*TRAINED.values(), *HELD_OUT.values()) for text in texts]
    assert len(set(said)) == len(said)


def test_wordings_of_the_test_are_new_but_their_words_are_not():
    def words(texts):
        return set(re.findall(r"[a-z]+", " ".join(texts).lower()))

    for kind in TRAINED:
        assert not set(TRAINED[kind]) & set(HELD_OUT[kind])
        assert len(slots_of(kind, held_out=True)) == len(HELD_OUT[kind])
    trained = words([text for texts in TRAINED.values() for text in texts]) | words(CHOICES)
    assert words([text for texts in HELD_OUT.values() for text in texts]) | words(HELD_OUT_CHOICES) <= trained


def test_unknown_nouns_are_in_nobodys_world_and_those_of_the_test_are_apart():
    assert not set(UNKNOWN) & set(UNKNOWN_IN_TEST)
    for nouns in (UNKNOWN, UNKNOWN_IN_TEST):
        assert len(set(nouns)) == len(nouns)
        assert not set(nouns) & {*NAMES, *SHAPES, *NAMED, *map(plural, NAMES)}


@pytest.mark.parametrize(
    ("text", "thing", "expected"),
    [
        ("Is a {x} shown?", "owl", "Is an owl shown?"),
        ("Is a {x} shown?", "grapes", "Are grapes shown?"),
        ("Is a {x} shown?", "bread", "Is bread shown?"),
        ("Is a {x} shown?", "unicorn", "Is a unicorn shown?"),
        ("Does a {x} appear?", "orange balloon", "Does an orange balloon appear?"),
        ("When do we see the {x}?", "fries", "When do we see the fries?"),
        ("When is there a {x}?", "scissors", "When are there scissors?"),
        ("Can you tell me when the {x} appears?", "jeans", "Can you tell me when the jeans appear?"),
        ("What colour is the background when the {x} appears?", "peas",
         "What colour is the background when the peas appear?"),
        ("How many {xs} are there?", "mouse", "How many mice are there?"),
        ("How many {xs} are there?", "cherry", "How many cherries are there?"),
        ("How many {xs} are there?", "dress", "How many dresses are there?"),
    ],
)  # fmt: skip
def test_questions_are_grammatical(text, thing, expected):
    assert filled(text, {"x": thing}) == expected


def test_nothing_that_cannot_be_counted_is_counted(desks):
    counted = [ask_kind(desk, kind) for desk in desks for kind in ("count", "more") for _ in range(5)]
    assert not {name for asked in counted if asked for name in asked.names} & set(MASS)


def test_a_choice_has_four_different_options_and_its_letter_is_right(desks):
    letters = Counter()
    for desk in desks:
        for _ in range(12):
            asked = special.choice(desk)
            if asked is None:
                continue
            options = dict(re.findall(r"^([A-D])\. (.+)$", asked.question, re.M))
            assert len(set(options.values())) == 4
            assert options[asked.value] == asked.accepted[0]
            assert asked.answer == f"{asked.value}."
            letters[asked.value] += 1
    assert min(letters.values()) > 0.15 * letters.total()


def test_what_is_absent_is_absent(desks):
    for desk in desks:
        for kind in ("absent", "whether"):
            asked = ask_kind(desk, kind)
            if asked.absent:
                assert not set(asked.names) & set(desk.truth.cast)
                assert asked.segments == ()


def test_a_film_that_starts_later_is_asked_by_its_own_time():
    film = Film((Scene(4, "sea", "", 0, (cast("dog"),)),))
    desk = desk_for(np.random.default_rng(1), film, clock_of(film, 100))
    asked = ask_kind(desk, "what")
    assert 100 <= int(re.search(r"\d+", asked.question)[0]) < 104
    assert ask_kind(desk, "when").spans == ((100.0, 104.0),)
    assert ask_kind(desk, "when").answer == "The dog appears from 101.0 to 103.0 seconds."


def test_runs_and_segments():
    assert runs([0, 1, 4, 6, 7]) == [(0, 2), (4, 5), (6, 8)]
    assert segments([(1, 3), (6, 7)]) == (0, 1, 3)
    assert Truth(Film((Scene(2, "sea", "", 0, ()),))).settings == ("sea",)


def test_the_same_seed_asks_the_same_in_any_process():
    """Python orders sets of words anew in every process: nothing that is drawn may hang on it."""
    code = (
        "import numpy as np\n"
        "from engine.training.asking.kinds import KINDS, ask_kind, desk_for\n"
        "from engine.training.asking.truth import Clock\n"
        "from engine.training.world.composing import sample_film\n"
        "for split in ('train', 'test'):\n"
        "    film = sample_film(np.random.default_rng(3), segments=12, split=split, artists=('noto',))\n"
        "    desk = desk_for(np.random.default_rng(4), film, Clock(tuple('abcdefghijkl')))\n"
        "    print([ask_kind(desk, kind) for kind in KINDS for _ in range(4)])\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True, timeout=120,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0]) > 5000
