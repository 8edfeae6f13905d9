"""The speed benchmark measures what it says: both ways give one answer, and every figure is there."""

from __future__ import annotations

import pytest

from engine.evaluation.drift import Drift, measure_drift
from engine.evaluation.drift import table as drift_table
from engine.evaluation.peak import megabytes_of
from engine.evaluation.plain import ask_plainly
from engine.evaluation.real_size import TEXT, real_size_model
from engine.evaluation.speed import Peak, asking_table, measure_asking, peak_table
from engine.session import Session
from engine.settings import Settings
from engine.weights.loading import load_model

QUESTION = "When does the square appear?"


@pytest.fixture(scope="module")
def model(small_tempo):
    return load_model(small_tempo, device="cpu")


def test_the_plain_way_gives_the_same_answer(model, short_film, small_tempo):
    settings = Settings(model=str(small_tempo), keep_index=False, max_new_tokens=12, budget=60)
    session = Session(settings)
    session.open(short_film, emit=lambda _: None)
    ours = session.ask(QUESTION, emit=lambda _: None)
    session.close()
    text, done = ask_plainly(short_film, QUESTION, model, settings)
    assert text == ours.text
    assert 0 < done["read"] < done["first_score"] < done["first_token"] <= done["total"]


def test_both_ways_are_measured_as_often(model, short_film):
    rows = measure_asking("short", short_film, model, runs=2)
    assert [row.way for row in rows] == ["first", "follow-up", "plain, first", "plain, follow-up"]
    assert all(len(row.runs) == 2 and row.segments == 6 for row in rows)
    assert all(row.seconds["total"] > 0 for row in rows)
    told = asking_table(rows)
    assert "median of 2" in told
    assert "first heat after" in told


def test_the_real_size_is_that_of_the_published_compressor(monkeypatch):
    assert (TEXT["num_hidden_layers"], TEXT["hidden_size"]) == (28, 2048)
    monkeypatch.setitem(TEXT, "num_hidden_layers", 4)  # seconds instead of half a minute; widths stay real
    model = real_size_model()
    assert model.config.memory_tokens == 128
    assert 250e6 < model.info.parameters < 900e6


def test_peak_memory_is_that_of_a_process_of_its_own(short_film):
    assert 200 < megabytes_of("ours", short_film) < 4000


def test_growth_is_told_against_the_shortest_film():
    told = peak_table([Peak("ours", 16, 500), Peak("plain", 16, 600), Peak("ours", 256, 550), Peak("plain", 256, 1800)])
    assert "10%" in told
    assert "200%" in told


def test_drift_is_measured_between_two_indexes(small_tempo):
    settings = Settings(model=str(small_tempo), keep_index=False, max_new_tokens=4, budget=60)
    rows = measure_drift(settings, films=1, segments=3)
    assert len(rows) > 6
    assert all(0 < row.largest < 0.1 for row in rows)  # changed, but hardly
    assert "same highest segment" in drift_table([*rows, Drift(1.0, True, 0.0, True, True)])
