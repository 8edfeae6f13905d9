"""The memory plan: what a checkpoint's header says is what the loaded model holds; what does not fit is made to."""

from __future__ import annotations

import pytest

from engine.planning import config_of, plan_for, work_of
from engine.records import VideoInfo
from engine.settings import Settings
from engine.weights.catalogue import locate
from engine.weights.checkpoint import read_config
from engine.weights.device import PRECISIONS
from engine.weights.filling import load_network
from engine.weights.plan import Held, Plan, Work, held_bytes, plan_memory, weight_bytes
from tests.parity.oracle import tempo_folder

GB = 10**9
WORK = Work(segments=128, tokens=768, frames_per_segment=8, budget=8192, max_new_tokens=1024, prefix_bytes=GB)
BIG = Held(compressor=2 * GB, decoder=3 * GB, host=GB // 2)


@pytest.fixture(scope="module")
def config():
    return read_config(locate("nano").folder)


def plan(config, free, *, device="cuda", **changes) -> Plan:
    from dataclasses import replace

    work = replace(WORK, **changes)
    return plan_memory(config, work, precision="bf16", device=device, free=int(free * GB), weights=BIG)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_header_tells_what_the_loaded_model_holds(config, precision):
    held = held_bytes(load_network(config, device="cpu", precision=precision))
    told = weight_bytes(config, precision)
    assert (told.compressor, told.decoder, told.host) == pytest.approx(
        (held.compressor, held.decoder, held.host), rel=0.01
    )


def test_an_untied_head_counts():
    config = read_config(tempo_folder())
    held = held_bytes(load_network(config, device="cpu", precision="fp32"))
    assert weight_bytes(config, "fp32") == held


def test_with_room_nothing_changes(config):
    found = plan(config, 24)
    assert (found.verdict, found.changed, found.together, found.micro_batch) == ("fits", (), True, 16)
    assert (found.most_frames, found.tier_limit) == (None, None)
    assert found.peak < 24 * GB


def test_less_memory_first_costs_prefixes_then_batches_then_residency_then_frames(config):
    steps = [plan(config, free / 50) for free in range(500, 30, -1)]
    order = [
        (one.tier_limit is None, one.micro_batch == 16, one.together, one.most_frames is None, one.fits)
        for one in steps
    ]
    assert order == sorted(order, reverse=True)
    assert {True, False} == {one.together for one in steps} == {one.most_frames is None for one in steps}
    for one in steps:
        assert one.fits == (one.verdict != "does not fit")
        assert not one.fits or one.peak <= one.free
        assert bool(one.changed) == (one.verdict == "fits with less") or not one.fits


def test_every_change_is_a_sentence(config):
    tight = plan(config, 3.6)
    assert not tight.together
    assert all(sentence.endswith(".") for sentence in tight.changed)


def test_what_cannot_fit_is_said(config):
    found = plan(config, 0.5)
    assert (found.fits, found.verdict) == (False, "does not fit")


def test_on_the_cpu_nothing_takes_turns(config):
    assert plan(config, 5.0, device="cpu").together
    assert plan(config, 24, device="cpu").weights == Held(BIG.compressor + BIG.host, BIG.decoder, 0)


def test_a_film_asks_for_what_it_has(config, tmp_path):
    film = VideoInfo(tmp_path, 60.0, 1800, 30.0, 640, 384, 0, 0.0, "h264", variable_rate=False, has_audio=True)
    assert work_of(config, film, "cpu", Settings()).segments == 30
    assert work_of(config, film, "cpu", Settings(range_seconds=(10.0, 14.0))).segments == 2
    assert work_of(config, film, "cpu", Settings(max_frames=8)).segments == 2
    assert work_of(config, None, "cpu", Settings()).segments == min(256, config.sizes.budget)  # a token each at least
    assert work_of(config, None, "cpu", Settings(budget=300)).segments == 256  # 1,024 frames, four a segment


def test_what_this_program_holds_already_counts_as_free(config):
    found = plan_for(config, None, precision="bf16", device="cpu", free=GB, ours=5 * GB)
    assert found.free == 6 * GB


def test_turns_that_memory_forced_stay_in_every_plan(config):
    found = plan_memory(config, WORK, precision="bf16", device="cuda", free=80 * GB, weights=BIG, turns=True)
    assert (found.together, found.fits) == (False, True)
    assert found.peak < BIG.device + found.activations


def test_on_the_cpu_too_little_memory_is_said_and_everything_is_tried(config):
    found = plan(config, 2.0, device="cpu")
    assert (found.fits, found.most_frames, found.micro_batch) == (False, None, 1)
    assert "may be slow, or fail" in found.changed[0]


def test_a_model_is_weighed_before_a_byte_of_it_is_here():
    config = config_of("tempo-6b")
    held = weight_bytes(config, "nf4")
    # 5.04 G linear weights at 4.127 bits, and 2.21 GB in 16 bits
    assert held.total == pytest.approx(5.042e9 * 4.127 / 8 + 2.21e9, rel=0.01)
    assert held.device < 4.3 * GB
    assert held.total < 4.9 * GB
    small = plan_for(config, None, precision="nf4", device="cuda", free=8 * GB)
    assert small.fits
    assert plan_for(config, None, precision="bf16", device="cuda", free=24 * GB).verdict == "fits"
    assert not plan_for(config, None, precision="bf16", device="cuda", free=4 * GB).fits


def test_a_model_that_is_here_is_read_off_its_own_files():
    assert config_of("nano").folder == locate("nano").folder
