"""The inexact plan: keyframes in place of samples, said aloud."""

from __future__ import annotations

import films
import pytest

from engine.cancel import CancelToken
from engine.ingest.frames import read_frames
from engine.ingest.keyframes import nearest_keyframes
from engine.ingest.sampling import plan_samples
from engine.ingest.video import Film, open_video


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Film:
    """240 frames at 12 a second, a keyframe every 12."""
    return open_video(films.make_film(tmp_path_factory.mktemp("key") / "film.mp4", frames=240, gop=12, b_frames=2))


def test_samples_move_to_the_nearest_keyframe_and_take_its_time(film):
    plan = plan_samples(film, sample_fps=0.3, min_frames=4, max_frames=100)
    moved = nearest_keyframes(film, plan)
    keyframes = set(film.keyframes.tolist())
    assert set(moved.indices[:-1]) <= keyframes
    assert list(moved.indices) == sorted(set(moved.indices))
    assert moved.seconds == tuple(film.seconds[list(moved.indices)].tolist())
    assert max(abs(a - b) for a, b in zip(moved.seconds, plan.seconds, strict=True)) <= 1.0
    assert moved.notes[-1].startswith("Inexact, as asked: ")
    frames = list(read_frames(film, moved, cancel=CancelToken()))
    assert [films.picture_number(frame.picture) for frame in frames] == list(moved.indices)
    assert [frame.seconds for frame in frames] == list(moved.seconds)


def test_samples_closer_than_keyframes_never_fall_together(film):
    plan = plan_samples(film, sample_fps=4.0, min_frames=4, max_frames=100)
    moved = nearest_keyframes(film, plan)
    assert len(set(moved.indices)) == len(plan.indices)
    assert list(moved.indices) == sorted(moved.indices)
    step = plan.seconds[1] - plan.seconds[0]
    assert max(abs(a - b) for a, b in zip(moved.seconds, plan.seconds, strict=True)) < step * 0.6


def test_a_plan_of_keyframes_stays_exact_and_says_nothing(film):
    plan = plan_samples(film, sample_fps=0.3, min_frames=4, max_frames=100)
    moved = nearest_keyframes(film, plan)
    again = nearest_keyframes(film, moved)
    assert again.indices == moved.indices
