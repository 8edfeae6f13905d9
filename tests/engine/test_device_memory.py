"""What is free and what is one's own: the model in use never counts as another program's memory."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import torch

from engine.device_memory import _free_by_nvml, _unmapped_bytes, counted, free_bytes, own_bytes
from engine.planning import best_plan, config_of
from engine.weights.loading import load_model
from tests.parity.oracle import tempo_folder

GB = 10**9


@dataclass(frozen=True)
class Card:
    """Stands for the second graphics card: what PyTorch and NVIDIA's library would say of it."""

    total: float  # GB, as all below
    others: float
    allocated: float  # by this process
    reserved: float  # allocated and kept for later

    def put_in(self, monkeypatch) -> None:
        for name, told in (
            ("mem_get_info", (int((self.total - self.others - self.reserved) * GB), int(self.total * GB))),
            ("memory_allocated", int(self.allocated * GB)),
            ("memory_reserved", int(self.reserved * GB)),
            ("get_device_properties", SimpleNamespace(uuid="1", name="A card", total_memory=int(self.total * GB))),
        ):
            monkeypatch.setattr(torch.cuda, name, lambda device, told=told: told if device == "cuda:1" else None)
        monkeypatch.setattr("engine.weights.device._available", lambda kind: kind in ("cuda", "cpu"))
        monkeypatch.setattr("engine.weights.device._count", lambda kind: 2)


@dataclass(eq=False)
class Held:
    nbytes: int

    def nbytes_on(self, device: str) -> int:
        return self.nbytes if device == "cpu" else 0


@pytest.mark.parametrize("precision", ["nf4", "auto"])
def test_the_model_in_use_does_not_speak_against_another_one(monkeypatch, precision):
    """Of 8 GB this process holds 5.2 and another program 0.5: nf4 must be weighed against 7.5, not against 2.3."""
    monkeypatch.setattr("engine.weights.device._cuda_has_bf16", lambda device: True)
    Card(total=8, others=0.5, allocated=4.9, reserved=5.2).put_in(monkeypatch)
    assert free_bytes("cuda:1") == pytest.approx(2.6 * GB)  # 2.3 that nobody holds, 0.3 that PyTorch keeps
    assert own_bytes("cuda:1") == pytest.approx(4.9 * GB)
    plan = best_plan(config_of("tempo-6b"), precision, "cuda:1")
    assert (plan.device, plan.precision) == ("cuda:1", "nf4")
    assert plan.free == pytest.approx(7.5 * GB)
    assert plan.fits


def test_other_programs_memory_does(monkeypatch):
    """The same card, but the 5.2 GB are somebody else's."""
    Card(total=8, others=5.7, allocated=0, reserved=0).put_in(monkeypatch)
    plan = best_plan(config_of("tempo-6b"), "nf4", "cuda:1")
    assert plan.free == pytest.approx(2.3 * GB)
    assert plan.verdict == "does not fit"


def test_nvidias_word_bounds_what_cuda_says(monkeypatch):
    Card(total=8, others=0, allocated=0, reserved=0).put_in(monkeypatch)
    import pynvml

    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda uuid: uuid)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", lambda card: SimpleNamespace(free=3 * GB))
    assert free_bytes("cuda:1") == 3 * GB


def test_without_nvidias_library_it_sets_no_bound():
    assert _free_by_nvml("cuda") > 10**9


def test_host_memory_is_told():
    assert 10**8 < free_bytes("cpu") < 10**14


def test_what_is_dropped_is_no_longer_ones_own():
    before = own_bytes("cpu")
    held = Held(10**7)
    counted(held)
    assert own_bytes("cpu") == before + 10**7
    del held
    assert own_bytes("cpu") == before


def test_a_loaded_model_is_ones_own():
    gc.collect()
    before = own_bytes("cpu")
    model = load_model("nano", device="cpu", precision="fp32")
    assert own_bytes("cpu") == pytest.approx(before + model.held.total, rel=0.01)


def test_what_is_mapped_from_a_file_is_free_already():
    """A host that holds more than the process has in memory of its own holds it by a file."""
    model = load_model(tempo_folder(), device="cpu", precision="fp32")
    held = Held(10**13)
    counted(held)
    assert model.held.total < own_bytes("cpu") <= _unmapped_bytes() * 1.1 < 10**12
