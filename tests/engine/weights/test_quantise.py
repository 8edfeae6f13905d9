"""Fewer bits: the right layers and no others, numbers that hold, a copy that is whole or not there."""

from __future__ import annotations

from math import prod

import pytest
import torch
from safetensors.torch import save_file

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.weights import quantised_copy
from engine.weights.catalogue import locate
from engine.weights.checkpoint import read_config
from engine.weights.filling import load_network
from engine.weights.loading import load_model
from engine.weights.network import LOOKED_UP, HostEmbedding
from engine.weights.quantise import BITS, held_tensors, is_quantised, numbers_of
from engine.weights.quantised_copy import copies_folder, copy_of
from engine.weights.tensors import Tensors

ATTENTION = {f"self_attn.{name}_proj" for name in "qkvo"}
LINEAR = ATTENTION | {f"mlp.{name}_proj" for name in ("gate", "up", "down")}


@pytest.fixture(scope="module")
def config():
    return read_config(locate("nano").folder)


@pytest.fixture
def copied(monkeypatch):
    """Small checkpoints are worth a copy too, in shards of a few tensors."""
    monkeypatch.setattr(quantised_copy, "WORTH_A_COPY", 0)
    monkeypatch.setattr(quantised_copy, "SHARD_BYTES", 2_000_000)


def load(config, precision, **given):
    return load_network(config, device="cpu", precision=precision, **given)


def numbers_in(config):
    """How many weights the checkpoint's own header tells of."""
    with Tensors(config.folder) as found:
        return sum(prod(found.shape(name)) for name in found.names)


def kept(network):
    """Every tensor of a network, with the scales of the quantised ones."""
    return {name: held_tensors(parameter) for name, parameter in network.named_parameters()}


@pytest.mark.parametrize(("precision", "layer"), [("nf4", "Linear4bit"), ("int8", "Linear8bitLt")])
def test_the_text_layers_and_nothing_else_are_quantised(config, precision, layer):
    network = load(config, precision)
    modules = {name for name, module in network.named_modules() if type(module).__name__ == layer}
    layers = len(network.model.layers) + len(network.tower.vlm.model.language_model.layers)
    assert len(modules) == 7 * layers
    assert {".".join(name.rsplit(".", 2)[1:]) for name in modules} == LINEAR
    assert not [name for name in modules if "visual" in name]
    plain = [p for name, p in network.named_parameters() if not is_quantised(name, precision)]
    assert {parameter.dtype for parameter in plain} == {torch.bfloat16}


@pytest.mark.parametrize("precision", ["nf4", "int8", "bf16", "fp32"])
def test_weights_are_counted_whatever_holds_them(config, precision):
    assert sum(numbers_of(parameter) for parameter in load(config, precision).parameters()) == numbers_in(config)


@pytest.mark.parametrize(("precision", "most"), [("nf4", 0.11), ("int8", 0.02)])
def test_a_quantised_layer_computes_nearly_what_the_layer_did(config, precision, most):
    exact, small = load(config, "fp32"), load(config, precision)
    for name in (
        "model.layers.0.mlp.up_proj",
        "model.vision_tower_aux_list.0.vlm.model.language_model.layers.1.mlp.up_proj",
    ):
        x = torch.randn(1, 40, 256, generator=torch.Generator().manual_seed(0), dtype=torch.bfloat16)
        with torch.inference_mode():
            right = exact.get_submodule(name)(x.float())
            found = small.get_submodule(name)(x).float()
        error = ((found - right).norm() / right.norm()).item()
        assert 0.001 < error < most  # exact would mean that nothing was quantised


def test_nf4_holds_a_weight_in_little_over_4_bits(config):
    parameters = dict(load(config, "nf4").named_parameters())
    small = {name: parameter for name, parameter in parameters.items() if is_quantised(name, "nf4")}
    held = sum(tensor.nbytes for parameter in small.values() for tensor in held_tensors(parameter))
    bits = 8 * held / sum(numbers_of(parameter) for parameter in small.values())
    assert 4.12 < bits < 4.25  # 4 + 8/64 + 32/(64 * 256), and the tables of each matrix


@pytest.mark.parametrize("precision", sorted(BITS))
def test_the_copy_is_the_model(config, copied, precision):
    first = kept(load(config, precision, keep_copy=True))
    copy = copy_of(config, precision)
    assert copy.exists
    assert len(list(copy.folder.glob("*.safetensors"))) > 1
    second = load(config, precision, keep_copy=True)
    assert {name: len(parts) for name, parts in kept(second).items()} == {n: len(parts) for n, parts in first.items()}
    for name, parts in kept(second).items():
        assert all(torch.equal(a, b) for a, b in zip(parts, first[name], strict=True)), name
    x = torch.randn(1, 3, 256, dtype=torch.bfloat16)
    with torch.inference_mode():
        assert torch.isfinite(second.model.layers[0].mlp(x)).all()


def test_a_small_model_leaves_no_copy(config):
    assert copy_of(config, "nf4") is None


def test_other_weights_have_another_copy(config, copied, tmp_path):
    from dataclasses import replace

    other = tmp_path / "other"
    other.mkdir()
    save_file({"x": torch.zeros(3)}, other / "model.safetensors")
    places = {copy_of(config, "nf4"), copy_of(config, "int8"), copy_of(replace(config, folder=other), "nf4")}
    assert len(places) == 3


@pytest.mark.parametrize("wrong", ["short", "missing", "foreign"])
def test_a_damaged_copy_is_made_again(config, copied, wrong):
    whole = kept(load(config, "nf4", keep_copy=True))
    copy = copy_of(config, "nf4")
    shard = sorted(copy.folder.glob("*.safetensors"))[0]
    if wrong == "short":
        shard.write_bytes(shard.read_bytes()[:-100])
    elif wrong == "missing":
        shard.unlink()
    else:
        save_file({"surprise": torch.zeros(2)}, shard)
    for name, parts in kept(load(config, "nf4", keep_copy=True)).items():
        assert all(torch.equal(a, b) for a, b in zip(parts, whole[name], strict=True)), name
    assert shard.stat().st_size > 1000


def test_a_stop_while_loading_leaves_no_half_copy(config, copied):
    class StopsLater(CancelToken):
        left = 60

        def check(self):
            self.left -= 1
            if not self.left:
                raise Cancelled

    with pytest.raises(Cancelled):
        load(config, "nf4", keep_copy=True, cancel=StopsLater())
    assert not copy_of(config, "nf4").exists
    assert not list(copies_folder().glob("*"))


def test_a_disk_that_refuses_costs_the_copy_and_not_the_model(config, copied, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", full)
    network = load(config, "nf4", keep_copy=True)
    assert not copy_of(config, "nf4").exists
    assert not list(copies_folder().glob("*"))
    assert sum(numbers_of(parameter) for parameter in network.parameters()) == numbers_in(config)


def test_what_is_only_looked_up_may_stay_in_host_memory(config):
    weight = load(config, "bf16").get_parameter(LOOKED_UP)
    rows = HostEmbedding(weight)(torch.tensor([[3, 1]]))
    assert torch.equal(rows, weight[torch.tensor([[3, 1]])])


def test_widths_that_the_kernels_do_not_take_are_refused_in_words(tiny_tempo):
    with pytest.raises(ModelError, match=r"Layers 96 wide cannot be held in 4 bits") as caught:
        load_model(tiny_tempo, device="cpu", precision="nf4")
    assert caught.value.advice == "Choose another precision."
