"""The bundled model unpacked into a run's folder: published again it is the same, and its tower sees the same."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from engine.errors import ModelError
from engine.training.launch import Alone
from engine.training.presets import NANO
from engine.training.publishing import write_checkpoint
from engine.training.reinforcing import own_direction
from engine.training.run import Run
from engine.training.unpacking import unpack
from engine.weights.catalogue import ASSETS

NANO_FOLDER = ASSETS / "nano"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    unpack(NANO_FOLDER, folder, NANO)
    return Run(folder, replace(NANO, shards=1), process=Alone())


def test_published_again_it_is_the_same(run, tmp_path):
    assert run.latest == "stage3"
    assert all(run.done(step) for step in ("vision", "svlm", "decoder", "stage0", "stage1", "stage2", "stage3"))
    run.network.load_state_dict(run.weights("stage3"))
    write_checkpoint(run.network, run.weights("svlm"), run.base, tmp_path / "model")
    files = ("config.json", "generation_config.json", "tokenizer.json", "base/config.json")
    for name in ("model.safetensors", "router.safetensors", *files):
        assert (tmp_path / "model" / name).read_bytes() == (NANO_FOLDER / name).read_bytes(), name


def test_its_router_and_its_tower_are_the_models(run):
    rows = load_file(NANO_FOLDER / "router.safetensors")
    torch.testing.assert_close(own_direction(run), rows["yes"] - rows["no"])
    run.network.load_state_dict(run.weights("stage3"))
    before = {key: value.clone() for key, value in run.network.svlm.visual.state_dict().items()}
    run.load_tower()  # which centres and scales what is centred and scaled, by other pictures where Noto is alone
    for key, value in run.network.svlm.visual.state_dict().items():
        if "linear_fc2.weight" in key:
            assert float((value - before[key]).norm() / before[key].norm()) < 0.15, key


def test_a_folder_with_a_run_and_one_without_a_model_are_refused(run, tmp_path):
    with pytest.raises(ModelError, match="is not empty"):
        unpack(NANO_FOLDER, run.folder, NANO)
    damaged = shutil.copytree(NANO_FOLDER, tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"no weights")
    for wrong in (tmp_path, damaged):
        with pytest.raises(ModelError, match="no model that `publish` wrote"):
            unpack(wrong, tmp_path / "run", NANO)
        assert {one.name for one in tmp_path.iterdir()} == {"damaged"}


def test_weights_of_a_run_whose_record_was_deleted_are_not_replaced(tmp_path):
    """As its own advice has it: without run.json a run goes on with other numbers."""
    (tmp_path / "vision.pt").write_bytes(b"hours of training")
    with pytest.raises(ModelError, match="is not empty"):
        unpack(NANO_FOLDER, tmp_path, NANO)
    assert (tmp_path / "vision.pt").read_bytes() == b"hours of training"
