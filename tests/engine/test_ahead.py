"""Reading ahead: the same items, bounded, errors where they are taken, nothing left running."""

from __future__ import annotations

import threading
import time

import pytest

from engine.ahead import Ahead
from engine.halving import Halving


def counting(made, last=100):
    try:
        for number in range(last):
            made.append(number)
            yield number
    finally:
        made.append("closed")


def test_the_items_come_in_order_and_the_generator_is_closed():
    made = []
    with Ahead(counting(made, 20)) as items:
        assert list(items) == list(range(20))
    assert made[-1] == "closed"


def test_never_more_than_asked_for_lie_ready():
    made = []
    with Ahead(counting(made), depth=2) as items:
        assert next(items) == 0
        time.sleep(0.2)
        assert len(made) <= 4  # one taken, two ready, one waiting for room


def test_leaving_early_closes_the_generator_and_ends_the_thread():
    made, before = [], threading.active_count()
    with Ahead(counting(made)) as items:
        next(items)
    assert made[-1] == "closed"
    assert threading.active_count() == before


def test_an_error_is_raised_where_the_item_is_taken():
    def breaks():
        yield 1
        raise ValueError("torn film")

    with Ahead(breaks()) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="torn film"):
            next(items)


def test_batches_halve_when_memory_runs_out_and_stay_so():
    sizes, notes = [], []

    def work(batch):
        sizes.append(len(batch))
        if len(batch) > 2:
            raise MemoryError
        return [10 * one for one in batch]

    batches = Halving(8, notes.append)
    assert batches.run(work, list(range(9))) == [10 * one for one in range(9)]
    assert sizes == [8, 4, 2, 2, 2, 2, 1]
    assert batches.size == 2
    assert notes == [
        "Memory ran short: 4 segments at a time instead of more.",
        "Memory ran short: 2 segments at a time instead of more.",
    ]


def test_other_errors_and_a_single_item_too_large_are_raised():
    def too_large(batch):
        raise MemoryError

    def wrong(batch):
        raise ValueError("no")

    with pytest.raises(MemoryError):
        Halving(4).run(too_large, [1, 2, 3])
    with pytest.raises(ValueError, match="no"):
        Halving(4).run(wrong, [1, 2, 3])
