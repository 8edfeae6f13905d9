"""The sample film's questions are true of the film that lies beside them."""

from __future__ import annotations

import json

from app.knowledge import SAMPLE, sample_questions
from engine.evaluation.sample import sample_truth
from engine.ingest.video import open_video
from engine.training.asking.truth import Truth
from engine.training.sample import SEGMENTS, SUGGESTED, sample_plan


def test_six_questions_each_of_a_kind_of_its_own():
    film, asked = sample_plan()
    assert film.seconds == 2 * SEGMENTS
    assert [one.kind for one in asked] == list(SUGGESTED)
    assert all(name in Truth(film).cast for one in asked for name in one.names)


def test_what_lies_beside_the_film_is_about_it():
    listed = json.loads(SAMPLE.with_suffix(".json").read_text())
    truth = sample_truth()
    assert [one.kind for one in truth] == list(SUGGESTED)
    assert tuple(one.question for one in truth) == sample_questions()
    when = truth[0]
    assert [list(span) for span in when.spans] == listed["spans"][when.names[0]]
    assert all(name in listed["spans"] for one in truth for name in one.names)
    assert round(open_video(SAMPLE).info.duration_seconds) == 2 * SEGMENTS
