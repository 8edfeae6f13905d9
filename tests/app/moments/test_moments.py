"""Moments, purely: what joins, what ranks, what is next, what is written."""

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from heatmaps import heatmap, pin
from hypothesis import given
from hypothesis import strategies as st

from app.moments.columns import column_widths
from app.moments.moments import (
    Order,
    after,
    before,
    find_moments,
    in_order,
    lines,
    moment_at,
    summary,
)
from app.moments.nothing import ASK, why_nothing
from app.timeline.heatmap import Heatmap


def test_neighbours_join_and_the_best_is_first():
    moments = find_moments(heatmap([0.6, 0.7, 0.1, 0.9, 0.2, 0.5], pins=(pin(1, 3), pin(2, 1), pin(3, 0))), 50)
    assert [(one.start_seconds, one.end_seconds, one.rank) for one in moments] == [(0, 4, 2), (6, 8, 1), (10, 12, 3)]
    first = moments[0]
    assert (first.peak.index, first.peak_score, first.mean_score) == (1, 0.7, pytest.approx(0.65))
    assert (first.peak_tokens, first.tokens, first.segments, first.cited) == (70, 130, 2, (2, 3))
    assert [one.rank for one in in_order(moments, Order.RELEVANCE)] == [1, 2, 3]


def test_what_is_shown_as_the_threshold_is_in():
    assert len(find_moments(heatmap([0.496, 0.1, 0.494]), 50)) == 1


def test_a_segment_not_scored_yet_parts_its_neighbours():
    assert [one.segments for one in find_moments(heatmap([0.9, None, 0.9]), 50)] == [1, 1]


def test_orders():
    moments = find_moments(heatmap([0.6, 0, 0.9, 0, 0.7], shares=[50, 4, 30, 4, 40]), 50)
    assert [one.peak.index for one in in_order(moments, Order.TIME)] == [0, 2, 4]
    assert [one.peak.index for one in in_order(moments, Order.TOKENS)] == [0, 4, 2]
    assert [one.peak.index for one in in_order(moments, Order.RELEVANCE)] == [2, 4, 0]


def test_tokens_that_are_not_dealt_yet_are_no_number():
    (moment,) = find_moments(replace(heatmap([0.9]), shares={}), 50)
    assert moment.peak_tokens is None
    assert "tokens not dealt out yet" in lines([moment], markdown=False)


@given(st.lists(st.none() | st.floats(0, 1), max_size=60), st.integers(1, 99))
def test_moments_hold_all_that_is_relevant_and_nothing_else(scores, threshold):
    film = heatmap(scores)
    moments = find_moments(film, threshold)
    inside = {segment.index for segment in film.segments for one in moments if one.holds(segment.start_seconds)}
    assert inside == {at for at, score in film.scores.items() if round(100 * score) >= threshold}
    assert sorted(one.rank for one in moments) == list(range(1, len(moments) + 1))
    assert all(a.end_seconds < b.start_seconds for a, b in pairwise(moments))
    ranked = in_order(moments, Order.RELEVANCE)
    assert [one.peak_score for one in ranked] == sorted((one.peak_score for one in moments), reverse=True)


SPANS = find_moments(heatmap([0, 0.9, 0.9, 0, 0.9, 0, 0.9, 0.9, 0.9]), 50)  # 2-6, 8-10, 12-18


@pytest.mark.parametrize(
    ("seconds", "here", "later", "earlier"),
    [
        (0.0, None, 2, None),
        (1.98, 2, 8, None),  # the player shows the picture before the one that was wanted
        (2.0, 2, 8, None),
        (2.9, 2, 8, None),
        (3.5, 2, 8, 2),  # well into it: back to its start
        (6.0, None, 8, 2),
        (8.02, 8, 12, 2),
        (13.5, 12, None, 12),
        (30.0, None, None, 12),
    ],
)
def test_next_and_previous_go_by_time(seconds, here, later, earlier):
    found = [moment_at(SPANS, seconds), after(SPANS, seconds), before(SPANS, seconds)]
    assert [one and one.start_seconds for one in found] == [here, later, earlier]


def test_walking_visits_every_moment_once():
    seconds, seen = 0.0, []
    while (moment := after(SPANS, seconds)) is not None:
        seconds = moment.start_seconds - 0.03
        seen.append(moment.rank)
        assert len(seen) < 9
    assert len(seen) == 3


@dataclass(frozen=True)
class Named:
    start_seconds: float
    end_seconds: float
    title: str


def test_what_is_written():
    moments = find_moments(
        heatmap([0.9, 0, 0.75], pins=(pin(1, 2), pin(4, 2))), 50, [Named(0, 3, ""), Named(3, 9, "Burrow")]
    )
    assert lines(moments, markdown=False) == (
        "0:00.0 – 0:02.0  relevance 0.90, 90 tokens\n"
        "0:04.0 – 0:06.0  relevance 0.75, 75 tokens, Burrow, cited as 1, 4\n"
    )
    assert lines(moments[:1], markdown=True) == "- **0:00.0 – 0:02.0**: relevance 0.90, 90 tokens\n"
    assert summary(moments) == "2 moments, 0:04.0 in total"
    assert summary(find_moments(heatmap([0.9] * 88), 50)) == "1 moment, 2:56 in total"


@pytest.mark.parametrize(
    ("film", "told", "seconds"),
    [
        (Heatmap(), ASK, None),
        (Heatmap(question=2), "are listed here as soon as the first segments are scored", None),
        (Heatmap(question=2, ended=True), "Question 2 ended before anything was scored.", None),
        (heatmap([0.1, None]), "No part of the film reaches relevance 0.50 so far.", None),
        (heatmap([0.1, 0.29]), "No part of the film reaches relevance 0.50. The highest is 0.29.", 2.0),
        (heatmap([0.001, 0.004]), "The highest is less than 0.01.", 2.0),
        (replace(heatmap([0.3, None]), ended=True), "The highest is 0.30; 1 of 2 segments were scored.", 0.0),
    ],
)
def test_an_empty_list_says_why(film, told, seconds):
    text, place = why_nothing(film, 50)
    assert told in text
    assert place == seconds


@given(st.integers(0, 3000), st.integers(60, 170))
def test_columns_fill_the_width_and_never_cut_a_number(width, time):
    widths = column_widths(width, time=time)
    assert widths.time >= time
    assert widths.tokens - widths.bar >= 50
    assert widths.relevance - widths.bar >= 60
    total = widths.rank + widths.picture + widths.time + widths.tokens + widths.relevance
    assert total == max(width, 38 + time + 14 + 52 + 62)
    assert widths.picture == 0 or widths.picture >= 64
    assert widths.row_height >= max(48, (widths.picture - 8) * 9 / 16)
