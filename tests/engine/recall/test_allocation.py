"""The allocator against the published numbers, and against the properties it promises."""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import BudgetError, ModelError, QuestionError
from engine.recall.allocation import allocate, deal, effective_floor, share_evenly
from engine.recall.ranking import highest_first

CASES = json.loads(gzip.decompress((Path(__file__).parents[2] / "parity" / "allocation.json.gz").read_bytes()))
SCORES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80)
COARSE = st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.99, 1.0]), min_size=1, max_size=80)
BUDGETS = st.integers(1, 12_288)
FLOORS = st.integers(1, 8)
CEILINGS = st.sampled_from([8, 16, 128])


def test_there_are_160_published_cases():
    assert len(CASES) == 160


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{len(case['scores'])}-{case['budget']}")
def test_equals_the_published_allocator(case):
    tokens = allocate(case["scores"], case["budget"], floor=case["k_min"], ceiling=case["k_max"])
    assert tokens == case["tokens"]


@given(SCORES | COARSE, BUDGETS, FLOORS, CEILINGS)
def test_never_spends_more_than_the_budget(scores, budget, floor, ceiling):
    assume(budget >= len(scores))
    assert sum(allocate(scores, budget, floor=floor, ceiling=ceiling)) <= budget


@given(SCORES | COARSE, BUDGETS, FLOORS, CEILINGS)
def test_keeps_the_anchors_and_the_ceiling(scores, budget, floor, ceiling):
    assume(budget >= len(scores))
    allocation = deal(scores, budget, floor=floor, ceiling=ceiling)
    assert allocation.k_min == (floor if floor * len(scores) <= budget else budget // len(scores))
    assert all(allocation.k_min <= share <= allocation.k_max for share in allocation.shares)


@given(SCORES | COARSE, BUDGETS)
def test_a_higher_score_never_gets_less(scores, budget):
    assume(budget >= len(scores))
    shares = allocate(scores, budget)
    in_score_order = sorted(zip(np.float32(scores), shares, strict=True))
    best_so_far = 0
    for score in sorted(set(np.float32(scores))):
        same = [share for value, share in in_score_order if value == score]
        assert min(same) >= best_so_far
        assert max(same) - min(same) <= 1  # equal scores share alike, but for rounding
        best_so_far = max(same)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=60, unique=True), BUDGETS, st.randoms())
def test_the_order_of_the_film_does_not_matter_but_for_one_token_of_rounding(scores, budget, random):
    assume(budget >= len(scores))
    order = list(range(len(scores)))
    random.shuffle(order)
    moved = allocate([scores[i] for i in order], budget)
    there = allocate(scores, budget)
    assert all(abs(share - there[i]) <= 1 for share, i in zip(moved, order, strict=True))


def test_shares_come_back_in_film_order():
    assert allocate([0.0, 1.0, 0.5], 8192) == [4, 128, 66]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_is_refused_by_name(bad):
    with pytest.raises(ModelError, match="segment 2 "):
        allocate([0.1, 0.2, bad, 0.4], 100)


def test_more_segments_than_tokens_says_what_to_change():
    with pytest.raises(BudgetError, match=r"9 segments.*8 tokens") as raised:
        allocate([0.5] * 9, 8)
    assert "Raise the budget to 9" in raised.value.advice


def test_a_tie_with_one_token_a_segment_leaves_nobody_without():
    assert allocate([0.7] * 8, 8) == [1] * 8


def test_even_scores_share_alike():
    assert allocate([0.5] * 3, 100) == [33, 33, 33]
    assert allocate([0.5] * 3, 10_000) == [128, 128, 128]


@given(st.integers(1, 300), st.integers(1, 12_288), CEILINGS)
def test_evenly_means_the_same_for_all_and_as_much_as_goes_round(segments, budget, ceiling):
    assume(segments <= budget)
    shares = share_evenly(segments, budget, ceiling=ceiling)
    assert len(shares) == segments
    assert len(set(shares)) == 1
    assert shares[0] == ceiling or budget - segments < sum(shares) <= budget


def test_dealing_evenly_does_not_look_at_the_scores():
    dealt = deal([0.1, 0.9, 0.5], 20, evenly=True)
    assert (dealt.shares, dealt.used, dealt.limit, dealt.k_min) == ((6, 6, 6), 18, 20, 4)
    with pytest.raises(BudgetError, match="3 segments"):
        deal([0.1, 0.9, 0.5], 2, evenly=True)


def test_a_film_without_segments_gets_nothing():
    assert allocate([], 10) == share_evenly(0, 10) == []


@pytest.mark.parametrize(("floor", "ceiling"), [(0, 8), (9, 8)])
def test_bounds_that_contradict_each_other_are_refused(floor, ceiling):
    with pytest.raises(QuestionError, match=f"at least {floor} and at most {ceiling}"):
        allocate([0.1, 0.2], 100, floor=floor, ceiling=ceiling)


def test_the_floor_gives_way_to_the_budget():
    assert [effective_floor(10, budget) for budget in (400, 40, 39, 10)] == [4, 4, 3, 1]


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1), max_size=300))
def test_ranking_is_a_permutation_from_high_to_low(values):
    order = highest_first(values)
    assert sorted(order) == list(range(len(values)))
    assert [values[i] for i in order] == sorted(values, reverse=True)
