"""Batches drawn ahead: in order, by another process, the same as drawn here."""

import gc
import os

import numpy as np
import pytest

from engine.errors import ModelError
from engine.training.ahead import drawn_ahead


def draw(number):
    return number, os.getpid(), np.random.default_rng(number).random(3)


def test_batches_come_in_order_from_a_process_of_their_own():
    drawn = list(drawn_ahead(draw, range(3, 30, 4)))
    assert [number for number, _, _ in drawn] == list(range(3, 30, 4))
    assert {process for _, process, _ in drawn} != {os.getpid()}
    for number, _, values in drawn:
        assert (values == draw(number)[2]).all()


def test_where_processes_cannot_be_forked_this_one_draws(monkeypatch):
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    assert {process for _, process, _ in drawn_ahead(draw, range(3))} == {os.getpid()}


def test_what_goes_wrong_while_drawing_is_told():
    def broken(number):
        raise LookupError(f"no film {number}")

    with pytest.raises(LookupError, match="no film 0"):
        list(drawn_ahead(broken, range(2)))
    gc.collect()  # what was raised holds the loader, and the loader its thread


def test_what_can_be_said_in_a_sentence_stays_one():
    def broken(number):
        raise ModelError("The emoji font is missing.", advice="Install it.")

    with pytest.raises(ModelError) as raised:
        list(drawn_ahead(broken, range(2)))
    assert (raised.value.message, raised.value.advice) == ("The emoji font is missing.", "Install it.")
    gc.collect()


def test_several_processes_draw_and_the_order_stays():
    drawn = list(drawn_ahead(draw, range(8), processes=2))
    assert [number for number, _, _ in drawn] == list(range(8))
    assert len({process for _, process, _ in drawn}) == 2
    assert list(drawn_ahead(draw, [], processes=0)) == []
