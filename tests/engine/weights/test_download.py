"""A model from a hub on loopback: whole or resumed, equal to the original; every fault is one sentence."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from hub import COMMIT, Hub, tiny_repositories, use_hub
from huggingface_hub import constants

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.weights import download as downloading
from engine.weights.catalogue import COMPLETE, PUBLISHED, downloaded, locate, models_folder
from engine.weights.disk import alone
from engine.weights.download import download, remove
from engine.weights.loading import load_model
from tests.parity.oracle import batch_of, tiny_model

ROOT = Path(__file__).parents[3]
MODEL = PUBLISHED["tempo-6b"]
WEIGHTS = "model.safetensors"
KILLS = 4  # 20 with TEMPO_DESK_KILLS=20, as the figure was taken


@pytest.fixture(scope="module")
def repositories(tiny_tempo, tmp_path_factory):
    return tiny_repositories(tiny_tempo, tmp_path_factory.mktemp("repositories"))


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("TEMPO_DESK_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def hub(repositories, monkeypatch):
    with Hub(repositories) as serving:
        use_hub(serving, monkeypatch)
        yield serving


def same(folder, repositories):
    """Everything that was fetched is what the hub holds."""
    for place, source in ((folder, repositories[MODEL.repo]), (folder / MODEL.base, repositories[MODEL.base])):
        for path in place.glob("*"):
            if path.is_file() and path.name not in (COMPLETE, "router.safetensors"):
                assert path.read_bytes() == (source / path.name).read_bytes(), path
    return True


def test_what_arrives_computes_what_the_original_does(hub, repositories):
    seen = []
    folder = download(MODEL, tell=seen.append)
    assert folder == models_folder() / MODEL.name == locate("tempo-6b").folder == downloaded(MODEL)
    assert same(folder, repositories)
    assert not (folder / "training_args.bin").exists()
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert seen[-1].done == seen[-1].total
    model, original = load_model("tempo-6b", device="cpu", precision="fp32"), tiny_model()
    batch = batch_of("single_frame_tail")[2:]
    found, right = (one.compressor.distil(one.compressor.index(batch), "Describe.")[0] for one in (model, original))
    assert found.score == right.score
    assert torch.equal(found.tokens, right.tokens)
    assert model.info.name == "tempo-6b"


def test_of_the_base_model_only_two_rows_are_read(hub, repositories):
    download(MODEL)
    base = [wanted for path, wanted in hub.asked if path == f"{MODEL.base}/{WEIGHTS}"]
    spans = [wanted.removeprefix("bytes=").split("-") for wanted in base]
    assert len(spans) == 4  # length, header, Yes, No
    fetched = sum(int(last) - int(first) + 1 for first, last in spans)
    assert fetched < (repositories[MODEL.base] / WEIGHTS).stat().st_size / 50
    assert not (models_folder() / MODEL.name / MODEL.base / WEIGHTS).exists()


def test_a_second_download_asks_nothing(hub):
    download(MODEL)
    hub.asked.clear()
    hub.status = 500
    download(MODEL)
    assert not hub.asked


def test_a_broken_connection_goes_on_where_it_was(hub, repositories):
    hub.drop_after = 1_000_000
    folder = download(MODEL)
    ranges = [wanted for path, wanted in hub.asked if path == f"{MODEL.repo}/{WEIGHTS}"]
    assert ranges[0] == ""
    assert [900_000 < int(one.removeprefix("bytes=").rstrip("-")) <= 1_000_000 for one in ranges[1:]] == [True]
    assert same(folder, repositories)


def test_a_stop_keeps_what_has_arrived(hub, repositories):
    cancel = CancelToken()

    def stop_late(progress):
        if progress.done > 1_500_000:
            cancel.cancel()

    with pytest.raises(Cancelled):
        download(MODEL, tell=stop_late, cancel=cancel)
    part = models_folder() / MODEL.name / f"{WEIGHTS}.part"
    kept = part.stat().st_size
    assert kept > 1_000_000
    assert downloaded(MODEL) is None
    hub.asked.clear()
    assert same(download(MODEL), repositories)
    assert (f"{MODEL.repo}/{WEIGHTS}", f"bytes={kept}-") in hub.asked


def test_a_part_longer_than_the_file_begins_anew(hub, repositories):
    part = models_folder() / MODEL.name / f"{WEIGHTS}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 4_000_000)
    assert same(download(MODEL), repositories)


def test_a_file_that_was_changed_here_is_fetched_again(hub, repositories):
    folder = download(MODEL)
    (folder / COMPLETE).unlink()
    path = folder / WEIGHTS
    path.write_bytes(b"y" + path.read_bytes()[1:])
    assert same(download(MODEL), repositories)


FAULTS = {
    "no network": (None, "The model hub cannot be reached."),
    "gated": (lambda hub: setattr(hub, "gated", True), "wants its terms accepted first."),
    "no repository": (lambda hub: setattr(hub, "repositories", {}), "The hub has no repository"),
    "server error": (lambda hub: setattr(hub, "status", 500), "The hub answered with an error (500)."),
    "file gone": (lambda hub: hub.gone.add(WEIGHTS), "has changed on the hub"),
    "lying hash": (lambda hub: hub.lies.add("config.json"), "config.json arrived damaged"),
    "breaks off": (lambda hub: setattr(hub, "always_drop_after", 0), "The connection broke off at 0.0 of 0.0 GB."),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_own_sentence(hub, fault, monkeypatch):
    monkeypatch.setattr(downloading._Download, "_wait", lambda self, seconds: None)
    if fault == "no network":
        monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    else:
        FAULTS[fault][0](hub)
    with pytest.raises(ModelError) as caught:
        download(MODEL)
    assert FAULTS[fault][1] in caught.value.message
    assert caught.value.exit_code == 4
    assert downloaded(MODEL) is None


def test_the_offline_switch_is_honoured(hub, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    environment = {**os.environ, "HF_ENDPOINT": hub.url}
    done = subprocess.run(command(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "HF_HUB_OFFLINE is set, so nothing is downloaded." in done.stderr
    assert "Traceback" not in done.stderr
    assert not hub.asked


@pytest.mark.parametrize("page", [b"<html>Log in first</html>", b"[]", b"{}"])
def test_a_login_page_in_place_of_the_hub_is_told(hub, page):
    hub.page = page
    with pytest.raises(ModelError, match=r"cannot be understood|holds no model"):
        download(MODEL)


def test_a_server_that_ignores_ranges_begins_anew(hub, repositories):
    part = models_folder() / MODEL.name / f"{WEIGHTS}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes((repositories[MODEL.repo] / WEIGHTS).read_bytes()[:500_000])
    hub.whole_only.add(MODEL.repo)
    assert same(download(MODEL), repositories)


def test_what_another_program_downloaded_is_not_fetched_again(hub, repositories, tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot = tmp_path / "hub" / "models--Vision-CAIR--Tempo-6B" / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    shutil.copyfile(repositories[MODEL.repo] / WEIGHTS, snapshot / WEIGHTS)
    whole = repositories[MODEL.repo] / "tokenizer.json"
    (snapshot / "tokenizer.json").write_bytes(b"x" * whole.stat().st_size)  # damaged there: fetched all the same
    folder = download(MODEL)
    assert same(folder, repositories)
    asked = {path for path, _ in hub.asked}
    assert f"{MODEL.repo}/{WEIGHTS}" not in asked
    assert f"{MODEL.repo}/tokenizer.json" in asked
    remove(folder)
    assert (snapshot / WEIGHTS).is_file()


def test_a_server_that_sends_wholes_only_and_breaks_off_is_given_up(hub, monkeypatch):
    monkeypatch.setattr(downloading._Download, "_wait", lambda self, seconds: None)
    hub.whole_only.add(MODEL.repo)
    hub.always_drop_after = 1_000_000
    with pytest.raises(ModelError, match="The connection broke off"):
        download(MODEL)


def test_two_downloads_of_one_model_keep_out_of_each_others_way(hub):
    with alone(models_folder() / MODEL.name), pytest.raises(ModelError, match="by another window"):
        download(MODEL)


def test_a_file_that_vanished_makes_the_download_unfinished(hub, repositories):
    folder = download(MODEL)
    (folder / WEIGHTS).unlink()
    assert downloaded(MODEL) is None
    assert same(download(MODEL), repositories)


def test_names_that_lead_elsewhere_are_left_alone():
    for name in ("../x.json", "a/b.json", "..\\x.json", "C:x.json", COMPLETE, "router.safetensors"):
        assert not downloading._is_plain(name)
    assert downloading._is_plain("model-00001-of-00005.safetensors")


def test_a_proxy_is_honoured(hub, repositories):
    """The hub's own address leads nowhere; the stand-in answers as the proxy that the environment names."""
    environment = {
        **os.environ, "HF_ENDPOINT": "http://hub.invalid", "HF_HUB_OFFLINE": "0",
        "HTTP_PROXY": hub.url, "http_proxy": hub.url, "NO_PROXY": "", "no_proxy": "",
    }  # fmt: skip
    done = subprocess.run(command(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (
        0, [f"Tempo-6B is in {models_folder() / MODEL.name}. Ask with --model tempo-6b."]
    )  # fmt: skip
    assert same(models_folder() / MODEL.name, repositories)


def test_a_full_disk_is_told_before_anything_is_fetched(hub, monkeypatch):
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(ModelError, match=r"needs 0\.2 GB more, and 0\.0 GB of the disk are free"):
        download(MODEL)
    assert not hub.asked


def test_a_disk_that_fills_up_meanwhile_keeps_what_arrived(hub, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloading._Download, "_fill", full)
    with pytest.raises(ModelError, match="The disk is full"):
        download(MODEL)


def test_what_was_downloaded_can_be_removed(hub):
    folder = download(MODEL)
    assert remove(folder) > 3_000_000
    assert not folder.exists()
    assert downloaded(MODEL) is None


def command():
    return [sys.executable, "main.py", "models", "download", "tempo-6b", "--accept-licence"]


def test_killed_at_any_moment_it_resumes_and_the_hash_holds(repositories, tmp_path):
    """kill -9 at random moments of a slow download; then one run to the end."""
    served = [f"{repo}={folder}" for repo, folder in repositories.items()]
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "hub.py"), "1500000", *served], stdout=subprocess.PIPE, text=True
    )
    dice, sizes = random.Random(3), []
    try:
        environment = {**os.environ, "HF_ENDPOINT": server.stdout.readline().strip(), "HF_HUB_OFFLINE": "0"}
        for _ in range(int(os.environ.get("TEMPO_DESK_KILLS", KILLS))):
            fetching = subprocess.Popen(
                command(), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(dice.uniform(0.3, 2.2))
            fetching.kill()
            fetching.wait()
            sizes.append(sum(path.stat().st_size for path in models_folder().rglob("*") if path.is_file()))
        done = subprocess.run(command(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    finally:
        server.kill()
        server.communicate()
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (
        0, [f"Tempo-6B is in {models_folder() / MODEL.name}. Ask with --model tempo-6b."]
    )  # fmt: skip
    assert sizes == sorted(sizes)  # nothing that had arrived was lost
    assert any(0 < size < 3_000_000 for size in sizes)  # some were killed halfway
    assert same(models_folder() / MODEL.name, repositories)
