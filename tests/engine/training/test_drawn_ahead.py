"""Batches drawn ahead: in order, by another process, the same as drawn here."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelError
from engine.training.ahead import drawn_ahead

ROOT = Path(__file__).parents[3]


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


LEFT_ALONE = """
import socket, time
from multiprocessing import resource_sharer
from engine.training.ahead import drawn_ahead

def drawn(number):
    if number:
        time.sleep(1.0)  # what is printed is printed by then
        return ""
    return resource_sharer.DupFd(1)._id[0]  # where file descriptors are to be fetched

drawing = drawn_ahead(drawn, range(2))
address = next(drawing)
with socket.socket(socket.AF_UNIX) as fetching:
    fetching.connect(address)
    fetching.recv(1)  # it is being answered
print(len(list(drawing)))
"""


def test_who_draws_says_nothing_when_its_reader_is_gone():
    """As in the middle of Ctrl+C: the reader had begun to fetch a batch, and was no more."""
    done = subprocess.run([sys.executable, "-c", LEFT_ALONE], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("1\n", "")
