"""One command in several processes: they share every step, end together, and tell of an error once and plainly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from engine.training.processes import run_several

ROOT = Path(__file__).parents[3]
AVERAGED = """
import sys, torch
from engine.training.launch import launch
process = launch(cards=False)
layer = torch.nn.Linear(2, 1, bias=False)
shared, _ = process.prepared(layer, [torch.optim.SGD(layer.parameters(), lr=1.0)])
process.backward(shared(torch.tensor([[1.0, 2.0]]) * (process.rank + 1)).sum())
torch.save({"gradient": layer.weight.grad, "threads": torch.get_num_threads()}, f"{sys.argv[1]}/{process.rank}.pt")
process.together()
"""
FAILING = "import os, sys, time; rank = os.environ['RANK']; {}"


def test_gradients_are_the_mean_of_all_processes(tmp_path, monkeypatch):
    pytest.importorskip("accelerate")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert run_several(2, ["-c", AVERAGED, str(tmp_path)]) == 0
    found = [torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in range(2)]
    for one in found:
        assert one["gradient"].tolist() == [[1.5, 3.0]]
        assert one["threads"] == 1


def test_one_that_fails_ends_the_others(capfd):
    began = time.monotonic()
    waiting = FAILING.format("sys.exit('gone') if rank == '1' else time.sleep(60)")
    assert run_several(2, ["-c", waiting]) == 1
    assert time.monotonic() - began < 30
    assert capfd.readouterr().err == "gone\n"


def test_what_others_say_of_the_firsts_failure_is_not_told(capfd):
    assert run_several(2, ["-c", FAILING.format("sys.exit('mine' if rank == '0' else 'partner is gone')")]) == 1
    assert capfd.readouterr().err == "mine\n"


def test_a_killed_one_is_a_failure():
    killing = FAILING.format("os.kill(os.getpid(), 9) if rank == '1' else time.sleep(60)")
    assert run_several(2, ["-c", killing]) == 128 + signal.SIGKILL


def trained(*arguments, **options):
    command = [sys.executable, "-m", "engine.training", *arguments, "--preset", "micro", "--processes", "2"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


def test_a_step_that_lacks_another_says_so_once(tmp_path):
    pytest.importorskip("accelerate")
    process = trained("stage1", "--out", str(tmp_path))
    told = process.communicate(timeout=120)[1]
    assert process.returncode == 4
    assert told == f"The step stage0 is not done in {tmp_path}. Run `stage0` first, or `all`.\n"


def test_ctrl_c_leaves_no_traceback(tmp_path):
    pytest.importorskip("accelerate")
    # A shell's background job ignores Ctrl+C, and so would what it starts.
    obeying = {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    process = trained("vision", "--scale", "1000", "--out", str(tmp_path), **obeying)
    until = time.monotonic() + 120
    while not (tmp_path / "log.jsonl").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 130, told
    assert "Traceback" not in told
