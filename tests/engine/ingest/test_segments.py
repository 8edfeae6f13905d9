"""Segments tile the film and carry the published time labels."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ingest.sampling import SamplePlan
from engine.ingest.segments import cut_segments

PUBLISHED = [  # frames, frames a second, labels: ../shared/parity/golden/index.json
    (24, 2.0, ["<2.0 seconds>", "<6.0 seconds>", "<10.0 seconds>"]),
    (21, 1.87, ["<2.1 seconds>", "<6.4 seconds>", "<10.7 seconds>"]),
    (17, 2.0, ["<2.0 seconds>", "<6.0 seconds>", "<10.0 seconds>"]),
]


def even_plan(count: int, fps: float = 2.0) -> SamplePlan:
    return SamplePlan(tuple(range(count)), tuple(i / fps for i in range(count)), fps, 0.0, count / fps)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.floats(0.01, 3), min_size=1, max_size=70), st.integers(1, 12), st.floats(0, 5))
def test_segments_tile_the_time_without_gap_or_loss(steps, width, tail):
    seconds = tuple(sum(steps[:i]) for i in range(len(steps)))
    plan = SamplePlan(tuple(range(len(seconds))), seconds, 2.0, 0.0, seconds[-1] + tail)
    segments = cut_segments(plan, frames_per_segment=width)
    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert sum((segment.frame_seconds for segment in segments), ()) == seconds
    assert all(len(segment.frame_seconds) == width for segment in segments[:-1])
    assert 1 <= len(segments[-1].frame_seconds) <= width
    assert segments[0].start_seconds == seconds[0]
    assert segments[-1].end_seconds == plan.end_seconds
    for segment, following in pairwise(segments):
        assert segment.end_seconds == following.start_seconds
    assert all(segment.start_seconds == segment.frame_seconds[0] for segment in segments)


@pytest.mark.parametrize(("frames", "fps", "labels"), PUBLISHED)
def test_centres_give_the_published_labels(frames, fps, labels):
    segments = cut_segments(even_plan(frames, fps), frames_per_segment=8)
    assert [f"<{segment.centre_seconds:.1f} seconds>" for segment in segments] == labels


def test_centres_are_read_off_the_clock():
    seconds = (0.0, 0.1, 0.2, 5.0, 5.1, 9.0)
    segments = cut_segments(SamplePlan(tuple(range(6)), seconds, 0.5, 0.0, 12.0), frames_per_segment=4)
    assert [segment.centre_seconds for segment in segments] == [0.2, 5.1 + 2 / 0.5]


def test_a_given_end_wins_and_must_not_cut_frames_off():
    assert cut_segments(even_plan(8), frames_per_segment=8, end_seconds=9.0)[0].end_seconds == 9.0
    with pytest.raises(ValueError, match="do not cut"):
        cut_segments(even_plan(8), frames_per_segment=8, end_seconds=1.0)
