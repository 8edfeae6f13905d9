"""The whole recipe in its smallest batches: every stage runs, resumes, and ends in a checkpoint that answers."""

from __future__ import annotations

import json

import pytest
import torch

from engine.cancel import CancelToken
from engine.session import Session
from engine.settings import Settings
from engine.training.films import sample_film, write_film
from engine.training.loop import train
from engine.training.recipe import RECIPE
from engine.training.run import Run


def test_from_nothing_to_a_model_that_answers(tmp_path):
    import numpy as np

    run = Run(tmp_path / "run", scale=0.003, small=True, target=tmp_path / "model")
    for step in RECIPE.values():
        step(run)
    logged = [path.stem for path in (tmp_path / "run").glob("*.pt")]
    assert {"vision", "svlm", "decoder", "stage0", "stage1", "stage2", "stage3"} <= set(logged)
    film = tmp_path / "film.mp4"
    write_film(sample_film(np.random.default_rng(0), segments=2), film)
    session = Session(Settings(model=str(tmp_path / "model"), max_new_tokens=4))
    session.open(film, emit=lambda event: None)
    answer = session.ask("When does the dog appear?", emit=lambda event: None, cancel=CancelToken())
    session.close()
    assert len(answer.scores) == 2
    assert json.loads((tmp_path / "model" / "knows.json").read_text())["things"]


class KilledError(Exception):
    pass


@pytest.mark.parametrize("killed_at", [3, 8])
def test_a_stage_goes_on_where_it_was_killed(tmp_path, killed_at, monkeypatch):
    monkeypatch.setattr("engine.training.loop.CHECKPOINT_SECONDS", 0.0)

    def weights(folder, breaks):
        torch.manual_seed(0)
        network = torch.nn.Linear(4, 4)

        def loss(step):
            if step in breaks:
                breaks.remove(step)
                raise KilledError
            return (network(torch.randn(8, 4)) - 1).pow(2).mean(), {}

        folder.mkdir(exist_ok=True)
        again = bool(breaks)
        while True:
            try:
                train("stage", network, network.parameters(), loss, folder=folder, steps=12, rate=0.1, warm_up=2)
            except KilledError:
                torch.nn.init.zeros_(network.weight)  # a new process starts from something else
                continue
            assert not (again and breaks)
            return torch.load(folder / "stage.pt", weights_only=True)["weight"]

    unbroken = weights(tmp_path / "one", [])
    torch.testing.assert_close(weights(tmp_path / "two", [killed_at]), unbroken, atol=0, rtol=0)
