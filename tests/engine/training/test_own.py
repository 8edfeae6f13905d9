"""A Tempo of one's own: base models from folders, films from JSON lines, the same stages, one process or two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from transformers import Qwen3Config, Qwen3VLConfig
from transformers.models.qwen3 import Qwen3ForCausalLM
from transformers.models.qwen3_vl import Qwen3VLForConditionalGeneration

from engine.errors import ModelError, QuestionError, VideoError
from engine.ingest.geometry import Geometry
from engine.session import Session
from engine.settings import Settings
from engine.training.film_files import write_films
from engine.training.keeping import Keeping
from engine.training.network import patchify
from engine.training.own import Bases, OwnRun, preset_of, publish_own
from engine.training.precision import fast_format
from engine.training.presets import Mix
from engine.training.progress import rows
from engine.training.stages import STAGES, stage0, stage1, stage2, stage3
from engine.training.stand_in_bases import write_bases
from engine.training.video_data import OwnFilms, Reading, read_clip

ROOT = Path(__file__).parents[3]
SMALL = Geometry(image_multiple=32, frame_min_tokens=4, frame_max_tokens=18)
READING = Reading(SMALL, frames=4)
MIX = Mix((2,), 4, asks=2, routed=0.0, keeping=Keeping(0.0, 1.0))


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    return write_films(tmp_path_factory.mktemp("films"), films=3, segments=3, split="train", artists=("noto",))


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return write_bases(tmp_path_factory.mktemp("bases"), layers=1, wide=False)


def own_run(folder, folders, lines, **changes):
    usual = {"random": True, "memory_tokens": 4, "reading": READING, "frugal": True}
    bases = Bases(*folders, lines, **{**usual, **changes})
    return OwnRun(folder, preset_of(bases, steps=2), bases=bases)


def test_films_of_a_file_come_in_an_order_that_only_the_number_decides(lines):
    films = OwnFilms(lines, READING, seed=1)
    assert len(films.videos) == 3

    def of(number):
        return films.films(np.random.default_rng(number), MIX, number=number, seed=(number,))

    one, again = of(1), of(1)
    assert [example.asked for example in one.examples] == [example.asked for example in again.examples]
    assert len(one.examples) == 2
    assert all(len(example.asked) == 2 and len(example.clip) <= 2 for example in one.examples)


def test_batches_of_any_length_take_no_film_twice_in_a_pass(lines, monkeypatch):
    monkeypatch.setattr("engine.training.video_data.read_clip", lambda video, *_, **__: video)
    films = OwnFilms(lines, READING, seed=1)
    films.videos = [(number, films.videos[0][1]) for number in range(40)]
    mix = Mix((1, 2, 4), 4, asks=1)
    seen = [
        example.clip
        for number, length in enumerate((4, 1, 2, 1, 4, 1, 2, 2, 4, 1))
        for example in films.films(np.random.default_rng(0), mix, number=number, seed=(0,), length=length).examples
    ]
    assert len(seen) == 1 + 4 + 2 + 4 + 1 + 4 + 2 + 2 + 1 + 4
    assert len(set(seen)) == len(seen)


def test_a_film_is_read_as_the_program_reads_it(lines, small_tempo):
    """The same frames, at the same times, in the same patches as when a question is asked."""
    published = Reading(Geometry(frame_min_tokens=4, frame_max_tokens=18), frames=4)  # as that checkpoint says
    video = OwnFilms(lines, published).videos[0][0]
    clip = read_clip(video, published, most=3)
    seen = {}
    session = Session(Settings(model=str(small_tempo), device="cpu", max_new_tokens=1, keep_index=False))
    session.open(video, emit=lambda _: None)
    answer = session.ask("When?", emit=lambda _: None)
    compressor = session._model.compressor
    watched = compressor._patches

    def patches(pictures):
        seen[len(seen)] = watched(pictures)
        return seen[len(seen) - 1]

    compressor._patches = patches
    session._shelf.clear()
    session.ask("When?", emit=lambda _: None)
    session.close()
    assert clip.centre_times == tuple(f"{segment.centre_seconds:.1f}" for segment in answer.segments)
    mine = patchify(clip.pictures).flatten(0, 1)
    theirs = torch.cat([patch for patch, _ in seen.values()])
    torch.testing.assert_close(mine, theirs, atol=1e-6, rtol=0)


def test_a_long_film_is_thinned_to_what_the_stage_takes(lines):
    video = OwnFilms(lines, READING).videos[0][0]
    assert [len(read_clip(video, READING, most=most)) for most in (1, 2, 9)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no line"),
        ("not json\n", "Line 1 of films.jsonl is not a film"),
        ('{"video": "a.mp4", "question": "When?"}\n', "Line 1"),
        ('{"video": "a.mp4", "question": "When?", "answer": 3}\n', "Line 1"),
        ('["a.mp4", "When?", "Then."]\n', "Line 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path, text, message):
    path = tmp_path / "films.jsonl"
    path.write_text(text)
    with pytest.raises(QuestionError, match=message):
        OwnFilms(path, READING)


def test_a_missing_film_is_named(tmp_path):
    path = tmp_path / "films.jsonl"
    path.write_text('\n{"video": "gone.mp4", "question": "When?", "answer": "Then."}\n')
    with pytest.raises(VideoError, match=r"no video .*gone\.mp4, which films\.jsonl names"):
        OwnFilms(path, READING)
    with pytest.raises(QuestionError, match="cannot be read"):
        OwnFilms(tmp_path / "nowhere.jsonl", READING)


def test_four_stages_and_the_published_layout(tmp_path, folders, lines):
    run = own_run(tmp_path / "run", folders, lines)
    before = None
    for name, stage in zip(STAGES, (stage0, stage1, stage2, stage3), strict=True):
        stage(run)
        if name == "stage0":
            before = run.weights("stage0")
    after = run.weights("stage3")
    vision = [name for name in after if name.startswith("svlm.visual.")]
    assert all(torch.equal(before[name], after[name]) for name in vision)
    assert not torch.equal(before["memory"], after["memory"])
    assert not torch.equal(before["decoder.model.norm.weight"], after["decoder.model.norm.weight"])
    publish_own(run)
    session = Session(Settings(model=str(run.folder / "model"), max_new_tokens=3, keep_index=False))
    session.open(next(lines.parent.glob("0000.*")), emit=lambda _: None)
    answer = session.ask("When?", emit=lambda _: None)
    session.close()
    assert len(answer.scores) == 3
    assert max(answer.allocation.shares) <= 4


def test_a_run_goes_on_with_what_it_was_made_from(tmp_path, folders, lines):
    own_run(tmp_path / "run", folders, lines)
    with pytest.raises(ModelError, match="begun with other numbers"):
        own_run(tmp_path / "run", folders, tmp_path / "other.jsonl")
    own_run(tmp_path / "run", folders, lines, frugal=True)  # which changes no weight


def test_a_device_that_is_not_here_is_named(tmp_path, folders, lines):
    bases, command = folders, [sys.executable, "-m", "engine.training", "stage0", "--out", str(tmp_path)]
    command += ["--compressor", str(bases[0]), "--decoder", str(bases[1]), "--data", str(lines), "--device", "cudda"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "There is no device called cudda." in done.stderr) == (4, True)
    assert "Traceback" not in done.stderr


def test_weights_of_the_base_models_are_read(tmp_path, folders, lines):
    transformers.utils.logging.disable_progress_bar()  # its thread would survive
    torch.manual_seed(3)
    compressor = Qwen3VLForConditionalGeneration(Qwen3VLConfig.from_pretrained(folders[0]))
    decoder = Qwen3ForCausalLM(Qwen3Config.from_pretrained(folders[1]))
    there = []
    for model, source in ((compressor, folders[0]), (decoder, folders[1])):
        target = tmp_path / source.name
        model.save_pretrained(target)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            (target / name).write_bytes((source / name).read_bytes())
        there.append(target)
    network = own_run(tmp_path / "run", there, lines, random=False).network
    for name, tensor in compressor.model.state_dict().items():
        assert torch.equal(network.svlm.state_dict()[name], tensor), name
    for name, tensor in decoder.state_dict().items():
        assert torch.equal(network.decoder.state_dict()[name], tensor), name
    assert not any(parameter.is_meta for parameter in network.parameters())


def test_two_processes_train_together(tmp_path, folders, lines):
    """As accelerate and torchrun start them: one writes, both see batches of their own."""
    pytest.importorskip("accelerate")
    alone = own_run(tmp_path / "alone", folders, lines)
    stage0(alone)
    out = tmp_path / "two"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    command += ["-m", "engine.training", "stage0", "--out", str(out), "--threads", "1", "--random", "--steps", "2"]
    command += ["--compressor", str(folders[0]), "--decoder", str(folders[1]), "--data", str(lines)]
    command += ["--frame-tokens", "4", "18", "--frames", "4", "--memory-tokens", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    together = torch.load(out / "stage0.pt", weights_only=True)
    assert together.keys() == alone.weights("stage0").keys()
    assert not torch.equal(together["memory"], alone.weights("stage0")["memory"])
    assert [row["step"] for row in rows(out, "stage0")] == [2]


def test_a_step_in_the_published_width(tmp_path, lines):
    """Layers as wide as Qwen3-VL-2B's and Qwen3-4B's, one of each, computed again in the backward pass; in bfloat16
    where the processor has instructions for it (elsewhere this takes minutes)."""
    folders = write_bases(tmp_path / "bases", layers=1, wide=True)
    run = own_run(
        tmp_path / "run", folders, lines, weights=fast_format(), memory_tokens=128, reading=Reading(), at_once=1
    )
    network = run.network
    assert (network.memory.shape[2], network.decoder.config.hidden_size) == (2048, 2560)
    run.begin()
    learner = run.learner()
    batch = run.source.films(np.random.default_rng(0), Mix((1,), 1, asks=1, routed=0.0), number=0, seed=(0,))
    loss, _ = learner(batch)
    loss.backward()
    assert loss.isfinite()
    gradient = network.svlm.language_model.layers[0].mlp.down_proj.weight.grad
    assert gradient.isfinite().all()
    assert gradient.abs().sum() > 0


def test_the_command_line_asks_for_all_three(tmp_path):
    command = [sys.executable, "-m", "engine.training", "stage0", "--out", str(tmp_path), "--data", "films.jsonl"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "all three" in done.stderr
    assert "Traceback" not in done.stderr
