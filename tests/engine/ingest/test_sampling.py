"""Which frames are taken: the published indices at a constant rate, equal steps in time at a variable one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import films
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import QuestionError
from engine.ingest.sampling import SamplePlan, plan_samples
from engine.ingest.video import Film, open_video
from engine.records import VideoInfo


def timed_film(seconds: np.ndarray, *, end: float, variable: bool) -> Film:
    """A film's timetable without its file, for the arithmetic."""
    rate = len(seconds) / (end - float(seconds[0]))
    info = VideoInfo(Path("film"), end, len(seconds), rate, 64, 48, 0, 0.0, "h264", variable, False)
    return Film(info, np.arange(len(seconds)), seconds, np.array([0]), 0, (64, 48), (0, 0), False)


def even_film(count: int, rate: float) -> Film:
    film = timed_film(np.arange(count) / rate, end=count / rate, variable=False)
    return replace(film, info=replace(film.info, frame_rate=rate))  # not the same to the last bit


def published_indices(count: int, rate: float, fps: float, low: int, high: int) -> list[int]:
    """tempo-spec.md, Frames, step 1."""
    wanted = min(max(round(count / rate * fps), low), high)
    return np.round(np.linspace(0, count - 1, wanted)).astype(int).tolist()


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(8, 5000), st.sampled_from([12.0, 23.976, 24000 / 1001, 25.0, 29.97, 30.0, 59.94]))
def test_a_constant_film_gives_the_published_indices(count, rate):
    plan = plan_samples(even_film(count, rate), sample_fps=2.0, min_frames=4, max_frames=1024)
    assert list(plan.indices) == published_indices(count, rate, 2.0, 4, 1024)
    assert plan.sample_fps == len(plan.indices) / (count / rate)


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.integers(1, 400),
    st.floats(0.5, 120),
    st.floats(0.01, 60),
    st.integers(1, 16),
    st.integers(4, 300),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_every_plan_runs_forward_without_repeats_and_within_bounds(count, rate, fps, low, high, variable, random):
    steps = np.array([random.choice([0.2, 1.0, 7.0]) for _ in range(count)]) if variable else np.ones(count)
    seconds = np.concatenate([[0.0], np.cumsum(steps)]) / rate
    film = timed_film(seconds[:-1], end=float(seconds[-1]), variable=variable)
    plan = plan_samples(film, sample_fps=fps, min_frames=low, max_frames=high)
    assert 1 <= len(plan.indices) <= min(count, max(low, high))
    assert all(earlier < later for earlier, later in zip(plan.indices, plan.indices[1:], strict=False))
    assert plan.seconds == tuple(film.seconds[list(plan.indices)])
    assert plan.indices[0] == 0
    assert len(plan.indices) == 1 or plan.indices[-1] == count - 1
    assert plan.end_seconds >= plan.seconds[-1]
    if not variable:
        wanted = min(max(round(film.info.frame_count / film.info.frame_rate * fps), low), high)
        assert len(plan.indices) == min(wanted, count)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.floats(0.001, 5), min_size=3, max_size=80), st.floats(0.1, 8))
def test_a_varied_film_is_sampled_evenly_in_time(steps, fps):
    seconds = np.concatenate([[0.0], np.cumsum(steps)])
    film = timed_film(seconds, end=float(seconds[-1]) + 0.1, variable=True)
    plan = plan_samples(film, sample_fps=fps, min_frames=4, max_frames=1024)
    wanted = min(max(round(film.info.duration_seconds * fps), 4), len(seconds))
    for target in np.linspace(0, seconds[-1], wanted):
        nearest = np.min(np.abs(seconds - target))
        assert np.min(np.abs(np.array(plan.seconds) - target)) == nearest


def test_a_film_that_stands_still_is_not_sampled_twice():
    film = timed_film(np.array([0.0, 0.1, 0.2, 60.0]), end=60.1, variable=True)
    plan = plan_samples(film, sample_fps=2.0, min_frames=4, max_frames=1024)
    assert plan.seconds[-1] == 60.0
    assert len(set(plan.indices)) == len(plan.indices) <= 4


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(20, 900), st.floats(0, 1), st.floats(0, 1))
def test_a_range_takes_only_its_own_frames(count, one, other):
    film = even_film(count, 25.0)
    start, end = sorted((one * film.info.duration_seconds, other * film.info.duration_seconds))
    if not start < end:
        return
    plan = plan_samples(film, sample_fps=2.0, min_frames=4, max_frames=64, range_seconds=(start, end))
    assert (plan.start_seconds, plan.end_seconds) == (start, end)
    assert plan.sample_fps == len(plan.indices) / (end - start)
    inside = [i for i, at in enumerate(film.seconds) if start <= at < end]
    assert set(plan.indices) <= set(inside or [film.frame_at(start)])
    if inside:
        assert len(plan.indices) == min(max(round((end - start) * 2), 4), 64, len(inside))


def test_a_range_past_the_end_stops_there_and_says_so():
    plan = plan_samples(even_film(100, 25.0), sample_fps=2.0, min_frames=4, max_frames=64, range_seconds=(3.0, 9.0))
    assert plan.end_seconds == 4.0
    assert plan.notes == ("The range ends at 4.0 s, where the film does, not at 9 s.",)


@pytest.mark.parametrize("span", [(4.0, 5.0), (2.0, 2.0), (3.0, 1.0)])
def test_a_range_outside_the_film_is_refused(span):
    with pytest.raises(QuestionError, match=r"lies outside the film, which is 4\.0 s long"):
        plan_samples(even_film(100, 25.0), sample_fps=2.0, min_frames=4, max_frames=64, range_seconds=span)


def test_a_long_film_says_how_thinly_it_was_sampled():
    plan = plan_samples(even_film(90_000, 25.0), sample_fps=2.0, min_frames=4, max_frames=1024)
    assert len(plan.indices) == 1024
    assert plan.notes == ("Only 1024 frames were taken, one every 3.5 s.",)


def test_real_films_are_sampled_as_published():
    for path in (films.bikes(), films.bigbuckbunny()):
        film = open_video(path)
        plan = plan_samples(film, sample_fps=2.0, min_frames=4, max_frames=1024)
        assert list(plan.indices) == published_indices(film.info.frame_count, 25.0, 2.0, 4, 1024)
    assert isinstance(plan, SamplePlan)
    assert plan.sample_fps == 11 / 5.28
