"""The whole recipe in its smallest form: every step runs, goes on after a kill to the same bytes, and ends in a model
that answers, with a card of its own numbers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import Qwen3Config

from engine.errors import ModelError
from engine.session import Session
from engine.settings import Settings
from engine.training.handing_on import hand_on
from engine.training.loop import Pace, frozen, share_at
from engine.training.optimising import Optimisers
from engine.training.presets import MICRO
from engine.training.progress import rows
from engine.training.publishing import COMPRESSOR_KEY, published_fields
from engine.training.recipe import RECIPE, publish
from engine.training.reinforcing import further
from engine.training.run import Run
from engine.training.seeing import Lookout, sights
from engine.training.stages import STAGES, all_but_vision
from engine.training.world.combination import TEST
from engine.training.world.composing import sample_film
from engine.training.world.films import write_film
from engine.training.world.styles import NOTO, STYLES
from engine.weights.tensors import Tensors

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A model made from nothing, with one thread."""
    threads = torch.get_num_threads()
    run = Run(tmp_path_factory.mktemp("run") / "micro", MICRO, threads=1)
    for step in RECIPE.values():
        step(run)
    torch.set_num_threads(threads)
    return run


def test_every_step_leaves_its_weights_and_its_log(made):
    assert {path.stem for path in made.folder.glob("*.pt")} == {"vision", "svlm", "decoder", *STAGES}
    for name in ("vision", "svlm", "decoder", *STAGES):
        found = rows(made.folder, name)
        assert [row["step"] for row in found if not row.get("validation")] == [6]
        assert [row["step"] for row in found if row.get("validation")] == [3, 6]
        assert (made.folder / "curves" / f"{name}.csv").read_text().startswith("stage,step,seconds")
    assert (made.folder / "curves.svg").read_text().count("<polyline") >= 14


def test_the_published_model_answers(made, tmp_path):
    film = tmp_path / "film.mp4"
    write_film(sample_film(np.random.default_rng(0), segments=2, split=TEST, artists=(NOTO,)), film)
    session = Session(Settings(model=str(made.folder / "model"), max_new_tokens=4, keep_index=False))
    session.open(film, emit=lambda event: None)
    answer = session.ask("When does the dog appear?", emit=lambda event: None)
    session.close()
    assert len(answer.scores) == 2
    assert len(answer.model.knows) > 500


def test_numbers_in_questions_are_published_as_the_small_vlm_learnt_them(made):
    """The four stages move them, and then a second of a question is not found in stamps."""
    small = made.weights("svlm")["embed_tokens.weight"]
    after = made.weights("stage3")["svlm.language_model.embed_tokens.weight"]
    with Tensors(made.folder / "model") as model:
        name = next(name for name in model.names if name.endswith("language_model.embed_tokens.weight"))
        table = model.read(name)
    numbers = [made.words.encode(number)[0] for number in ("0", " 9", "9", " 999")]
    assert torch.equal(table[numbers], small[numbers].to(torch.bfloat16))
    others = sorted(set(range(len(table))) - {made.words.encode(f"{b}{n}")[0] for n in range(1000) for b in ("", " ")})
    assert torch.equal(table[others], after[others].to(torch.bfloat16))
    assert not torch.equal(after[numbers], small[numbers])


def test_the_small_vlm_is_kept_as_a_scorer(made):
    with Tensors(made.folder / "scorer") as scorer, Tensors(made.folder / "model") as model:
        name = next(one for one in scorer.names if one.endswith("language_model.layers.0.mlp.down_proj.weight"))
        small = made.weights("svlm")["layers.0.mlp.down_proj.weight"]
        assert torch.equal(scorer.read(name), small.to(torch.bfloat16))
        assert not torch.equal(model.read(name), small.to(torch.bfloat16))


