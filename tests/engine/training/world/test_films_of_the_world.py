"""The drawn world: films keep their own rules, files hold what was drawn, splits stay apart."""

from __future__ import annotations

import itertools

import av
import cv2
import numpy as np
import pytest

from engine.drawn_world import DRAWN_MARK
from engine.ingest.video import open_video
from engine.training.world.combination import TEST, TRAIN, split_of
from engine.training.world.composing import sample_film
from engine.training.world.films import CODECS, Coding, write_film
from engine.training.world.lettering import WORDS
from engine.training.world.motion import boxes, extent
from engine.training.world.painting import paint
from engine.training.world.palette import NAMED, SHAPES
from engine.training.world.places import PLACES, WHERE
from engine.training.world.plan import HEIGHT, LEFT, MOTIONS, RIGHT, STILL, WIDTH, Actor, Caption, Film, Scene
from engine.training.world.sprites import sprite
from engine.training.world.styles import NOTO
from engine.training.world.things import MASS, NAMES, PLURAL, THINGS, TINTABLE

ARTISTS = (NOTO,)


def film_of(seed, *, segments=16, split=TRAIN):
    return sample_film(np.random.default_rng(seed), segments=segments, split=split, artists=ARTISTS)


def actor(**changes):
    usual = {
        "thing": "dog", "look": NOTO, "tint": "", "count": 1, "size": 80.0, "x": 160.0, "y": 96.0, "motion": STILL,
        "speed": 0.0, "enters": 0, "leaves": 4, "slides": False, "mirrored": False, "seed": 0,
    }  # fmt: skip
    return Actor(**{**usual, **changes})


def test_the_world_is_large_and_every_emoji_stands_for_one_thing():
    assert len(NAMES) >= 500
    assert len(set(THINGS.values())) == len(THINGS)
    assert {*PLURAL, *MASS, *TINTABLE} <= set(NAMES)
    assert not set(SHAPES) & set(NAMES)
    assert set(PLACES) == set(WHERE)
    assert not {word.lower() for word in WORDS} & set(NAMES)


@pytest.mark.parametrize("segments", [1, 2, 16, 64, 512])
def test_a_film_is_as_long_as_asked_and_its_scenes_fill_it(segments):
    film = film_of(segments, segments=segments)
    assert film.seconds == 2 * segments == len(film.scene_of)
    for scene in film.scenes:
        assert bool(scene.place) != bool(scene.colour)
        assert all(0 <= one.enters < one.leaves <= scene.seconds for one in scene.actors)
        assert len({one.thing for one in scene.actors}) == len(scene.actors)


def test_every_second_shows_something():
    film = film_of(3, segments=64)
    assert all(film.actors_at(second) for second in range(film.seconds))


def test_what_is_not_a_star_is_shown_once():
    film = film_of(4, segments=32)
    shown = list(itertools.chain.from_iterable({one.thing for one in scene.actors} for scene in film.scenes))
    again = {thing for thing in shown if shown.count(thing) > 1}
    chapters = [list(group) for _, group in itertools.groupby(film.scenes, key=lambda scene: scene.setting)]
    assert len(again) <= len(chapters)
    for first, second in itertools.pairwise(film.scenes):
        assert not {one.thing for one in first.actors} & {one.thing for one in second.actors}


def test_nobody_stands_in_front_of_another_or_outside_the_picture():
    for seed in range(12):
        for scene in film_of(seed).scenes:
            for moment in np.arange(0, scene.seconds, 0.5):
                areas = [extent(one, moment) for one in scene.actors if one.enters <= moment < one.leaves]
                for left, top, right, bottom in areas:
                    assert left >= -1
                    assert top >= -1
                    assert right <= WIDTH + 1
                    assert bottom <= HEIGHT + 1
                for a, b in itertools.combinations(areas, 2):
                    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                    smaller = min((one[2] - one[0]) * (one[3] - one[1]) for one in (a, b))
                    assert max(wide, 0) * max(high, 0) <= 0.11 * smaller


def test_one_seed_one_film_and_other_seeds_others():
    one, again, other = film_of(5), film_of(5), film_of(6)
    assert one == again
    assert one != other
    pictures = [paint(film.scenes[0], 0.7, width=160, height=96) for film in (one, again)]
    np.testing.assert_array_equal(*pictures)


def test_training_and_test_share_no_combination():
    for seed in range(6):
        for scene in film_of(seed).scenes:
            parts = [*(one.thing for one in scene.actors), scene.setting]
            assert all(split_of(a, b) == TRAIN for a, b in itertools.combinations(parts, 2))
            assert all(split_of(one.thing, one.tint) == TRAIN for one in scene.actors if one.tint)
        unseen = [scene for scene in film_of(seed, split=TEST).scenes if scene.actors]
        new = [any(split_of(one.thing, scene.setting) == TEST for one in scene.actors) for scene in unseen]
        assert np.mean(new) > 0.9


@pytest.mark.parametrize("motion", MOTIONS)
def test_a_motion_is_seen_as_what_it_is_called(motion):
    speed = {"still": 0.0, "turns": 90.0, "grows": 0.3, "shrinks": 0.3}.get(motion, 20.0)
    one = actor(motion=motion, speed=speed)
    (early,), (late,) = (list(boxes(one, moment)) for moment in (0.0, 2.0))
    change = {
        "left": late.x < early.x, "right": late.x > early.x, "up": late.y < early.y, "down": late.y > early.y,
        "grows": late.size > early.size, "shrinks": late.size < early.size, "turns": late.degrees != early.degrees,
        "still": late == early,
    }  # fmt: skip
    assert [name for name, seen in change.items() if seen] == [motion]


