"""How well a tower names what it sees."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import ModelError
from engine.training.eyesight import THING, Named, _drawn, _judged, eyesight, table
from engine.training.presets import MICRO
from engine.training.run import Run
from engine.training.seeing import Lookout
from engine.training.world.combination import TEST, TRAIN
from engine.training.world.labels import cells
from engine.training.world.plan import TURNS
from engine.training.world.things import ALL_THINGS


def looked_at(split, wrong=False):
    named = []
    for number in range(40):
        scene, seconds, pair = _drawn(np.random.default_rng(number), split)
        labels = cells(scene, seconds)[THING]
        assert pair.shape == (2, 96, 160, 3)
        named += _judged(scene, labels, labels * 0 + len(ALL_THINGS) if wrong else labels, number)
        turning = sum(actor.motion == TURNS for actor in scene.actors)
        assert sum("turning" in one.groups for one in named if one.scene == number) <= turning
    return named


def test_who_sees_rightly_is_always_right_and_who_sees_nothing_never():
    assert all(one.right for one in looked_at(TRAIN))
    assert not any(one.right for one in looked_at(TRAIN, wrong=True))


def test_things_beside_what_training_never_shows_are_told_apart():
    groups = [one.groups for one in looked_at(TRAIN)]
    assert all("beside what training shows it with" in one for one in groups)
    assert any("beside what training never shows it with" in one.groups for one in looked_at(TEST))


def test_a_scene_counts_only_if_all_of_it_is_right():
    lines = table([Named(0, ("all",), True), Named(0, ("all", "dyed"), False), Named(1, ("all",), True)]).splitlines()
    assert [line.split("|")[1:3] for line in lines[2:]] == [
        [" all ", " 3 "], [" dyed ", " 1 "], [" all of a scene ", " 2 "],
    ]  # fmt: skip
    assert " 66.7%" in lines[2]
    assert " 50.0%" in lines[-1]


def test_an_untaught_tower_of_a_run_sees_little(tmp_path):
    run = Run(tmp_path, MICRO)
    with pytest.raises(ModelError, match="The step vision is not done"):
        eyesight(run, split=TRAIN)
    torch.save(Lookout(run.network.svlm.visual, MICRO.shape.width).both.state_dict(), tmp_path / "vision.pt")
    named = eyesight(run, split=TRAIN, scenes=10)
    assert {one.scene for one in named} <= set(range(10))
    assert np.mean([one.right for one in named]) < 0.3
