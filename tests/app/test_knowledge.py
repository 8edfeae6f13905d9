"""Which questions are offered about which film."""

import os
from pathlib import Path

import pytest

from app.knowledge import GENERAL_QUESTIONS, SAMPLE, Knowledge, read_knowledge, sample_questions, suggestions


def test_the_sample_has_questions_of_its_own_by_its_whole_path_or_a_short_one(monkeypatch):
    monkeypatch.chdir(SAMPLE.parent)
    for path in (None, SAMPLE, Path(SAMPLE.name)):
        assert suggestions(path, knowledge=read_knowledge()) == sample_questions() != ()


def test_another_film_is_asked_what_its_model_can_answer(tmp_path):
    film = tmp_path / SAMPLE.name
    assert suggestions(film, knowledge=Knowledge(questions=("When?", "What?", "Is it?", "More?"))) == (
        "When?", "What?", "Is it?",
    )  # fmt: skip
    assert suggestions(film, knowledge=Knowledge()) == GENERAL_QUESTIONS


def test_no_disk_is_asked_about_the_film(monkeypatch):
    def stat(path, *args, **kwargs):
        if "hanging" in str(path):
            pytest.fail(f"{path} was looked at")
        return real(path, *args, **kwargs)

    real = os.stat
    monkeypatch.setattr(os, "stat", stat)
    assert suggestions(Path("/hanging/film.mp4"), knowledge=Knowledge()) == GENERAL_QUESTIONS
