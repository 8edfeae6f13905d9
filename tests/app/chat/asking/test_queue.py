"""Who asks while something runs waits; nothing that waits is lost."""

import pytest
from PySide6.QtTest import QTest

from app.chat.asking.queue import FAILED, Queue
from app.chat.asking.waiting import Wish

A, B, C = Wish("a"), Wish("b"), Wish("c")


@pytest.fixture
def queue(qapp):
    """Busy from the moment a wish goes out, as the window is."""
    made = Queue()
    made.out, made.stops = [], []

    def ask(wish):
        made.out.append(wish)
        made.set_busy(True)

    made.wanted.connect(ask)
    made.stop_wanted.connect(lambda: made.stops.append(1))
    return made


def free(queue):
    queue.set_busy(False)
    QTest.qWait(1)


def test_one_at_a_time_in_order(queue):
    for wish in (A, B, C):
        queue.ask(wish)
    assert queue.out == [A]
    free(queue)
    free(queue)
    assert queue.out == [A, B, C]
    assert len(queue.line) == 0


def test_asked_now_stops_what_runs_and_goes_next(queue):
    for wish in (A, B):
        queue.ask(wish)
    queue.ask_now(C)
    assert (queue.stops, queue.out) == ([1], [A])
    free(queue)
    assert queue.out == [A, C]
    assert queue.line.wishes == (B,)


def test_one_that_waits_is_asked_now_when_nothing_runs(queue):
    queue.ask(A)
    queue.ask(B)
    queue.hold(FAILED)
    free(queue)
    assert queue.out == [A], "a held line does not move"
    queue.pull(0)
    assert queue.out == [A, B]
    assert queue.stops == []


def test_who_asks_past_a_held_line_goes_first(queue):
    queue.ask(A)
    queue.ask(B)
    queue.hold(FAILED)
    free(queue)
    queue.ask(C)
    assert queue.out == [A, C]
    assert queue.line.wishes == (B,)
    queue.release("another reason")
    assert queue.line.held == FAILED
    queue.release(FAILED)
    free(queue)
    assert queue.out == [A, C, B]


def test_a_wish_that_is_taken_while_the_engine_is_taken_again_waits_on(queue):
    """Between being free and the next turn of the loop somebody else asked."""
    queue.ask(A)
    queue.ask(B)
    queue.set_busy(False)
    queue.set_busy(True)
    QTest.qWait(1)
    assert queue.out == [A]
    assert queue.line.wishes == (B,)
