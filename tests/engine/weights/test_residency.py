"""Both models on the device, or one after the other: every weight is moved, and out of memory leads from one to the
other."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engine import events
from engine.cancel import CancelToken
from engine.errors import OutOfMemoryError
from engine.session import TOOK_TURNS, Session
from engine.settings import Settings
from engine.weights.loading import load_model
from engine.weights.network import LOOKED_UP, keep_lookup_in_host_memory
from engine.weights.residency import Residency

QUESTION = "When does the square appear?"


@pytest.fixture
def model(small_tempo):
    return load_model(small_tempo, device="cpu", precision="fp32")


@pytest.fixture
def session(model, small_tempo, short_film):
    made = Session(Settings(model=str(small_tempo), device="cpu", max_new_tokens=8, keep_index=False))
    made.use(model)
    made.open(short_film, emit=lambda _: None)
    yield made
    made.close()


def parameters(modules):
    return {id(parameter) for module in modules for parameter in module.parameters()}


def test_the_two_parts_are_the_whole_model(model):
    network = model.network
    keep_lookup_in_host_memory(network)
    residency = Residency(network, "cpu")
    compressor, decoder = parameters(residency._compressor()), parameters(residency._decoder())
    stays = {id(network.get_parameter(LOOKED_UP)), id(network.tower.compression_tokens)}
    assert not compressor & decoder
    assert not stays & (compressor | decoder)
    assert compressor | decoder | stays == parameters([network])


def test_on_the_cpu_nothing_is_gained_by_turns(model):
    assert not model.residency.take_turns()
    assert Residency(model.network, "cpu", together=False).together


def test_the_device_holds_only_who_works(model):
    """A device that exists everywhere and keeps no values shows what was moved."""
    residency = Residency(model.network, "meta", together=True)
    assert residency.take_turns()
    assert not residency.take_turns()
    residency.compressing(CancelToken())
    assert {p.is_meta for part in residency._compressor() for p in part.parameters()} == {True}
    assert {p.is_meta for part in residency._decoder() for p in part.parameters()} == {False}


class Turns:
    """Stands for a device with room for one model only."""

    def __init__(self):
        self.together, self.forced, self.nbytes, self.calls = True, False, 0, []

    def follow(self, *, together):
        pass

    def take_turns(self):
        was, self.together = self.together, False
        return was

    def compressing(self, cancel):
        self.calls.append("compress")

    def writing(self, cancel):
        self.calls.append("write")
        if self.together:
            raise torch.OutOfMemoryError("CUDA out of memory")


def test_out_of_memory_begins_again_with_turns_and_says_so(session, model):
    right = session.ask(QUESTION, emit=lambda _: None)
    turns, seen = Turns(), []
    session.use(replace(model, residency=turns))
    answer = session.ask(QUESTION, emit=seen.append)
    assert turns.calls == ["compress", "write", "compress", "write"]
    assert (answer.text, answer.scores) == (right.text, right.scores)
    assert TOOK_TURNS in answer.notes
    assert [event.text for event in seen if isinstance(event, events.NoteAdded)].count(TOOK_TURNS) == 1


def test_out_of_memory_with_turns_is_one_plain_sentence(session, model):
    turns = Turns()
    turns.take_turns = lambda: False
    session.use(replace(model, residency=turns))
    with pytest.raises(OutOfMemoryError, match="The device ran out of memory") as caught:
        session.ask(QUESTION, emit=lambda _: None)
    assert "fewer frames" in caught.value.advice
