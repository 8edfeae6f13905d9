"""Settings: every one told of once, for window and terminal; what is out of bounds is one sentence."""

import math
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import QuestionError
from engine.records import ModelInfo
from engine.remarks import effective, remarks
from engine.settings import GROUPS, KNOBS, Settings
from engine.terminal.options import ask_parser, settings_of
from engine.time_range import read_range, write_range

NANO = ModelInfo(
    "nano", "cpu", "fp32", 1, bundled=True,
    sample_fps=2.0, max_frames=512, frames_per_segment=4, budget=1024, context_limit=4096,
)  # fmt: skip


def test_every_setting_is_told_of():
    assert list(KNOBS) == [field.name for field in fields(Settings)]
    for name, knob in KNOBS.items():
        assert knob.name == name
        assert knob.default == getattr(Settings(), name)
        assert knob.group in GROUPS
        assert knob.help.endswith(".")
        assert ". " not in knob.help  # one sentence
        assert knob.flag.startswith("--")
        assert knob.label[0].isupper()
        assert (knob.default is None) <= knob.optional
    assert len({knob.label for knob in KNOBS.values()}) == len(KNOBS)


@pytest.mark.parametrize("name", KNOBS)
def test_the_default_is_read_back_as_it_is_written(name):
    knob = KNOBS[name]
    assert knob.parse(knob.text(knob.default)) == knob.default


@given(st.data())
def test_what_is_within_bounds_is_read_back_as_it_is_written(data):
    knob = data.draw(st.sampled_from([knob for knob in KNOBS.values() if knob.bounds]))
    low, high = knob.bounds
    numbers = st.integers(math.ceil(low), math.floor(high)) if knob.whole else st.floats(low, high)
    value = data.draw(numbers)
    back = knob.parse(knob.text(value))
    assert back == pytest.approx(value, rel=1e-9)
    assert isinstance(back, int) == knob.whole


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("budget", "0", "Token budget must lie between 1 and 131,072, not 0."),
        ("budget", "many", "Token budget must be a whole number, not many."),
        ("max_frames", "4.5", "Frames at most must be a whole number, not 4.5."),
        ("temperature", "nan", "Temperature must lie between 0 and 2, not nan."),
        ("temperature", "", "Temperature must be a number, not empty."),
        ("top_p", "0", "Top p must lie between 0.01 and 1, not 0."),
        ("allocation", "fair", "Allocation must be one of adaptive, uniform, not fair."),
        ("keep_index", "perhaps", "Keep the index on disk must be on or off, not perhaps."),
        ("range_seconds", "12", "'12' is no range such as 12-34 or 0:12-0:34."),
        ("range_seconds", "34-12", "The range 34-12 does not run forward."),
        ("budget", "1,5", "Token budget must be a whole number, not 1,5."),
        ("seed", "9" * 5000, f"Seed must be a whole number, not {'9' * 39}…."),
    ],
)
def test_what_cannot_be_is_one_sentence(name, text, told):
    with pytest.raises(QuestionError) as refused:
        KNOBS[name].parse(text)
    assert refused.value.message == told


@pytest.mark.parametrize(("text", "value"), [("0,7", 0.7), (" 1 ", 1.0), ("1e-1", 0.1)])
def test_numbers_are_read_as_people_write_them(text, value):
    assert KNOBS["temperature"].parse(text) == value
    assert KNOBS["max_frames"].parse("1 024") == KNOBS["max_frames"].parse("1,024") == 1024


def test_nothing_written_means_what_the_model_says():
    assert KNOBS["budget"].parse("  ") is None
    assert KNOBS["range_seconds"].parse("") is None


@pytest.mark.parametrize("change", [{"seed": True}, {"keep_index": 1}, {"budget": "8"}, {"range_seconds": (5.0, 2.0)}])
def test_values_of_the_wrong_kind_are_refused(change):
    with pytest.raises(QuestionError):
        Settings(**change)


@given(st.floats(0, 1e5), st.floats(0.001, 1e4))
def test_a_range_is_read_back_to_the_millisecond(start, length):
    span = (start, start + length)
    assert read_range(write_range(span)) == pytest.approx(span, abs=0.00051)


def test_every_option_of_the_terminal_reaches_its_setting():
    parser = ask_parser()
    words = {"allocation": "uniform", "range_seconds": "0:12-0:34", "model": "x", "device": "cpu", "precision": "nf4"}
    given_words = ["film.mp4", "When?"]
    for knob in KNOBS.values():
        given_words.append(knob.flag)
        if knob.const is None:
            given_words.append(words.get(knob.name, knob.text(knob.bounds[1]) if knob.bounds else ""))
    settings = settings_of(parser.parse_args(given_words))
    unchanged = [name for name, knob in KNOBS.items() if getattr(settings, name) == knob.default]
    assert unchanged == ["top_p"]  # whose highest value is the default
    assert (settings.range_seconds, settings.prefix_bits, settings.keep_index) == ((12, 34), 8, False)
    assert settings_of(parser.parse_args(["film.mp4", "When?"])) == Settings()


def test_help_tells_bounds_and_default():
    told = " ".join(ask_parser().format_help().split())
    assert "(1 to 131072, default as the model says)" in told
    assert "(adaptive or uniform, default adaptive)" in told
    assert "do not keep the index on disk" in told


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({"top_p": 0.5}, "top_p", "temperature 0"),
        ({"seed": 4}, "seed", "temperature 0"),
        ({"keep_index": False, "disk_megabytes": 5}, "disk_megabytes", "no index is kept"),
        ({"device_megabytes": 5}, "device_megabytes", "on the processor"),
        ({"max_new_tokens": 2000}, "max_new_tokens", "1024 tokens of answer"),
        ({"budget": 100}, "budget", "128 segments, more than 100 tokens"),
        ({"max_frames": 4096, "budget": 1023}, "budget", "1024 segments, more than 1023 tokens"),
    ],
)
def test_what_settings_do_to_one_another_is_said(change, name, words):
    assert words in remarks(Settings(**change), NANO)[name]


@pytest.mark.parametrize("change", [{}, {"top_p": 0.5, "temperature": 1.0}, {"max_frames": 512, "budget": 128}])
def test_nothing_is_said_where_nothing_is_amiss(change):
    assert remarks(Settings(**change), NANO) == {}


def test_without_a_model_nothing_is_said_of_it():
    assert remarks(Settings(device_megabytes=5, budget=2, max_new_tokens=8000)) == {}
    assert effective("budget", None) is None
    assert (effective("budget", NANO), effective("sample_fps", NANO), effective("seed", NANO)) == (1024, 2.0, None)
    assert effective("budget", replace(NANO, budget=0)) is None
