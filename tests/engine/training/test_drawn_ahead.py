"""Batches drawn ahead: in order, by another process, the same as drawn here."""

import gc
import os

import numpy as np
import pytest

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