@pytest.mark.parametrize("motion", [STILL, LEFT, RIGHT])
def test_who_comes_in_over_the_edge_is_in_place_after_half_a_second(motion):
    one = actor(motion=motion, speed=20.0 if motion != STILL else 0.0, enters=2, leaves=6, slides=True)
    assert not list(boxes(one, 1.9))
    (outside,), (inside,), (leaving,) = (list(boxes(one, moment)) for moment in (2.0, 2.5, 5.99))
    assert not 0 <= outside.x <= WIDTH
    assert 0 <= inside.x <= WIDTH
    assert not 0 <= leaving.x <= WIDTH


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_as_many_are_drawn_as_there_are(count):
    group = actor(thing="circle", tint="black", count=count, size=50.0)
    scene = Scene(4, "", "white", 40, (group,))
    black = (paint(scene, 1.0, width=640, height=384).max(2) < 90).astype(np.uint8)
    areas = cv2.connectedComponentsWithStats(cv2.erode(black, np.ones((5, 5), np.uint8)))[2][1:, cv2.CC_STAT_AREA]
    assert (areas > 1500).sum() == count


def test_a_tinted_thing_has_its_colour():
    for tint in NAMED:
        picture = sprite("balloon", NOTO, width=60, height=60, tint=tint)
        solid = picture[picture[..., 3] > 250][:, :3].astype(float)
        nearest = min(NAMED, key=lambda name: np.abs(solid.mean(0) - _colour(name)).sum())
        assert nearest == tint


def _colour(name):
    from engine.training.world.palette import COLOURS

    return np.array(COLOURS[name], float)


def test_liberties_change_colours_and_proportions_and_nothing_around():
    plain, free = (
        paint(Scene(4, "", "black", 8, (actor(thing="owl", free=free),)), 1.0, width=320, height=192)
        for free in (False, True)
    )
    rows, columns = np.nonzero((plain != free).any(2))
    (box,) = boxes(actor(thing="owl"), 1.0)
    assert len(rows) > 0.2 * box.size**2
    assert np.abs(rows - box.y).max() <= box.size / 2 + 1
    assert np.abs(columns - box.x).max() <= box.size / 2 + 1


def test_liberties_are_taken_in_training_alone_and_never_with_what_is_called_by_its_colour():
    cast = {split: [one for n in range(8) for scene in film_of(n, split=split).scenes for one in scene.actors]
            for split in (TRAIN, TEST)}  # fmt: skip
    assert any(one.free for one in cast[TRAIN])
    assert not any(one.free for one in cast[TEST])
    assert not any(one.free and one.thing in (*TINTABLE, *SHAPES) for one in cast[TRAIN])


def test_a_caption_is_there_while_it_is_meant_to_be():
    scene = Scene(4, "", "green", 2, (), Caption("GATE 42", "plain", "white", "black", True, 2, 4))
    before, during = (paint(scene, moment, width=320, height=192) for moment in (1.9, 2.1))
    assert np.abs(before[:60].astype(int) - during[:60]).mean() > 10
    assert np.abs(before[80:].astype(int) - during[80:]).mean() < 2
    assert Film((scene,)).text_at(1) == ""
    assert Film((scene,)).text_at(2) == "GATE 42"


@pytest.mark.parametrize("place", PLACES)
def test_a_place_looks_like_no_other(place):
    own = [_thumbnail(place, seed) for seed in (1, 2)]
    other = [_thumbnail(one, seed) for one in PLACES if one != place for seed in (1, 2)]
    assert own[0].shape == (12, 20, 3)
    assert min(np.abs(own[0] - one).mean() for one in other) > 4


def _thumbnail(place, seed):
    picture = paint(Scene(2, place, "", seed * 3, ()), 0.0, width=160, height=96)
    return cv2.resize(picture, (20, 12), interpolation=cv2.INTER_AREA).astype(float)


@pytest.mark.parametrize(("codec", "suffix", "options"), CODECS, ids=[f"{c[0]}{c[1]}" for c in CODECS])
def test_a_real_codec_holds_the_film(tmp_path, codec, suffix, options):
    film = film_of(9, segments=2)
    path = tmp_path / f"film{suffix}"
    write_film(film, path, Coding(codec, suffix, options, width=320, height=192, rate=12))
    with av.open(str(path)) as container:
        assert DRAWN_MARK in dict(container.metadata).values()
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 4 * 12
    for number in (0, 20, 47):
        scene, start = film.at(number // 12)[0], film.starts[film.scene_of[number // 12]]
        drawn = paint(scene, number / 12 - start, width=320, height=192)
        assert np.abs(frames[number].astype(int) - drawn).mean() < 9


@pytest.mark.parametrize("varying", [False, True])
def test_a_film_has_its_length_at_any_rate(tmp_path, varying):
    film = film_of(10, segments=3)
    path = tmp_path / "film.mp4"
    write_film(film, path, Coding(rate=50, varying=varying, sound=True))
    info = open_video(path).info
    assert info.duration_seconds == pytest.approx(film.seconds, abs=0.05)
    assert info.has_audio
    assert info.variable_rate == varying
