"""Segments by relevance and the figures beside the charts, by hand."""

import pytest
from scripted import cut

from app.charts.ranks import figures, most_tokens, nothing_to_show, ranked, top_count, top_share
from app.timeline.heatmap import Heatmap


def heatmap(scores, shares=None, **more):
    segments = cut(2.0 * max(len(scores), more.pop("segments", 0)))
    known = dict(enumerate(shares)) if shares is not None else {}
    return Heatmap(1, segments, dict(enumerate(scores)), known, 1, 8, 40, **more)


def test_the_most_relevant_comes_first_and_of_equal_ones_the_earlier():
    ranks = ranked(heatmap([0.2, 0.9, 0.2, 0.5], [2, 8, 3, 4]))
    assert [rank.segment.index for rank in ranks] == [1, 3, 0, 2]
    assert [rank.tokens for rank in ranks] == [8, 4, 2, 3]


def test_segments_without_a_score_are_left_out_and_tokens_may_be_missing():
    ranks = ranked(heatmap([0.2, 0.9], [5], segments=4))
    assert [(rank.segment.index, rank.tokens) for rank in ranks] == [(1, None), (0, 5)]
    assert "tokens not known yet" in ranks[0].text


def test_a_rank_in_words():
    assert (
        ranked(heatmap([0.25, 0.5], [1, 8]))[1].text == "Segment 1  ·  0:00.0 – 0:02.0  ·  relevance 0.250  ·  1 token"
    )


@pytest.mark.parametrize(("count", "top"), [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2), (1024, 103)])
def test_a_tenth_is_rounded_up(count, top):
    assert top_count(ranked(heatmap([0.5] * count))) == top


def test_the_share_of_the_top_tenth_is_by_relevance_and_not_by_tokens():
    scores = [0.9] + [0.1] * 9
    assert top_share(ranked(heatmap(scores, [5] + [1] * 5 + [8] * 4))) == pytest.approx(5 / 42)
    assert top_share(ranked(heatmap(scores))) is None
    assert top_share(()) is None


def test_the_figures_say_what_is_known_and_dash_what_is_not():
    done = heatmap([0.2, 0.9, 0.4], [2, 8, 3])
    assert figures(done, ranked(done)) == (
        ("Segments", "3"), ("Tokens used", "13 of 40"), ("Tokens on the top 1 by relevance", "62%"),
        ("Largest relevance", "0.900"), ("Median relevance", "0.400"),
    )  # fmt: skip
    half = heatmap([0.2], segments=5)
    assert dict(figures(half, ranked(half)))["Segments"] == "1 of 5 scored"
    assert {value for _, value in figures(Heatmap(), ())} == {"–"}


def test_the_axis_of_tokens_reaches_the_most_a_segment_can_get():
    assert most_tokens(Heatmap()) == 1
    assert most_tokens(heatmap([0.1, 0.2], [1, 2])) == 8
    assert most_tokens(Heatmap(shares={0: 11}, k_max=8)) == 11


def test_an_empty_window_says_why():
    assert nothing_to_show(Heatmap()).startswith("Ask a question")
    assert nothing_to_show(Heatmap(2)) == "Question 2: no segment is scored yet"
    assert nothing_to_show(Heatmap(2, ended=True)).startswith("Question 2 ended")
    assert nothing_to_show(heatmap([0.1])) == ""
