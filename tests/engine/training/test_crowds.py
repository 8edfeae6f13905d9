"""Crowds, and the tower's batches made of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import torch

from engine.training.pool import new_hand
from engine.training.seeing import AGAIN, Gallery
from engine.training.world.combination import TRAIN, split_of
from engine.training.world.crowds import crowd
from engine.training.world.motion import extent
from engine.training.world.plan import HEIGHT, WIDTH
from engine.training.world.scenes import SETTINGS


def crowds(count, seed=0):
    rng = np.random.default_rng(seed)
    return [crowd(new_hand(rng, TRAIN), str(rng.choice(SETTINGS))) for _ in range(count)]


def test_a_crowd_shows_many_different_things():
    scenes = crowds(30)
    for scene in scenes:
        assert len({actor.thing for actor in scene.actors}) == len(scene.actors) >= 3
    assert np.mean([len(scene.actors) for scene in scenes]) > 6
    assert 0.4 < np.mean([scene.caption is not None for scene in scenes]) < 0.8


def test_a_crowd_stands_in_the_picture():
    for scene in crowds(30, seed=1):
        for actor in scene.actors:
            left, top, right, bottom = extent(actor, 0.0)
            assert left > -0.2 * WIDTH
            assert right < 1.2 * WIDTH
            assert top > -0.2 * HEIGHT
            assert bottom < 1.2 * HEIGHT


def test_a_crowd_holds_only_combinations_of_its_split():
    for scene in crowds(20, seed=2):
        shown = (*(actor.thing for actor in scene.actors), scene.setting)
        assert all(split_of(one, other) == TRAIN for one, other in combinations(shown, 2))
        assert all(split_of(actor.thing, actor.tint) == TRAIN for actor in scene.actors if actor.tint)


def test_a_batch_depends_on_its_number_alone():
    gone_through, asked_once = Gallery(4, lambda _: 0.5), Gallery(4, lambda _: 0.5)
    for number in range(3):
        last = gone_through(number)
    once = asked_once(2)
    assert torch.equal(last.frames, once.frames)
    assert torch.equal(last.labels, once.labels)
    assert torch.equal(last.gain, once.gain)


def test_half_of_a_batch_is_seen_again_in_another_light():
    gallery = Gallery(4, lambda _: 1.0)
    first, later = gallery(0), gallery(AGAIN)
    assert torch.equal(first.frames[:2], later.frames[2:])
    assert torch.equal(first.labels[:2], later.labels[2:])
    assert not torch.equal(first.gain[:2], later.gain[2:])
    assert not torch.equal(first.frames[:2], first.frames[2:])
