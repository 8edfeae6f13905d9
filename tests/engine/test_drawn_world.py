"""The bundled model is at home in films that this project drew, and says so of every other one."""

from __future__ import annotations

from dataclasses import replace

from engine.drawn_world import DRAWN_MARK, UNKNOWN_WORLD, world_note
from engine.evaluation.sample import SAMPLE
from engine.ingest.video import open_video
from engine.records import ModelInfo

NANO = ModelInfo("nano", "cpu", "fp32", 6_400_000, bundled=True, knows=("dog",))


def test_the_sample_says_that_it_was_drawn():
    video = open_video(SAMPLE).info
    assert video.comment == DRAWN_MARK
    assert world_note(NANO, video) == ""


def test_another_film_is_beyond_the_bundled_model_only(short_film):
    video = open_video(short_film).info
    assert world_note(NANO, video) == UNKNOWN_WORLD
    assert world_note(replace(NANO, bundled=False), video) == ""
