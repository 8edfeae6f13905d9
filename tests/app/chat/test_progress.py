"""The five stages as the engine goes through them."""

import pytest
from scripted import cut, share

from app.chat.progress import Progress, State
from engine.events import (
    BudgetAllocated,
    Failed,
    FramesRead,
    SegmentIndexed,
    SegmentScored,
    SegmentsFound,
    Stopped,
    TokenDecoded,
)


def after(events):
    progress = Progress()
    for place, event in enumerate(events):
        progress = progress.after(event, seconds=float(place))
    return progress


def test_first_question_reads_indexes_scores():
    progress = after([SegmentsFound(cut(20.0), 40, 2.0), FramesRead(16, 40), SegmentIndexed(3, 4, 10),
                      SegmentScored(0, 0.5, 1, 10)])  # fmt: skip
    assert [stage.state for stage in progress.stages] == [State.RUNNING] * 3 + [State.WAITING] * 2
    assert [stage.count for stage in progress.stages] == ["16 of 40", "4 of 10", "1 of 10", "waiting", "waiting"]


def test_later_questions_say_cached():
    progress = after([SegmentIndexed(3, 4, 10), SegmentScored(0, 0.5, 1, 10), SegmentIndexed(7, 8, 10)])
    assert progress.reading.count == progress.indexing.count == "cached"
    assert progress.indexing.state is State.DONE
    assert progress.scoring.state is State.RUNNING


def test_time_to_go_needs_some_scores():
    one = after([FramesRead(40, 40), SegmentScored(0, 0.5, 1, 10)])
    assert one.remaining_seconds(2.0) is None
    four = after([SegmentScored(place, 0.5, place + 1, 10) for place in range(4)])
    assert four.remaining_seconds(3.0) == 6.0


def test_the_first_word_ends_all_before_it():
    progress = after([FramesRead(40, 40), SegmentScored(9, 0.5, 10, 10), TokenDecoded("Two words")])
    assert [stage.state for stage in progress.stages] == [State.DONE] * 4 + [State.RUNNING]
    assert progress.answering.count == "2 words"
    assert progress.sentence() == "Writing the answer"


@pytest.mark.parametrize("end", [Stopped(), Failed("The disk is gone.", "")])
def test_nothing_runs_after_the_end(end):
    progress = after([SegmentsFound(cut(20.0), 40, 2.0), FramesRead(16, 40), SegmentIndexed(3, 4, 10), end])
    assert [stage.state for stage in progress.stages] == [State.STOPPED] * 2 + [State.WAITING] * 3
    answering = after([TokenDecoded("The"), end])
    assert [stage.state for stage in answering.stages] == [State.DONE] * 4 + [State.STOPPED]


def test_tokens_are_dealt_provisionally_then_for_good():
    dealt = share((0.1, 0.9), limit=40)
    first = after([SegmentScored(0, 0.5, 1, 10), BudgetAllocated(dealt, (0, 1), provisional=True)])
    assert (first.allocating.state, first.allocating.count) == (State.RUNNING, "9 so far")
    last = first.after(BudgetAllocated(dealt, (0, 1), provisional=False), seconds=9.0)
    assert (last.allocating.state, last.allocating.count) == (State.DONE, "9")


def test_what_was_counted_before_memory_ran_out_is_void():
    progress = after([FramesRead(40, 40), SegmentScored(0, 0.5, 1, 10), SegmentsFound(cut(20.0), 40, 2.0)])
    assert [stage.count for stage in progress.stages] == ["waiting"] * 5
    assert progress.sentence() == "Starting"


def test_the_first_batch_does_not_count_as_its_rate():
    """Eight segments came at once after loading: the next eight say how long the rest takes."""
    events = [SegmentScored(place, 0.5, place + 1, 32) for place in range(16)]
    progress = Progress()
    for place, event in enumerate(events):
        progress = progress.after(event, seconds=10.0 if place < 8 else 12.0)
    assert progress.remaining_seconds(12.0) == pytest.approx(2.0 / 8 * 16)
