"""Folding engine events: shares and scores by segment, hits by time, one picture for a thousand events."""

import time

import pytest
from scripted import cut, share

from app.timeline.heatmap import Fold, Heatmap
from engine.events import BudgetAllocated, SegmentScored, SegmentsFound, Stopped

SEGMENTS = cut(20.0)


def test_it_fills_segment_by_segment():
    heatmap = Heatmap(question=2).after(SegmentsFound(SEGMENTS, 40, 2.0))
    assert (heatmap.question, heatmap.unscored, heatmap.provisional) == (2, 10, True)
    heatmap = heatmap.after(SegmentScored(3, 0.7, 1, 10)).after(SegmentScored(5, 0.1, 2, 10))
    assert heatmap.unscored == 8
    heatmap = heatmap.after(BudgetAllocated(share([0.7, 0.1], limit=40), (3, 5), provisional=True))
    assert heatmap.shares == {3: 8, 5: 1}
    assert (heatmap.k_min, heatmap.k_max, heatmap.limit) == (1, 8, 40)


def test_final_shares_end_the_provisional_state():
    heatmap = Heatmap().after(SegmentsFound(SEGMENTS, 40, 2.0))
    scores = [0.1 * place for place in range(10)]
    heatmap = heatmap.after(BudgetAllocated(share(scores, limit=40), tuple(range(10)), provisional=False))
    assert not heatmap.provisional
    assert len(heatmap.shares) == 10


@pytest.mark.parametrize(("seconds", "index"), [(0.0, 0), (1.999, 0), (2.0, 1), (19.99, 9), (20.0, 9)])
def test_segment_at(seconds, index):
    assert Heatmap(segments=SEGMENTS).segment_at(seconds).index == index


def test_no_segment_outside_the_range_that_was_read():
    heatmap = Heatmap(segments=SEGMENTS[2:4])
    assert heatmap.segment_at(3.9) is None
    assert heatmap.segment_at(8.1) is None
    assert heatmap.segment_at(4.0).index == 2


def test_folding_many_events_gives_the_same_picture_as_one_after_the_other():
    stream = [SegmentsFound(SEGMENTS, 40, 2.0)]
    for place in range(6):
        stream.append(SegmentScored(place, place / 10, place + 1, 10))
        stream.append(
            BudgetAllocated(share([n / 10 for n in range(place + 1)], limit=40), tuple(range(place + 1)), True)
        )
    stream.append(Stopped())
    slow, fold = Heatmap(question=1), Fold(Heatmap(question=1))
    for event in stream:
        slow = slow.after(event)
        assert fold.take(event)
    assert fold.now == slow
    assert fold.now is fold.now
    assert (fold.now.ended, fold.now.unscored) == (True, 4)


def test_a_new_cut_forgets_scores_that_were_waiting():
    fold = Fold(Heatmap(question=1))
    fold.take(SegmentScored(0, 0.5, 1, 10))
    fold.take(SegmentsFound(SEGMENTS, 40, 2.0))
    assert fold.now.scores == {}


def test_a_thousand_scores_and_deals_are_folded_in_milliseconds():
    """Each deal names all segments scored so far; folded one by one 1024 of them would copy half a million entries."""
    cut_finely = cut(2048.0)
    fold = Fold(Heatmap(question=1))
    fold.take(SegmentsFound(cut_finely, 4096, 2.0))
    deals = [
        BudgetAllocated(share([0.5] * (place + 1), limit=4096), tuple(range(place + 1)), True)
        for place in range(len(cut_finely))
    ]
    begun = time.process_time()
    for place, deal in enumerate(deals):
        fold.take(SegmentScored(place, 0.5, place + 1, len(deals)))
        fold.take(deal)
    assert len(fold.now.shares) == 1024
    assert time.process_time() - begun < 0.05


def test_between_finds_what_lies_in_a_stretch():
    heatmap = Heatmap(segments=SEGMENTS)
    assert [segment.index for segment in heatmap.between(3.9, 8.0)] == [1, 2, 3]
    assert heatmap.between(20.0, 30.0) == ()


def test_an_even_share_is_the_engines_own():
    heatmap = Heatmap(segments=SEGMENTS, k_min=4, k_max=128, limit=500)
    assert heatmap.even_share == 50
    assert Heatmap(segments=SEGMENTS, k_min=4, k_max=32, limit=500).even_share == 32
    assert Heatmap().even_share == 0
