"""What of the film is ready, folded from events."""

from dataclasses import replace

from scripted import cut

from app.timeline.index_line import IndexLine
from engine.events import IndexFound, SegmentIndexed, SegmentScored, SegmentsFound

SEGMENTS = cut(12.0)


def after(*events, line=None):
    line = line or IndexLine()
    for event in events:
        line = line.after(event)
    return line


def test_neighbours_join_and_gaps_stay():
    line = after(IndexFound(SEGMENTS, (0, 1)), SegmentIndexed(3, 3, 6), SegmentIndexed(4, 4, 6))
    assert line.spans() == [(0.0, 4.0), (6.0, 10.0)]
    assert not line.complete
    assert after(SegmentIndexed(2, 5, 6), SegmentIndexed(5, 6, 6), line=line).spans() == [(0.0, 12.0)]
    assert after(SegmentIndexed(2, 5, 6), SegmentIndexed(5, 6, 6), line=line).complete


def test_a_question_about_the_same_cut_keeps_what_is_ready_and_another_cut_begins_anew():
    line = after(IndexFound(SEGMENTS, (0,)))
    assert after(SegmentsFound(SEGMENTS, 24, 2.0), line=line).ready == {0}
    other = tuple(replace(segment, start_seconds=segment.start_seconds + 0.5) for segment in SEGMENTS)
    assert after(SegmentsFound(other, 24, 2.0), line=line) == IndexLine(other)


def test_other_events_change_nothing():
    line = after(IndexFound(SEGMENTS, ()))
    assert after(SegmentScored(1, 0.5, 1, 6), line=line) is line
    assert IndexLine().spans() == []
    assert not IndexLine().complete
