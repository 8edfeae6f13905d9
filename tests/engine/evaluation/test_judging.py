"""From a drawn film through the whole engine to a table; and answers of every kind, right and wrong, as judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.evaluation.drawn import Case, bearing, evaluate, judge, table
from engine.reply.grounding import ground
from engine.session import Session
from engine.settings import Settings
from engine.training.drawing import sample_scene
from engine.training.films import DrawnFilm, write_film

THERE, THEN, GONE = (0.0, 2.0), (2.0, 4.0), None


@pytest.fixture(scope="module")
def said(small_tempo, tmp_path_factory):
    """Two seconds of a dog with a cake, then two of an owl, as answered; returns a way to put words in its mouth."""
    rng = np.random.default_rng(0)
    scenes = (sample_scene(rng, ["dog", "cake"], 2.0), sample_scene(rng, ["owl"], 2.0))
    path = tmp_path_factory.mktemp("judged") / "film.mp4"
    write_film(DrawnFilm(scenes, frame_rate=24), path, sound=False)
    session = Session(Settings(model=str(small_tempo), device="cpu", max_new_tokens=2))
    session.open(path, emit=lambda _: None)
    answer = session.ask("When?", emit=lambda _: None)
    session.close()

    def put(text):
        duration = answer.video.duration_seconds
        citations, _ = ground(text, answer.segments, answer.scores, answer.allocation, duration_seconds=duration)
        return replace(answer, text=text, citations=citations)

    return put


@pytest.mark.parametrize(
    ("kind", "things", "span", "text", "right"),
    [
        ("when", ("dog",), THERE, "The dog appears at 1.0 seconds.", True),
        ("when", ("owl",), THEN, "The owl appears from 2.5 to 3.5 seconds.", True),
        ("when", ("dog",), THERE, "The dog appears at 3.0 seconds.", False),
        ("when", ("dog",), THERE, "The dog appears from 1.0 to 3.0 seconds.", False),
        ("when", ("dog",), THERE, "The dog appears at 1.0 seconds and at 3.0 seconds.", False),
        ("when", ("dog",), THERE, "The dog does not appear.", False),
        ("when", ("dog",), THERE, "The dog appears.", False),
        ("when", ("fox",), GONE, "The fox does not appear.", True),
        ("when", ("fox",), GONE, "The fox appears at 1.0 seconds.", False),
        ("whether", ("dog",), THERE, "Yes, the dog appears at 1.0 seconds.", True),
        ("whether", ("dog",), THERE, "No, the dog does not appear.", False),
        ("whether", ("dog",), THERE, "The dog appears at 1.0 seconds.", False),
        ("whether", ("fox",), GONE, "No, the fox does not appear.", True),
        ("whether", ("fox",), GONE, "Yes, the fox appears at 1.0 seconds.", False),
        ("what", ("dog", "cake"), THERE, "At 1 seconds the cake and the dog appear.", True),
        ("what", ("dog", "cake"), THERE, "At 1 seconds the dog appears.", False),
        ("what", ("dog", "cake"), THERE, "At 1 seconds the dog, the cake and the owl appear.", False),
        ("what", ("owl",), THEN, "", False),
    ],
)
def test_answers_are_judged(said, kind, things, span, text, right):
    assert judge(Case(kind, "?", things, span), said(text)) is right


def test_the_segments_that_bear_on_a_case(said):
    assert bearing(Case("when", "?", ("dog",), THERE), said("")) == {0}
    assert bearing(Case("when", "?", ("owl",), THEN), said("")) == {1}
    assert bearing(Case("when", "?", ("fox",), GONE), said("")) == set()


def test_unseen_films_are_asked_through_the_whole_engine(small_tempo):
    settings = Settings(model=str(small_tempo), device="cpu", max_new_tokens=2)
    outcomes = evaluate(settings, films=1, segments=2)
    assert [outcome.case.kind for outcome in outcomes] == ["when", "when", "whether", "whether", "what", "what"]
    assert not any(outcome.right for outcome in outcomes if outcome.case.kind == "what")  # random weights name nothing
    rows = table(outcomes).splitlines()
    assert [row.split()[0] for row in rows] == ["kind", "when", "whether", "what", "all"]
    assert rows[-1].split()[1] == "6"
