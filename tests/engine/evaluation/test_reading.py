"""The benchmark of reading runs, compares like with like, and says what it could not run."""

from __future__ import annotations

import dataclasses
import json

import pytest

from engine.evaluation.peers import OURS, PLAIN
from engine.evaluation.reading import measure_reading, table
from engine.evaluation.reading_films import MadeFilm, make_film
from engine.ingest.video import open_video

SMALL = MadeFilm("small", "libx264", 10, (("preset", "ultrafast"), ("bf", "2")))


def test_a_longer_film_repeats_what_was_encoded(tmp_path):
    film = open_video(make_film(tmp_path / "film.mp4", SMALL, seconds=20, size=(160, 96)))
    assert film.info.frame_count == 500
    assert film.info.duration_seconds == pytest.approx(20)
    assert not film.info.variable_rate


def test_every_way_of_reading_is_measured():
    found = measure_reading(seconds=4, runs=1, sample_fps=2, sparse_fps=1, size=(640, 360), films=[SMALL])
    ours = next(row for row in found if row.reader == OURS)
    assert ours.frames == 8
    assert ours.same_pixels
    assert ours.seconds == ours.runs[0] > 0
    by_name = {row.reader: row for row in found if row.sampling == "2"}
    assert by_name[PLAIN].same_pixels
    assert by_name["PyAV, scaling while converting"].pixel_drift > 0
    sparse = {row.reader: row for row in found if row.sampling == "1"}
    assert sparse["PyAV, a seek for every sample"].same_pixels
    assert not sparse["Tempo Desk, nearest keyframe"].same_pixels
    for row in found:
        assert row.note or row.seconds is not None
        assert row.reader in table(found)
    json.dumps([dataclasses.asdict(row) for row in found])