def test_the_card_is_written_from_the_runs_own_numbers(made):
    card = (made.folder / "model" / "README.md").read_text()
    for row in rows(made.folder, "stage3"):
        if row.get("validation") and row["step"] == 6:
            assert f"{row['loss']:.3f}" in card
    assert "grants them in 65%, everything in 20%, heads of random length in 15%" in " ".join(card.split())
    assert "never seen in training" in card
    assert "Where the recipe departs from the published one" in card
    environment = json.loads((made.folder / "environment.json").read_text())
    for style in STYLES:  # those that were not fetched here are not named
        named = f"({style.name}, {style.package.licence}" in card
        assert named == (style.held_out or style.name in environment[-1]["artists"]), style.name
    assert environment[-1]["threads"] == 1
    assert environment[-1]["packages"]["torch"]


def test_a_published_configuration_holds_a_decoders_fields_and_the_published_ones(made):
    told = json.loads((made.folder / "model" / "config.json").read_text())
    known = {*Qwen3Config().to_dict(), *published_fields(memory_tokens=4, width=64), "tempo"}
    assert set(told) <= known


def test_a_run_before_its_last_stage_is_published_as_what_it_is(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "run")
    (tmp_path / "run" / "stage3.pt").unlink()
    run = Run(tmp_path / "run", MICRO, threads=1, target=tmp_path / "model")
    publish(run)
    assert "weights are those of stage2; still to come: stage3." in (tmp_path / "model" / "README.md").read_text()
    assert "still to come" not in (made.folder / "model" / "README.md").read_text()
    memory = run.weights("stage2")["memory"].to(torch.bfloat16)
    with Tensors(tmp_path / "model") as model:
        assert torch.equal(model.read(f"{COMPRESSOR_KEY}.compression_tokens"), memory)


def test_no_stage_no_model(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "run", ignore=shutil.ignore_patterns("stage*.pt"))
    with pytest.raises(ModelError, match="The step stage0 is not done"):
        publish(Run(tmp_path / "run", MICRO, threads=1))


def test_further_policies_are_learned_on_a_finished_run_and_leave_it_as_it_is(made, tmp_path):
    run = Run(shutil.copytree(made.folder, tmp_path / "run"), MICRO, threads=1)
    further(run)
    found = json.loads((run.folder / "further.json").read_text())
    assert set(found) == {"router-2", "router-4", "router-6", "ending"}
    for told in found.values():
        assert all(0 < share <= 1 for share in told["kept"].values())
        assert told["kept"]["router"] <= told["kept"]["policy"] + 1e-9  # in as large a budget
        assert told["questions"] == 15  # ten batches, of one film of two segments or of two films of one
        mean, low, high = told["policy"]
        assert 0 <= low <= mean <= high <= 1
        assert told["ahead"][0] == pytest.approx(mean - told["router"][0])
        assert 0 < told["p"] <= 1
    for name in ("svlm", *STAGES):
        assert (run.folder / f"{name}.pt").read_bytes() == (made.folder / f"{name}.pt").read_bytes()


def test_a_pool_that_lacks_a_shard_in_its_middle_is_mended(made, tmp_path):
    run = Run(shutil.copytree(made.folder, tmp_path / "run"), MICRO, threads=1)
    shard = run.folder / "pool" / "000.npy"
    before = shard.read_bytes()
    shard.unlink()
    (run.folder / "pool" / "000.json").unlink()
    with pytest.raises(ModelError, match="There is no whole pool"):
        _ = run.pool
    RECIPE["pool"](run)
    assert shard.read_bytes() == before
    shutil.copy(shard, run.folder / "pool" / "002.npy")  # what a larger run left is no part of this one
    shutil.copy(run.folder / "pool" / "000.json", run.folder / "pool" / "002.json")
    assert run.pool.pairs == made.pool.pairs


def test_a_run_does_not_go_on_with_other_numbers(made):
    with pytest.raises(ModelError, match="begun with other numbers"):
        Run(made.folder, replace(MICRO, vision_batch=5))
    with pytest.raises(ModelError, match="begun with other numbers"):
        Run(made.folder, MICRO, seed=2)


