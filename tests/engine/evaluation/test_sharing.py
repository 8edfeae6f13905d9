"""Ways to spend a budget, ways to choose tokens, and how sure a difference is."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.sharing import adaptive, chosen, merged, pruned, shuffled, uniform
from engine.evaluation.statistics import estimate, mcnemar
from engine.recall.allocation import allocate

SCORES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=40)


@given(SCORES, st.integers(1, 200), st.integers(0, 8))
def test_no_way_spends_more_than_the_budget(scores, budget, anchors):
    for shares in (
        adaptive(scores, budget, anchors=anchors, ceiling=8),
        uniform(len(scores), budget, ceiling=8),
        pruned(scores, budget, ceiling=8),
    ):
        assert len(shares) == len(scores)
        assert min(shares) >= 0
        assert max(shares) <= 8
        assert sum(shares) <= budget


@given(SCORES, st.integers(40, 200), st.integers(1, 8))
def test_with_anchors_it_is_the_published_allocation(scores, budget, anchors):
    assert adaptive(scores, budget, anchors=anchors, ceiling=8) == allocate(scores, budget, floor=anchors, ceiling=8)


def test_without_anchors_a_tiny_budget_goes_where_the_score_is():
    assert adaptive([0.0, 1.0, 0.0, 0.5], 3, anchors=0, ceiling=8) == [0, 2, 0, 1]
    assert adaptive([0.0, 1.0, 0.0, 0.5], 3, anchors=1, ceiling=8) == [0, 2, 0, 1]  # one each cannot be paid for
    assert adaptive([0.3] * 4, 2, anchors=0, ceiling=8) == uniform(4, 2, ceiling=8)


def test_what_cannot_be_shared_out_is_spread_over_the_film():
    assert uniform(8, 4, ceiling=8) == [0, 1, 0, 1, 0, 1, 0, 1]
    assert uniform(3, 100, ceiling=8) == [8, 8, 8]


def test_pruning_keeps_the_best_whole():
    assert pruned([0.1, 0.9, 0.5], 10, ceiling=8) == [0, 8, 2]


def test_shuffled_shares_are_the_same_shares():
    assert sorted(shuffled([1, 2, 3, 8], np.random.default_rng(0))) == [1, 2, 3, 8]


@pytest.mark.parametrize(("how", "expected"), [("head", [0, 1, 2]), ("tail", [5, 6, 7])])
def test_head_and_tail(how, expected):
    tokens = torch.arange(8.0)[:, None].expand(8, 4)
    assert chosen(tokens, 3, how, np.random.default_rng(0))[:, 0].tolist() == expected


def test_a_random_subset_keeps_its_order():
    tokens = torch.arange(8.0)[:, None].expand(8, 4)
    found = [chosen(tokens, 3, "random", np.random.default_rng(seed))[:, 0].tolist() for seed in range(20)]
    assert all(one == sorted(one) and len(set(one)) == 3 for one in found)
    assert len({tuple(one) for one in found}) > 5


@pytest.mark.parametrize("how", ["head", "tail", "random", "merged"])
@pytest.mark.parametrize("share", [0, 1, 5, 8])
def test_as_many_tokens_as_the_share(how, share):
    tokens = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    assert chosen(tokens, share, how, np.random.default_rng(0)).shape == (share, 4)


def test_merging_averages_what_is_alike_and_keeps_the_sum():
    tokens = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    torch.testing.assert_close(merged(tokens, 2), torch.tensor([[1.0, 0.05], [0.05, 1.0]]))
    torch.testing.assert_close(merged(tokens, 1), tokens.mean(0, keepdim=True))


def test_an_interval_is_as_wide_as_the_films_differ():
    same = estimate([1.0, 0.0] * 20, [n // 2 for n in range(40)])
    apart = estimate([1.0, 1.0, 0.0, 0.0] * 10, [n // 2 for n in range(40)])
    assert same.mean == apart.mean == 0.5
    assert (same.low, same.high) == (0.5, 0.5)
    assert apart.high - apart.low > 0.3
    assert math.isnan(estimate([], []).mean)
    assert str(estimate([], [])) == "-"


@pytest.mark.parametrize(
    ("only_one", "only_other", "expected"),
    [(0, 0, 1.0), (1, 0, 1.0), (10, 0, 2 / 2**10), (8, 2, 0.109375), (5, 5, 1.0)],
)
def test_the_paired_test_is_exact(only_one, only_other, expected):
    one = [True] * only_one + [False] * only_other + [True, False] * 7
    other = [False] * only_one + [True] * only_other + [True, False] * 7
    assert mcnemar(one, other) == pytest.approx(expected)
