"""What needs a CUDA device: 4-bit loading, the plan against the measured peak, out of memory, memory let go of.

What the processor can do as well runs there too, so that a test does not break unseen where there is no card.
"""

from __future__ import annotations

import gc
import time
from dataclasses import replace

import pytest
import torch

from engine.cancel import CancelToken
from engine.device_memory import own_bytes
from engine.errors import Cancelled, OutOfMemoryError
from engine.events import SegmentScored, TokenDecoded
from engine.planning import best_plan, config_of, plan_for
from engine.session import Session
from engine.settings import Settings
from engine.weights.loading import load_model
from engine.weights.network import LOOKED_UP
from engine.weights.quantise import is_quantised

CUDA = pytest.param("cuda", marks=pytest.mark.needs_cuda)
QUESTION = "When does the square appear?"
TOLERANCE = 0.05  # of memory features and scores, nf4 on the card against nf4 on the CPU


@pytest.fixture(autouse=True)
def _empty_card():
    yield
    gc.collect()
    torch.cuda.empty_cache()


def session_on(device, short_film, **given):
    session = Session(Settings(device=device, keep_index=False, max_new_tokens=8, **given))
    session.open(short_film, emit=lambda _: None)
    return session


@pytest.mark.parametrize("device", ["cpu", CUDA])
@pytest.mark.parametrize("precision", ["nf4", "int8"])
def test_quantised_weights_are_on_the_card_and_lookups_are_not(device, precision):
    network = load_model("nano", device=device, precision=precision).network
    for name, parameter in network.named_parameters():
        assert parameter.device.type == ("cpu" if name == LOOKED_UP else device), name
        if is_quantised(name, precision):
            assert parameter.dtype in (torch.uint8, torch.int8)


@pytest.mark.needs_cuda
def test_a_card_by_number_is_the_same_card(short_film):
    answers = []
    for device in ("cuda", "cuda:0"):
        session = session_on(device, short_film, precision="bf16")
        answers.append(session.ask(QUESTION, emit=lambda _: None))
        session.close()
    assert answers[0].scores == answers[1].scores
    assert answers[1].model.device == "cuda:0"


@pytest.mark.parametrize("device", ["cpu", CUDA])
def test_the_model_in_use_counts_as_room(short_film, device):
    """What can be had is the same before a model is loaded and while it is held, to a little of PyTorch's own."""
    session = session_on(device, short_film, precision="bf16")
    session.ask(QUESTION, emit=lambda _: None)
    held = own_bytes(device)
    assert held >= session._model.residency.nbytes > 0
    while_held = best_plan(config_of("nano"), "bf16", device).free
    session.close()
    gc.collect()
    assert own_bytes(device) < held
    if device == "cuda":  # other programs come and go in host memory
        assert best_plan(config_of("nano"), "bf16", device).free == pytest.approx(while_held, abs=2e8)


@pytest.mark.needs_cuda
@pytest.mark.parametrize("precision", ["nf4", "int8"])
def test_the_card_scores_as_the_cpu_does(short_film, precision):
    sessions = [session_on(device, short_film, precision=precision) for device in ("cpu", "cuda")]
    one, other = (session.ask(QUESTION, emit=lambda _: None) for session in sessions)
    assert other.scores == pytest.approx(one.scores, abs=TOLERANCE)
    for session in sessions:
        session.close()


@pytest.mark.needs_cuda
def test_the_plan_foresees_the_peak(short_film):
    """Within a tenth, the context of CUDA itself not counted: PyTorch's own count of what it handed out."""
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    session = session_on("cuda", short_film, precision="bf16")
    answer = session.ask(QUESTION, emit=lambda _: None)
    peak = torch.cuda.max_memory_allocated() - before
    model = session._model
    planned = plan_for(model.config, answer.video, precision="bf16", device="cuda", settings=session._settings)
    assert peak <= planned.peak * 1.1
    assert model.held.device == pytest.approx(model.residency.nbytes, rel=0.01)
    session.close()


@pytest.mark.needs_cuda
@pytest.mark.parametrize("precision", ["bf16", "int8", "nf4"])
def test_taking_turns_answers_alike(short_film, precision):
    session = session_on("cuda", short_film, precision=precision)
    right = session.ask(QUESTION, emit=lambda _: None)
    assert session._model.residency.take_turns()
    answer = session.ask(QUESTION, emit=lambda _: None)
    assert (answer.text, answer.scores) == (right.text, right.scores)
    decoder = next(session._model.network.model.layers.parameters())
    compressor = next(session._model.network.tower.vlm.model.visual.parameters())
    assert (decoder.device.type, compressor.device.type) == ("cuda", "cpu")
    session.close()


@pytest.mark.needs_cuda
def test_a_full_card_is_survived(short_film):
    """With less and less of what the question took, it is answered alike and says what was given up, or is refused in
    words; and with the card free again it is answered as before."""
    session = session_on("cuda", short_film, precision="bf16")
    torch.cuda.reset_peak_memory_stats()
    right, total = session.ask(QUESTION, emit=lambda _: None), torch.cuda.mem_get_info()[1]
    peak, outcomes = torch.cuda.max_memory_reserved(), set()
    for share in (0.75, 0.5, 0.25, 0.0):
        session._shelf.clear()
        torch.cuda.empty_cache()
        least = torch.cuda.memory_reserved()
        torch.cuda.set_per_process_memory_fraction((least + share * (peak - least)) / total)
        try:
            answer = session.ask(QUESTION, emit=lambda _: None)
            assert answer.text == right.text
            outcomes.add("as before" if answer.notes == right.notes else "with less")
        except OutOfMemoryError:
            outcomes.add("refused")
        finally:
            torch.cuda.set_per_process_memory_fraction(1.0)
    assert outcomes & {"with less", "refused"}
    assert session.ask(QUESTION, emit=lambda _: None).text == right.text
    session.close()


@pytest.mark.parametrize("device", ["cpu", CUDA])
@pytest.mark.parametrize("stage", [SegmentScored, TokenDecoded])
def test_a_stop_frees_the_card_within_a_second(short_film, device, stage):
    session = session_on(device, short_film, precision="bf16")
    session._shelf._limits = replace(session._shelf._limits, device=0, host=0)
    session.ask(QUESTION, emit=lambda _: None)
    gc.collect()
    held, cancel, stopped = own_bytes(device), CancelToken(), []

    def stop(event):
        if isinstance(event, stage) and not stopped:
            stopped.append(time.monotonic())
            cancel.cancel()

    with pytest.raises(Cancelled):
        session.ask(QUESTION, emit=stop, cancel=cancel)
    took = time.monotonic() - stopped[0]
    gc.collect()  # of everything that tests before this one left: not the stop's time
    assert own_bytes(device) <= held * 1.01
    assert took < 1.0
    session.close()
