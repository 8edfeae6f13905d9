"""Times checked against the film, and the evidence that the answer does not name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.records import Allocation, Segment
from engine.reply.grounding import MOST_EVIDENCE, ground


def film(count, *, seconds=4.0, duration=None):
    """`count` segments of `seconds` each; the last ends at `duration`."""
    end = duration or count * seconds
    return tuple(
        Segment(i, i * seconds, min((i + 1) * seconds, end), i * seconds + seconds / 2, (i * seconds,))
        for i in range(count)
    )


def check(text, *, scores=(0.1, 0.9, 0.1, 0.1), shares=(4, 60, 4, 4), duration=None):
    segments = film(len(scores), duration=duration)
    allocation = Allocation(tuple(shares), limit=100, k_min=4, k_max=128)
    return ground(text, segments, scores, allocation, duration_seconds=duration or segments[-1].end_seconds)


def test_a_moment_cites_the_whole_segment_it_falls_in():
    (citation,), _ = check("It is seen at 5.5 seconds.")
    assert (citation.start_seconds, citation.end_seconds, citation.segments) == (4.0, 8.0, (1,))
    assert citation.quote == "5.5 seconds"
    assert citation.quote_starts == (14,)
    assert citation.supported


def test_a_segment_below_the_mean_share_is_weak_evidence():
    (citation,), _ = check("It is seen at 2 seconds.")
    assert citation.segments == (0,)
    assert not citation.supported


def test_where_all_shares_are_alike_relevance_decides():
    (strong, weak), evidence = check("At 5.5 seconds, not at 2 seconds.", shares=(7, 7, 7, 7))
    assert (strong.supported, weak.supported) == (True, False)
    assert [span.segments for span in evidence] == [(1,)]
    (citation,), evidence = check("At 5.5 seconds.", scores=(0.5, 0.52, 0.5, 0.5), shares=(7, 7, 7, 7))
    assert (citation.supported, evidence) == (False, ())  # even scores point nowhere


def test_a_span_cites_every_segment_it_touches_and_no_neighbour():
    (citation,), _ = check("from 4.0 to 12.0 seconds")
    assert (citation.start_seconds, citation.end_seconds, citation.segments) == (4.0, 12.0, (1, 2))


@pytest.mark.parametrize("text", ["at 99 seconds", "from 90 to 99 seconds", "at 1:00:00"])
def test_a_time_outside_the_film_is_never_supported(text):
    (citation,), _ = check(text)
    assert citation.segments == ()
    assert not citation.supported


def test_a_span_that_leaves_the_film_is_not_supported():
    (citation,), _ = check("from 5 to 99 seconds", shares=(4, 60, 60, 60))
    assert not citation.supported


def test_the_last_moment_of_the_film_belongs_to_its_last_segment():
    (citation,), _ = check("at 16.0 seconds", shares=(4, 4, 4, 60))
    assert citation.segments == (3,)
    assert citation.supported


def test_a_time_stamp_past_the_end_of_a_short_last_segment_still_names_it():
    (citation,), _ = check("at 14.0 seconds", shares=(4, 4, 4, 60), duration=12.5)
    assert (citation.start_seconds, citation.end_seconds, citation.segments) == (12.0, 12.5, (3,))
    assert citation.supported


def test_the_same_words_twice_are_one_citation_with_two_places():
    citations, _ = check("At 5.5 seconds, yes: 5.5 seconds. Then at 0:06.")
    assert [citation.quote for citation in citations] == ["5.5 seconds", "0:06"]
    assert citations[0].quote_starts == (3, 21)


def test_evidence_joins_neighbours_and_puts_the_best_first():
    _, evidence = check("", scores=(0.8, 0.9, 0.1, 0.1, 0.1, 0.99), shares=(50, 60, 4, 4, 4, 90))
    assert [(span.segments, span.start_seconds, span.end_seconds) for span in evidence] == [
        ((5,), 20.0, 24.0),
        ((0, 1), 0.0, 8.0),
    ]


@pytest.mark.parametrize("scores", [(0.5,) * 4, (0.50, 0.51, 0.52, 0.53)])
def test_even_scores_are_no_evidence(scores):
    _, evidence = check("", scores=scores, shares=(4, 40, 80, 128))
    assert evidence == ()


def test_a_film_without_segments_has_nothing_to_cite():
    assert ground("at 5 seconds", (), (), Allocation((), 10, 4, 128), duration_seconds=10.0) == ((), ())


def test_scores_that_do_not_belong_to_the_segments_are_refused():
    with pytest.raises(ValueError, match="4 segments, 3 scores"):
        ground("", film(4), (0.1, 0.2, 0.3), Allocation((1, 1, 1, 1), 10, 1, 8), duration_seconds=16.0)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 128)), min_size=1, max_size=30),
    st.lists(st.floats(0, 300), max_size=6),
    st.floats(0.1, 4.0),
)
def test_what_is_cited_is_in_the_film_and_what_is_quoted_in_the_answer(weights, times, last):
    scores, shares = zip(*weights, strict=True)
    text = " and ".join(f"at {time:.1f} seconds" for time in times)
    duration = (len(scores) - 1) * 4.0 + last
    citations, evidence = check(text, scores=scores, shares=shares, duration=duration)
    assert sum(len(citation.quote_starts) for citation in citations) == len(times)
    for citation in citations:
        assert all(text.startswith(citation.quote, start) for start in citation.quote_starts)
        assert set(citation.segments) <= set(range(len(scores)))
        assert citation.segments or not citation.supported
        assert not citation.segments or citation.end_seconds <= duration
    assert len(evidence) <= MOST_EVIDENCE
    assert all(span.supported and span.quote == "" and span.segments for span in evidence)
