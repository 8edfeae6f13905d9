"""The number format that training multiplies in is the one that the processor is faster in."""

import pytest
import torch

from engine.training import precision
from engine.training.launch import Alone
from engine.training.precision import cast, fast_format, settle_format


@pytest.fixture
def anew():
    precision.measured_format.cache_clear()
    before = dict(precision._settled)
    precision._settled.clear()
    yield
    precision.measured_format.cache_clear()
    precision._settled.update(before)


@pytest.mark.parametrize(
    ("narrow", "chosen"),
    [(0.4, torch.bfloat16), (0.9, torch.float32), (1.7, torch.float32), (7.6, torch.float32)],
)
def test_a_processor_multiplies_in_bfloat16_where_that_is_clearly_faster(monkeypatch, anew, narrow, chosen):
    taken = {torch.float32: 1.0, torch.bfloat16: narrow}
    monkeypatch.setattr(precision, "_seconds", lambda square: taken[square.dtype])
    assert fast_format("cpu") == chosen
    weights, x = torch.ones(4, 4), torch.ones(4, 4)
    with cast("cpu"):
        assert (x @ weights).dtype == chosen


def test_one_try_that_was_held_up_does_not_decide(monkeypatch, anew):
    tries = iter([9.0, 0.4, 1.0, 9.0, *[1.0, 0.4] * precision.TRIES])
    monkeypatch.setattr(precision, "_seconds", lambda square: next(tries))
    assert fast_format() == torch.bfloat16


def test_a_process_decides_once(monkeypatch, anew):
    decided = fast_format()
    monkeypatch.setattr(precision, "_seconds", lambda square: pytest.fail("measured again"))
    assert fast_format() == decided


def test_several_processes_take_what_the_first_measured(monkeypatch, anew):
    monkeypatch.setattr(precision, "_seconds", lambda square: {torch.float32: 1.0, torch.bfloat16: 2.0}[square.dtype])

    class Second(Alone):
        first = False

        def added(self, value):
            return value + 1  # the first one's

    settle_format(Second())
    assert precision.measured_format() == torch.float32
    assert fast_format() == torch.bfloat16


def test_cards_multiply_in_bfloat16():
    assert fast_format("cuda:1") == torch.bfloat16


def test_a_wish_is_followed_anywhere():
    with cast("cpu", torch.bfloat16):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
    with cast("cpu", torch.float32):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
