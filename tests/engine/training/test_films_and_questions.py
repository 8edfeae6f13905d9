"""The drawn world tells the truth about itself, and the files it writes hold what was drawn."""

from __future__ import annotations

import av
import numpy as np
import pytest

from engine.training.drawing import HEIGHT, WIDTH
from engine.training.films import DRAWN_MARK, sample_film, write_film
from engine.training.questions import HELD_OUT, KINDS, WORDINGS, Asked, answer, wording
from engine.training.sample import sample_plan, sample_questions
from engine.training.things import NAMES


@pytest.mark.parametrize("segments", [1, 16, 60])
def test_a_film_has_the_asked_length_and_no_thing_twice(segments):
    film = sample_film(np.random.default_rng(segments), segments=segments)
    assert film.seconds == 2 * segments
    assert sum(len(scene.things) for scene in film.scenes) == len(film.spans)


def test_spans_say_what_a_scene_shows():
    film = sample_film(np.random.default_rng(3), segments=16)
    for name, (start, end) in film.spans.items():
        for moment in (start, (start + end) / 2, end - 0.01):
            assert name in film.scene_at(moment).things
        for moment in (start - 0.01, end):
            assert not 0 <= moment < film.seconds or name not in film.scene_at(moment).things


def test_one_seed_one_film_and_other_seeds_others():
    pictures = [sample_film(np.random.default_rng(seed), segments=4).picture_at(3.0) for seed in (5, 5, 6)]
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert (pictures[0] != pictures[2]).any()


def test_a_thing_is_drawn_where_it_is():
    film = sample_film(np.random.default_rng(8), segments=2)
    scene = film.scenes[0]
    bare = type(scene)(scene.seconds, scene.colour, scene.texture, scene.pattern_seed, ())
    from engine.training.drawing import draw, place

    changed = (draw(scene, 0.5).astype(int) != draw(bare, 0.5)).any(2)
    x, y = place(scene.actors[0], 0.5)
    assert changed[round(y) - 8 : round(y) + 8, round(x) - 8 : round(x) + 8].mean() > 0.5
    assert changed.mean() < 0.5


def test_the_file_holds_the_film(tmp_path):
    film = sample_film(np.random.default_rng(1), segments=3)
    write_film(film, tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert container.metadata["comment"] == DRAWN_MARK
        assert container.streams.audio
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 6 * film.frame_rate
    assert frames[0].shape == (HEIGHT, WIDTH, 3)
    for index in (0, len(frames) // 2, len(frames) - 1):
        drawn = film.picture_at(index / film.frame_rate)
        assert np.abs(frames[index].astype(int) - drawn).mean() < 6


def test_held_out_wordings_are_never_trained_on():
    for kind in KINDS:
        assert not set(HELD_OUT[kind]) & set(WORDINGS[kind])


@pytest.mark.parametrize(
    ("kind", "thing", "allowed"),
    [
        ("whether", "owl", {"Is an owl shown?", "Does an owl appear?", "Is there any owl?"}),
        ("whether", "grapes", {"Are grapes shown?", "Do grapes appear?", "Are there any grapes?"}),
        ("when", "glasses", {"When do the glasses appear?", "When are the glasses shown?"}),
    ],
)
def test_questions_agree_with_their_thing(kind, thing, allowed):
    rng = np.random.default_rng(0)
    asked = {wording(rng, kind, x=thing) for _ in range(300)}
    assert allowed <= asked
    assert not any(f" a {thing}" in text for text in asked)


@pytest.mark.parametrize(
    ("asked", "times", "expected"),
    [
        (Asked("when", "", ("dog",), (3,)), ("7.0",), "The dog appears at 7.0 seconds."),
        (Asked("when", "", ("grapes",), (3, 4)), ("7.0", "9.1"), "The grapes appear from 7.0 to 9.1 seconds."),
        (Asked("when", "", ("dog",), ()), (), "The dog does not appear."),
        (Asked("whether", "", ("dog",), (0,)), ("1.0",), "Yes, the dog appears at 1.0 seconds."),
        (Asked("whether", "", ("fries",), ()), (), "No, the fries do not appear."),
        (Asked("what", "", ("dog", "owl"), (2,), 5), (), "At 5 seconds the dog and the owl appear."),
    ],
)
def test_answers(asked, times, expected):
    assert answer(asked, times) == expected


def test_the_sample_film_is_a_minute_of_twelve_scenes_with_six_true_questions():
    film = sample_plan()
    assert film.seconds == 60
    asked = sample_questions(film)
    assert len({row["question"] for row in asked}) == 6
    for row in asked:
        for name in row["things"]:
            assert name in NAMES
            assert film.spans.get(name) == (tuple(row["span"]) if row["span"] else None)
