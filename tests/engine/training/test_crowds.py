"""Crowded pictures for the tower."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from engine.training.pool import new_hand
from engine.training.world.combination import TRAIN, split_of
from engine.training.world.crowds import DYED, crowds
from engine.training.world.motion import boxes, extent
from engine.training.world.plan import HEIGHT, TURNS, WIDTH
from engine.training.world.scenes import SETTINGS, Stagehand


def drawn(count, seed=0):
    rng = np.random.default_rng(seed)
    return [scene for _ in range(count // 2) for scene in crowds(new_hand(rng, TRAIN), str(rng.choice(SETTINGS)), 2)]


def test_a_crowd_shows_many_different_things():
    scenes = drawn(200)
    for scene in scenes:
        assert len({actor.thing for actor in scene.actors}) == len(scene.actors) >= 3
    assert np.mean([len(scene.actors) for scene in scenes]) > 6
    assert 0.4 < np.mean([scene.caption is not None for scene in scenes]) < 0.8


def test_a_crowd_stands_in_the_picture():
    for scene in drawn(30, seed=1):
        for actor in scene.actors:
            left, top, right, bottom = extent(actor, 0.5)
            assert left > -0.2 * WIDTH
            assert right < 1.2 * WIDTH
            assert top > -0.2 * HEIGHT
            assert bottom < 1.2 * HEIGHT


def test_a_crowd_holds_only_combinations_of_its_split():
    for scene in drawn(20, seed=2):
        shown = (*(actor.thing for actor in scene.actors), scene.setting)
        assert all(split_of(one, other) == TRAIN for one, other in combinations(shown, 2))
        assert all(split_of(actor.thing, actor.tint) == TRAIN for actor in scene.actors if actor.tint)


def test_crowds_share_their_background_and_nothing_else():
    one, other = crowds(new_hand(np.random.default_rng(3), TRAIN), "beach", 2)
    assert (one.seed, one.place) == (other.seed, other.place)
    assert [actor.thing for actor in one.actors] != [actor.thing for actor in other.actors]


def test_things_are_turned_by_any_angle():
    turned = [actor for scene in drawn(150, seed=4) for actor in scene.actors if actor.motion == TURNS]
    angles = np.array([next(boxes(actor, 0.5)).degrees % 360 for actor in turned])
    assert len(angles) > 50
    assert (np.histogram(angles, 6, (0, 360))[0] > 0).all()


def test_what_comes_in_many_colours_is_shown_more_often():
    actors = [actor for scene in drawn(150, seed=5) for actor in scene.actors]
    tinted = np.mean([bool(actor.tint) for actor in actors])
    assert tinted > 1.5 * len(DYED) / len(Stagehand.names)
    assert {actor.thing for actor in actors if actor.tint} <= DYED
