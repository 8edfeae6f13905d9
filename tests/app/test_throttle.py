"""Few events out, none of their meaning lost, nothing overtakes."""

from scripted import share

from app.throttle import Throttle
from engine.events import (
    BudgetAllocated,
    FramesRead,
    NoteAdded,
    SegmentScored,
    TokenDecoded,
)


def test_text_is_joined_and_never_lost():
    throttle = Throttle()
    for piece in ("When", " the", " apple"):
        assert throttle.push(TokenDecoded(piece)) == []
    assert throttle.drain() == [TokenDecoded("When the apple")]
    assert throttle.drain() == []


def test_progress_keeps_the_last_and_scores_are_all_kept():
    throttle = Throttle()
    for done in range(1, 4):
        throttle.push(FramesRead(done, 3))
        throttle.push(SegmentScored(done, 0.1 * done, done, 3))
        throttle.push(BudgetAllocated(share([0.1] * done, limit=9), tuple(range(done)), provisional=True))
    held = throttle.drain()
    assert [event.done for event in held if isinstance(event, FramesRead)] == [3]
    assert [event.segment for event in held if isinstance(event, SegmentScored)] == [1, 2, 3]
    assert [len(event.scored) for event in held if isinstance(event, BudgetAllocated)] == [3]


def test_other_events_wait_for_what_came_before():
    throttle = Throttle()
    throttle.push(TokenDecoded("yes"))
    assert throttle.push(NoteAdded("note")) == [TokenDecoded("yes"), NoteAdded("note")]
    assert not throttle.waiting


def test_the_final_allocation_passes_at_once():
    final = BudgetAllocated(share([0.1, 0.9], limit=9), (0, 1), provisional=False)
    assert Throttle().push(final) == [final]
