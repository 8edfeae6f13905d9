"""Classes that training never shows beside what is there: nothing is learnt about them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.training.cell_reader import CellReader
from engine.training.seeing import sights
from engine.training.unshown import SETTING, THING, TINT, unshown
from engine.training.world.combination import TRAIN, VALIDATION, split_of
from engine.training.world.labels import ASPECTS
from engine.training.world.palette import NAMED
from engine.training.world.scenes import SETTINGS
from engine.training.world.things import ALL_THINGS


@pytest.fixture(scope="module", params=[TRAIN, VALIDATION])
def labels(request):
    return sights(np.random.default_rng(3), 24, split=request.param, crowded=0.5).labels


def kept(one, other):
    return split_of(one, other) != TRAIN


def test_what_is_left_out_is_what_training_never_shows_there(labels):
    left_out = unshown(labels)["thing"].view(len(labels), -1, len(ALL_THINGS) + 1)
    for picture, cells in zip(labels.tolist(), left_out.tolist(), strict=True):
        setting = SETTINGS[picture[SETTING][0]]
        present = {ALL_THINGS[thing] for thing in picture[THING] if thing < len(ALL_THINGS)}
        for thing, tint, out in list(zip(picture[THING], picture[TINT], cells, strict=True))[:6]:
            beside = {setting, *present} | ({NAMED[tint]} if 0 <= tint < len(NAMED) else set())
            for place, name in enumerate(ALL_THINGS[::7]):
                never = any(kept(name, one) for one in beside - {name})
                assert out[7 * place] == (never and 7 * place != thing)
            assert not out[-1]


def test_colours_that_a_thing_never_has_are_left_out(labels):
    left_out = unshown(labels)["tint"].view(len(labels), -1, len(NAMED) + 1)
    for picture, cells in zip(labels.tolist(), left_out.tolist(), strict=True):
        for thing, tint, out in zip(picture[THING], picture[TINT], cells, strict=True):
            if thing < len(ALL_THINGS):
                assert out[:-1] == [kept(ALL_THINGS[thing], c) and n != tint for n, c in enumerate(NAMED)]


def test_nothing_is_learnt_about_what_is_left_out(labels):
    reader, features = CellReader(1, 8), torch.randn(len(labels), labels.shape[2], 8)
    logits: list[torch.Tensor] = []
    head = reader.heads[0]["thing"]
    head.register_forward_hook(lambda module, given, made: (made.retain_grad(), logits.append(made))[0])
    loss, _ = reader([features], labels)
    loss.backward()
    gradient, left_out = logits[0].grad.flatten(0, 1), unshown(labels)["thing"]
    assert left_out.any()
    assert (gradient[left_out] == 0).all()
    assert (gradient[~left_out] != 0).float().mean() > 0.9
    assert torch.isfinite(loss)


def test_most_pairs_are_shown():
    pairs = [(thing, setting) for thing in ALL_THINGS for setting in SETTINGS]
    assert 0.03 < np.mean([kept(*pair) for pair in pairs]) < 0.07
    assert list(ASPECTS)[THING] == "thing"
