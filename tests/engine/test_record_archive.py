"""Records through JSON and back: every field exactly, whatever it holds; small, and open to change."""

import json
import time
from dataclasses import dataclass, fields, replace
from enum import Enum
from pathlib import Path

import numpy as np
import pytest
from answers import answer
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.record_archive import Unpacking, pack
from engine.records import Allocation, Answer, Citation, ModelInfo, Segment, StageSeconds, VideoInfo
from engine.settings import Settings

numbers = st.floats(allow_nan=False)
counts = st.integers(-(2**63), 2**63 - 1)
words = st.text(st.characters(), max_size=20)  # lone surrogates too: the name of a file may hold them
paths = st.builds(Path, st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=20))


def rows(one, **bounds):
    return st.lists(one, max_size=4, **bounds).map(tuple)


videos = st.builds(
    VideoInfo, paths, numbers, counts, numbers, counts, counts, counts, numbers, words, st.booleans(), st.booleans(),
    rows(words),
)  # fmt: skip
models = st.builds(ModelInfo, words, words, words, counts, st.booleans(), rows(words), rows(words))
segments = st.builds(Segment, counts, numbers, numbers, numbers, rows(numbers))
citations = st.builds(Citation, numbers, numbers, rows(counts), words, st.booleans(), rows(counts))
answers = st.builds(
    Answer, words, words, videos, models, rows(segments), rows(numbers), st.builds(
        Allocation, rows(counts), counts, counts, counts
    ), rows(citations), rows(citations), counts, numbers, st.builds(StageSeconds, *[numbers] * 6), rows(words),
)  # fmt: skip


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Diary:
    """Everything a record may hold."""

    mood: Mood
    span: tuple[float, float] | None = None
    settings: Settings | None = None
    answer: Answer | None = None
    earlier: tuple["Diary", ...] = ()


moods = st.sampled_from(Mood)
wishes = st.builds(Settings, seed=st.integers(0, 99), range_seconds=st.none() | st.just((1.0, 2.5)))
diaries = st.recursive(
    st.builds(Diary, moods, st.none() | st.tuples(numbers, numbers), st.none() | wishes),
    lambda inner: st.builds(Diary, moods, earlier=rows(inner)),
    max_leaves=4,
)


def back(record):
    text, pieces = pack(record)
    return Unpacking(pieces.__getitem__).record(type(record), text)


@given(answers)
@settings(max_examples=150)
def test_every_answer_comes_back_as_it_was(one):
    assert back(one) == one


@given(diaries)
@settings(max_examples=60)
def test_other_records_come_back_too(diary):
    assert back(diary) == diary


def test_types_come_back_and_numbers_of_numpy_become_plain():
    odd = replace(answer(2), scores=(np.float32(0.5), np.float64(0.25)), frames_sampled=np.int64(7))
    found = back(odd)
    assert found == odd
    assert [type(score) for score in found.scores] == [float, float]
    assert type(found.frames_sampled) is int
    assert isinstance(found.video.path, Path)
    assert isinstance(found.segments[0].frame_seconds, tuple)


def test_what_two_answers_share_is_written_once_and_read_once():
    first, second = answer(), answer(question="What?")
    (text, pieces), (other, others) = pack(first), pack(second)
    assert pieces == others
    assert len(pieces) == 3  # the cut, the film, the model
    unpacking = Unpacking({**pieces, **others}.__getitem__)
    found = [unpacking.record(Answer, one) for one in (text, other)]
    assert found == [first, second]
    assert found[0].segments is found[1].segments


def test_a_thousand_segments_are_small_and_quick():
    long = answer(1024, 4)
    text, pieces = pack(long)
    assert len(text) < 40_000, "the scores and shares of 1,024 segments"
    assert sum(map(len, pieces.values())) < 160_000, "their spans and the times of 4,096 frames"
    begun = time.perf_counter()
    assert back(long) == long
    assert time.perf_counter() - begun < 0.5


def test_a_field_of_later_is_passed_over_and_one_not_there_yet_takes_its_default():
    text, pieces = pack(answer(2))
    plain = json.loads(text)
    plain["mood"] = "good"
    del plain["notes"]
    assert Unpacking(pieces.__getitem__).record(Answer, json.dumps(plain)) == answer(2, notes=())


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"question": 1}', "nonsense", '{"piece": "gone"}'])
def test_what_is_no_answer_is_refused_in_one_way(text):
    with pytest.raises(ValueError, match=r"no Answer|lacks|Expecting value"):
        Unpacking({}.__getitem__).record(Answer, text)


def test_all_fields_are_written():
    plain = json.loads(pack(answer(1))[0])
    assert plain.keys() == {field.name for field in fields(Answer)}


def test_what_is_no_record_is_refused():
    with pytest.raises(TypeError):
        pack(replace(answer(1), notes=({1, 2},)))
