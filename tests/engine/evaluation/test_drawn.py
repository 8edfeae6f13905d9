"""What counts as right, and how sure the printed shares are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.evaluation.drawn import cases, named, wilson
from engine.evaluation.statistics import area
from engine.training.films import sample_film


def test_cases_tell_the_truth():
    film = sample_film(np.random.default_rng(4), segments=16)
    seen = list(cases(np.random.default_rng(4), film, each=30))
    assert {case.kind for case in seen} == {"when", "whether", "what"}
    for case in seen:
        for name in case.things:
            assert film.spans.get(name) == case.span
    assert any(case.span is None for case in seen if case.kind == "whether")


def test_names_are_whole_words():
    assert named("at 3 seconds the catfish, the dog and the butterfly appear") == {"dog", "butterfly"}


@pytest.mark.parametrize(
    ("scores", "positive", "expected"),
    [((0.9, 0.1, 0.2), {0}, 1.0), ((0.1, 0.9, 0.2), {0}, 0.0), ((0.5, 0.5), {0}, 0.5)],
)
def test_area(scores, positive, expected):
    assert area(scores, positive) == expected


def test_area_of_nothing_is_not_a_number():
    assert math.isnan(area((0.1, 0.2), set()))


def test_wilson_covers_the_share():
    low, high = wilson(45, 50)
    assert low == pytest.approx(0.7864, abs=1e-3)
    assert high == pytest.approx(0.9565, abs=1e-3)
