"""Folding engine events: shares and scores by segment, hits by time, pins that would overlap merge."""

import pytest
from scripted import cut, share

from app.pins import Pin
from app.timeline.heatmap import Heatmap, merge_pins
from engine.events import BudgetAllocated, SegmentScored, SegmentsFound

SEGMENTS = cut(20.0)


def pin(number, *, weak=False):
    return Pin(number, float(number), number + 1.0, number, 3, 0.5, named=True, weak=weak)


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


def test_close_pins_merge_and_keep_their_numbers():
    marks = merge_pins([(100.0, pin(1)), (300.0, pin(2)), (310.0, pin(3)), (320.0, pin(4))])
    assert [mark.label for mark in marks] == ["1", "2-4"]
    assert marks[1].pixel == 310
    assert merge_pins([(10.0, pin(1)), (20.0, pin(5))])[0].label == "1,5"
    assert merge_pins([]) == []


def test_a_merged_disc_is_weak_only_if_all_its_pins_are():
    assert merge_pins([(10.0, pin(1, weak=True)), (20.0, pin(2))])[0].weak is False
    assert merge_pins([(10.0, pin(1, weak=True)), (20.0, pin(2, weak=True))])[0].weak is True