def test_a_step_asks_for_the_one_before_it(tmp_path):
    with pytest.raises(ModelError, match="The step vision is not done"):
        RECIPE["pool"](Run(tmp_path, MICRO))


@pytest.mark.parametrize("step", ["vision", "svlm", "stage3"])
def test_after_kill_9_the_weights_are_those_of_an_unbroken_run(made, tmp_path, step):
    """The step's own process dies as if the power failed; another goes on."""
    broken = tmp_path / "broken"
    shutil.copytree(made.folder, broken, ignore=shutil.ignore_patterns("model", "scorer", f"{step}.pt"))
    command = [sys.executable, "-m", "engine.training", step, "--preset", "micro", "--out", str(broken)]
    command += ["--threads", "1", "--checkpoint-seconds", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    unfinished = broken / f"{step}.partial.pt"
    until = time.monotonic() + 120
    while not unfinished.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was over before it could be killed"
    assert not (broken / f"{step}.pt").exists()
    assert 0 < torch.load(unfinished, weights_only=True)["step"] < 6
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    expected, found = made.weights(step), torch.load(broken / f"{step}.pt", weights_only=True)
    assert expected.keys() == found.keys()
    for name, tensor in expected.items():
        assert torch.equal(tensor.view(torch.uint8), found[name].view(torch.uint8)), name
    steps = [row["step"] for row in rows(broken, step)]
    assert steps == [3, 6, 6]  # nothing twice


def test_two_processes_share_every_step(made, tmp_path):
    pytest.importorskip("accelerate")
    command = [sys.executable, "-m", "engine.training", "all", "--preset", "micro", "--out", str(tmp_path)]
    done = subprocess.run(
        [*command, "--processes", "2"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in ("vision", "svlm", "decoder", *STAGES):
        assert [row["step"] for row in rows(tmp_path, name) if not row.get("validation")] == [6]
        together, alone = torch.load(tmp_path / f"{name}.pt", weights_only=True), made.weights(name)
        assert together.keys() == alone.keys()
        assert all(tensor.isfinite().all() for tensor in together.values())
    assert json.loads((tmp_path / "environment.json").read_text())[-1]["processes"] == 2
    assert (tmp_path / "model" / "model.safetensors").exists()


def test_two_processes_go_on_after_kill_9_to_the_same_weights(made, tmp_path):
    pytest.importorskip("accelerate")
    left_out = shutil.ignore_patterns("model", "scorer", "stage3.pt")
    found = []
    for name in ("unbroken", "broken"):
        folder = shutil.copytree(made.folder, tmp_path / name, ignore=left_out)
        command = [sys.executable, "-m", "engine.training", "stage3", "--preset", "micro", "--out", str(folder)]
        command += ["--threads", "1", "--processes", "2", "--checkpoint-seconds", "0"]
        if name == "broken":
            process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
            until = time.monotonic() + 120
            while not (folder / "stage3.partial.pt").exists() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            os.killpg(process.pid, signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL, "it was over before it could be killed"
            assert not (folder / "stage3.pt").exists()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stderr
        found.append(torch.load(folder / "stage3.pt", weights_only=True))
    for name, tensor in found[0].items():
        assert torch.equal(tensor.view(torch.uint8), found[1][name].view(torch.uint8)), name


def test_layers_that_tell_times_and_in_the_end_the_projector_stay(made):
    decoder, second, third = (made.weights(step) for step in ("decoder", "stage2", "stage3"))
    bound = [name for name in decoder if name.startswith(tuple(f"decoder.model.layers.{n}." for n in range(4)))]
    assert bound
    assert all(torch.equal(decoder[name], third[name]) for name in bound)
    assert not torch.equal(decoder["projector.weight"], second["projector.weight"])
    assert torch.equal(second["projector.weight"], third["projector.weight"])
    assert not torch.equal(second["memory"], third["memory"])


def test_a_run_that_was_handed_on_goes_on(made, tmp_path):
    for path in hand_on(made.folder, tmp_path / "handed"):
        assert path.stat().st_size < 0.6 * (made.folder / path.name).stat().st_size
    other = Run(tmp_path / "handed", MICRO, threads=1)
    assert {step for step in RECIPE if other.done(step)} == {"vision", "svlm", "decoder", *STAGES}
    half, whole = other.weights("stage3"), made.weights("stage3")
    assert all(torch.equal(half[name], whole[name].to(torch.bfloat16)) for name in whole)
    assert not (other.folder / "stage2.pt").exists()  # stage 3 holds all of it
    for step in RECIPE:
        RECIPE[step](other)
    assert (other.folder / "model" / "model.safetensors").exists()


def test_a_stage_that_was_handed_on_goes_on_without_those_before_it(made, tmp_path):
    run = Run(shutil.copytree(made.folder, tmp_path / "run"), MICRO, threads=1)
    for step in ("stage2", "stage3"):
        (run.folder / f"{step}.pt").unlink()
    weights, pace = run.weights("stage1"), MICRO.stages[2].pace
    frozen(run.network, all_but_vision(run.network))
    optimisers = Optimisers(run.network, rate=pace.rate, matrix_rate=pace.matrix_rate, decay=pace.decay)
    state = {"network": weights, "optimisers": optimisers.state(), "step": 6, "seconds": 1.0}
    torch.save({**state, "rng": torch.get_rng_state()}, run.folder / "stage2.partial.pt")
    handed = [path.stem for path in hand_on(run.folder, tmp_path / "handed")]
    assert handed == ["stage2.partial", "svlm", "vision"]
    other = Run(tmp_path / "handed", MICRO, threads=1)
    for step in RECIPE:
        RECIPE[step](other)
    same = weights["decoder.model.norm.weight"].to(torch.bfloat16)
    assert torch.equal(other.weights("stage2")["decoder.model.norm.weight"].to(torch.bfloat16), same)
    assert (other.folder / "stage3.pt").exists()


def test_an_unfinished_step_that_was_handed_on_goes_on(tmp_path):
    (tmp_path / "run").mkdir()
    state = {"step": 3, "seconds": 2.0, "rng": torch.get_rng_state()}
    network = Run(tmp_path / "fresh", MICRO, threads=1).network
    lookout = Lookout(network.svlm.visual, network.memory.shape[2])
    pace = MICRO.vision
    optimisers = Optimisers(lookout.both, rate=pace.rate, matrix_rate=pace.matrix_rate, decay=pace.decay)
    lookout(sights(np.random.default_rng(0), 4))[0].backward()
    optimisers.step()
    torch.save(
        {**state, "network": lookout.both.state_dict(), "optimisers": optimisers.state()},
        tmp_path / "run" / "vision.partial.pt",
    )
    hand_on(tmp_path / "run", tmp_path / "handed")
    other = Run(tmp_path / "handed", MICRO, threads=1)
    RECIPE["vision"](other)
    assert [row["step"] for row in rows(other.folder, "vision") if not row.get("validation")] == [6]
    assert not (other.folder / "vision.partial.pt").exists()
    assert other.weights("vision")["visual.blocks.0.mlp.linear_fc1.weight"].dtype == torch.float32


def test_only_a_run_is_handed_on(tmp_path):
    with pytest.raises(ModelError, match="There is no run"):
        hand_on(tmp_path, tmp_path / "to")


def test_rates_warm_up_and_fall():
    pace = Pace(1000, 1.0, warm_up=50)
    rates = [share_at(step, pace) for step in range(1000)]
    assert rates[0] == pytest.approx(0.02)
    assert max(rates) == pytest.approx(rates[49], rel=0.01)
    assert rates[-1] == pytest.approx(0.02, abs=0.005)
    assert rates[699] == 1.0
    assert all(a >= b for a, b in pairwise(rates[50:]))
