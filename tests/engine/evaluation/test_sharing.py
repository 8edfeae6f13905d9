"""Ways to spend a budget, ways to choose tokens, and how sure a difference is."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.sharing import adaptive, chosen, merged, pruned, shuffled, uniform
from engine.evaluation.statistics import estimate, mean_area, mean_over_kinds, paired
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
    ("sums", "expected"),
    [([], 1.0), ([0, 0], 1.0), ([1], 1.0), ([1] * 10, 2 / 2**10), ([1] * 5 + [-1] * 5, 1.0), ([3, 1, 1], 2 / 8)],
)
def test_the_paired_test_changes_the_signs_of_films(sums, expected):
    """As exact counts of all signs say, up to chance; questions of one film are one difference."""
    films = [number for number, count in enumerate(sums) for _ in range(abs(count) or 1)]
    ahead = [float(np.sign(count)) for count in sums for _ in range(abs(count) or 1)]
    assert paired(ahead, films) == pytest.approx(expected, abs=0.01)
    if len(sums) == 10:
        assert paired(ahead, films) < 0.01 or sum(sums) == 0
        assert paired([1.0] * 30, [n % 3 for n in range(30)]) > 0.2  # many questions, three films


def test_every_kind_counts_alike_in_the_mean():
    values, kinds = [1.0] * 30 + [0.0, 1.0], ["when"] * 30 + ["what"] * 2
    found = mean_over_kinds(values, kinds, [n % 8 for n in range(32)])
    assert found.mean == 0.75
    assert found.low < 0.75 < found.high
    assert found.count == 32
    steady = mean_over_kinds([1.0, 0.0] * 8, ["when", "what"] * 8, [n // 2 for n in range(16)])
    assert (steady.mean, steady.low, steady.high) == (0.5, 0.5, 0.5)
    assert math.isnan(mean_over_kinds([], [], []).mean)


def test_areas_that_are_none_do_not_count():
    found = mean_area([1.0, math.nan, 0.5], [0, 1, 2])
    assert (found.mean, found.count) == (0.75, 2)
    assert found.told(".4f").startswith("0.7500 (")
    assert mean_area([math.nan], [0]).told(".4f") == "-"
