"""The four stages as the engine goes through them."""

import pytest
from scripted import cut

from app.chat.progress import Progress, State
from engine.events import Failed, FramesRead, SegmentIndexed, SegmentScored, SegmentsFound, Stopped, TokenDecoded


def after(events):
    progress = Progress()
    for place, event in enumerate(events):
        progress = progress.after(event, seconds=float(place))
    return progress


def test_first_question_reads_indexes_scores():
    progress = after([SegmentsFound(cut(20.0), 40, 2.0), FramesRead(16, 40), SegmentIndexed(3, 4, 10),
                      SegmentScored(0, 0.5, 1, 10)])  # fmt: skip
    assert [stage.state for stage in progress.stages] == [State.RUNNING] * 3 + [State.WAITING]
    assert [stage.count for stage in progress.stages] == ["16 of 40", "4 of 10", "1 of 10", "waiting"]


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
    assert [stage.state for stage in progress.stages] == [State.DONE] * 3 + [State.RUNNING]
    assert progress.answering.count == "2 words"
    assert progress.sentence() == "Writing the answer"


@pytest.mark.parametrize("end", [Stopped(), Failed("The disk is gone.", "")])
def test_nothing_runs_after_the_end(end):
    progress = after([SegmentsFound(cut(20.0), 40, 2.0), FramesRead(16, 40), SegmentIndexed(3, 4, 10), end])
    assert [stage.state for stage in progress.stages] == [State.STOPPED] * 2 + [State.WAITING] * 2
    answering = after([TokenDecoded("The"), end])
    assert [stage.state for stage in answering.stages] == [State.DONE] * 3 + [State.STOPPED]
