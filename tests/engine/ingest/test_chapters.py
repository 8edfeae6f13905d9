"""Chapters on the film's own clock, whatever the file makes of them."""

import pytest
from films import make_film
from rich_films import make_rich_film

from engine.ingest.chapters import Chapter, arrange, read_chapters


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4"])
@pytest.mark.parametrize("start", [0.0, 5.0])
def test_chapters_of_a_file(tmp_path, name, start):
    path = make_rich_film(tmp_path / name, frames=60, start=start, chapters=[(0, 2, "Größe & <b>"), (2, 6, "")])
    found = read_chapters(path, duration_seconds=6.0)
    assert [chapter.title for chapter in found] == ["Größe & <b>", "Chapter 2"]
    assert [(c.start_seconds, c.end_seconds) for c in found] == [
        (pytest.approx(0.0, abs=0.002), pytest.approx(2.0, abs=0.002)),
        (pytest.approx(2.0, abs=0.002), pytest.approx(6.0, abs=0.002)),
    ]


def test_a_film_without_chapters(tmp_path):
    assert read_chapters(make_film(tmp_path / "plain.mp4"), duration_seconds=4.0) == ()


def test_out_of_order_and_without_ends():
    assert arrange([(4.0, 0.0, "B"), (0.0, 0.0, "A")], 10.0) == (Chapter(0.0, 4.0, "A"), Chapter(4.0, 10.0, "B"))


def test_overlaps_are_cut_and_real_gaps_stay():
    assert arrange([(0.0, 9.0, "A"), (4.0, 6.0, "B")], 10.0) == (Chapter(0.0, 4.0, "A"), Chapter(4.0, 6.0, "B"))


def test_gaps_of_rounding_are_closed():
    assert arrange([(0.0, 3.98, "A"), (4.0, 9.96, "B")], 10.0) == (Chapter(0.0, 4.0, "A"), Chapter(4.0, 10.0, "B"))


def test_what_lies_outside_the_film_is_left_out():
    assert arrange([(-5.0, -1.0, "before"), (-1.0, 3.0, "in"), (12.0, 14.0, "after")], 10.0) == (
        Chapter(0.0, 3.0, "in"),
    )
