"""The whole path on a real film and a real, tiny model: events, follow-up questions, stopping, refusals, notes."""

import threading
import time
from dataclasses import replace

import pytest
from checkpoints import SMALL, altered
from sample_film import WHEN

from engine import events
from engine.asking import CUT_SHORT, EVENLY
from engine.cancel import CancelToken
from engine.errors import BudgetError, Cancelled, ModelError, OutOfMemoryError, QuestionError, TempoError, VideoError
from engine.libraries import LIBRARIES
from engine.recall.allocation import allocate
from engine.record_json import to_json
from engine.session import Session
from engine.settings import Settings
from engine.shelf import Shelf
from engine.surprises import in_plain_words
from engine.tiers import Limits
from engine.weights.checkpoint import read_config

QUESTION = "When does the square appear?"


@pytest.fixture
def settings(small_tempo):
    return Settings(model=str(small_tempo), device="cpu", max_new_tokens=12, keep_index=False)


@pytest.fixture
def session(settings, short_film):
    session = Session(settings)
    session.open(short_film, emit=lambda _: None)
    yield session
    session.close()


def kinds(seen, kind):
    return [event for event in seen if isinstance(event, kind)]


def test_an_answer_comes_with_everything_that_led_to_it(session):
    seen = []
    answer = session.ask(QUESTION, emit=seen.append)
    assert len(answer.segments) == len(answer.scores) == len(answer.allocation.shares) == 6
    assert answer.frames_sampled == 24
    assert answer.sample_fps == pytest.approx(2.0)
    assert list(answer.allocation.shares) == allocate(answer.scores, 8192)
    assert answer.text == "".join(event.text for event in kinds(seen, events.TokenDecoded))
    assert [event.done for event in kinds(seen, events.SegmentScored)] == [1, 2, 3, 4, 5, 6]
    assert tuple(event.score for event in kinds(seen, events.SegmentScored)) == answer.scores
    assert kinds(seen, events.FramesRead)[-1] == events.FramesRead(24, 24)
    assert isinstance(seen[0], events.ModelLoaded)
    assert seen[-1] == events.AnswerGrounded(answer)


def test_shares_are_told_while_scores_arrive_and_once_for_good(session):
    seen = []
    answer = session.ask(QUESTION, emit=seen.append)
    dealt = kinds(seen, events.BudgetAllocated)
    assert [event.scored for event in dealt] == [(0,), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5)]
    assert [event.provisional for event in dealt] == [True, True, False]
    assert dealt[-1].allocation == answer.allocation
    assert all(event.allocation.limit == 8192 for event in dealt)


def test_seconds_are_in_order(session):
    seconds = session.ask(QUESTION, emit=lambda _: None).seconds
    assert 0 < seconds.first_score <= seconds.first_token <= seconds.total
    assert 0 < seconds.read + seconds.index + seconds.compress <= seconds.total


def test_a_second_question_reads_nothing_and_answers_as_a_fresh_session_would(session, settings, short_film):
    session.ask("What is on the left?", emit=lambda _: None)
    seen = []
    again = session.ask(QUESTION, emit=seen.append)
    assert not kinds(seen, events.FramesRead)
    assert len(kinds(seen, events.SegmentIndexed)) == 6
    fresh = Session(settings)
    fresh.open(short_film, emit=lambda _: None)
    first = fresh.ask(QUESTION, emit=lambda _: None)
    assert (again.text, again.scores, again.allocation) == (first.text, first.scores, first.allocation)


def frames_read(seen):
    """Frames that were read on the way to an answer."""
    return max((event.done for event in kinds(seen, events.FramesRead)), default=0)


def asked_twice(settings, film, limits):
    """Frames read for the second of two questions, and what the shelf held: kinds of segments and bytes."""
    shelf, seen = Shelf(limits), []
    session = Session(settings, shelf=shelf)
    session.open(film, emit=lambda _: None)
    first = session.ask(QUESTION, emit=lambda _: None)
    second = session.ask(QUESTION, emit=seen.append)
    assert (second.text, second.allocation) == (first.text, first.allocation)
    assert second.scores == pytest.approx(first.scores, abs=1e-5)
    assert [event.done for event in kinds(seen, events.SegmentScored)] == [1, 2, 3, 4, 5, 6]
    return frames_read(seen), [shelf.film.kind(place) for place in range(6)], shelf.film.nbytes


def test_a_segment_stays_as_prefix_else_as_features_else_it_is_read_again(settings, short_film):
    read, held, everything = asked_twice(settings, short_film, Limits())
    assert (read, held) == (0, ["prefix"] * 6)
    assert asked_twice(settings, short_film, Limits(host=0))[:2] == (24, [None] * 6)
    read, held, nbytes = asked_twice(settings, short_film, Limits(host=everything * 2 // 3))
    assert (read, set(held)) == (0, {"prefix", "features"})
    assert held == sorted(held, reverse=True)  # prefixes first, and room for the features of all the others
    assert nbytes <= everything * 2 // 3
    read, held, _ = asked_twice(settings, short_film, Limits(host=everything * 9 // 60))  # less than a prefix
    assert set(held) == {"features", None}
    assert read == 4 * held.count(None)


def test_evenly_dealt_tokens_are_the_same_for_all_and_said(session, settings):
    seen = []
    answer = session.ask(QUESTION, settings=replace(settings, allocation="uniform", budget=60), emit=seen.append)
    assert answer.allocation.shares == (10,) * 6
    assert EVENLY in answer.notes
    told = [set(event.allocation.shares) for event in kinds(seen, events.BudgetAllocated)]
    assert all(len(shares) == 1 for shares in told)
    assert len(set(answer.scores)) > 1
    assert EVENLY not in session.ask(QUESTION, emit=lambda _: None).notes


def frames_when_asked_again(session, settings):
    """Frames read for a second question, after other settings were adopted."""
    session.ask(QUESTION, emit=lambda _: None)
    session.adopt(settings)
    seen = []
    session.ask(QUESTION, emit=seen.append)
    return frames_read(seen)


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"temperature": 0.5, "seed": 3, "budget": 60, "allocation": "uniform", "max_new_tokens": 5}, 0),
        ({"host_megabytes": 1500}, 24),
        ({"sample_fps": 1.0}, 12),
    ],
    ids=["words and tokens", "limits", "what is read"],
)
def test_other_settings_keep_what_is_ready_where_they_can(session, settings, change, again):
    assert frames_when_asked_again(session, replace(settings, **change)) == again


def test_another_limit_on_disk_holds_for_a_session_that_runs(session, settings):
    session.adopt(replace(settings, keep_index=True))
    session.ask(QUESTION, emit=lambda _: None)
    assert session._store.limit_bytes == 10**10
    session.adopt(replace(settings, keep_index=True, disk_megabytes=5))
    session.ask(QUESTION, emit=lambda _: None)
    assert session._store.limit_bytes == 5 * 10**6


def test_a_loaded_model_says_what_it_was_made_for(session, small_tempo):
    model = session.ask(QUESTION, emit=lambda _: None).model
    sizes = read_config(small_tempo).sizes
    assert (model.sample_fps, model.max_frames, model.budget) == (sizes.sample_fps, sizes.max_frames, sizes.budget)
    assert (model.frames_per_segment, model.context_limit) == (
        sizes.frames_per_segment, read_config(small_tempo).context_limit
    )  # fmt: skip


def test_the_size_of_a_batch_changes_nothing(session, settings):
    one = session.ask(QUESTION, settings=replace(settings, micro_batch=1), emit=lambda _: None)
    session.close()
    session.open(one.video.path, emit=lambda _: None)
    many = session.ask(QUESTION, settings=replace(settings, micro_batch=64), emit=lambda _: None)
    assert many.scores == pytest.approx(one.scores, abs=1e-5)
    assert (many.text, many.allocation) == (one.text, one.allocation)


@pytest.mark.parametrize(
    "stage", [events.ModelLoaded, events.SegmentsFound, events.FramesRead, events.SegmentScored, events.TokenDecoded]
)
def test_stopping_at_any_stage_ends_there_and_the_next_question_is_answered(session, stage):
    cancel, seen = CancelToken(), []

    def stop_at_stage(event):
        seen.append(event)
        if isinstance(event, stage):
            cancel.cancel()

    with pytest.raises(Cancelled):
        session.ask(QUESTION, emit=stop_at_stage, cancel=cancel)
    assert len(kinds(seen, stage)) == 1
    assert session.ask(QUESTION, emit=lambda _: None).text


class StopsAtCheck(CancelToken):
    """Somebody presses stop right before the `number`th check."""

    def __init__(self, number):
        super().__init__()
        self.left = number

    def check(self):
        self.left -= 1
        if self.left <= 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize("number", [1, 8, 14])  # before anything, between two libraries, between two tensors
def test_stopping_while_the_model_loads_leaves_no_model(session, number):
    seen = []
    with pytest.raises(Cancelled):
        session.ask(QUESTION, emit=seen.append, cancel=StopsAtCheck(number))
    assert seen == []
    session.ask(QUESTION, emit=seen.append)
    assert isinstance(seen[0], events.ModelLoaded)


def test_a_model_prepared_step_by_step_is_there_when_asked(session):
    seen = []
    assert tuple(session.prepare(seen.append)) == LIBRARIES
    assert isinstance(seen.pop(), events.ModelLoaded)
    session.ask(QUESTION, emit=seen.append)
    assert not kinds(seen, events.ModelLoaded)


def test_opening_can_be_stopped(session, short_film):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        session.open(short_film, emit=lambda _: None, cancel=cancel)


def test_a_film_opened_again_is_read_again(session, short_film):
    """It may have changed under its name."""
    session.ask(QUESTION, emit=lambda _: None)
    session.open(short_film, emit=lambda _: None)
    seen = []
    session.ask(QUESTION, emit=seen.append)
    assert frames_read(seen) == 24


@pytest.mark.parametrize("part", ["look", "prefill", "distil"])
@pytest.mark.parametrize(
    ("error", "wanted", "told"),
    [
        (RuntimeError("CUDA error: out of memory"), OutOfMemoryError, "The device ran out of memory."),
        (RuntimeError("shapes differ"), TempoError, r"went wrong \(RuntimeError: shapes differ\)\."),
    ],
)
def test_what_breaks_inside_the_model_is_told_in_plain_words(session, monkeypatch, part, error, wanted, told):
    from engine.memory.compressor import Compressor

    def breaks(*_, **__):
        raise error

    monkeypatch.setattr(Compressor, part, breaks)
    with pytest.raises(wanted, match=told):
        session.ask(QUESTION, emit=lambda _: None)
    monkeypatch.undo()
    assert session.ask(QUESTION, emit=lambda _: None).text


def test_stopping_from_another_thread_takes_less_than_a_second(session):
    cancel, started = CancelToken(), threading.Event()
    moments = {}

    def stop():
        started.wait(30)
        moments["stopped"] = time.perf_counter()
        cancel.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(Cancelled):
        session.ask(QUESTION, emit=lambda event: isinstance(event, events.FramesRead) and started.set(), cancel=cancel)
    assert time.perf_counter() - moments["stopped"] < 1.0
    thread.join()


def test_a_range_is_cut_inside_it_and_cites_only_there(session, settings):

    answer = session.ask(QUESTION, settings=replace(settings, range_seconds=(4.0, 8.0)), emit=lambda _: None)
    assert answer.segments[0].start_seconds == pytest.approx(4.0)
    assert answer.segments[-1].end_seconds == pytest.approx(8.0)
    assert answer.frames_sampled == 8


def test_a_question_needs_a_film_and_words(session, settings):
    with pytest.raises(QuestionError, match="no film"):
        Session(settings).ask(QUESTION, emit=lambda _: None)
    with pytest.raises(QuestionError, match="no question"):
        session.ask("  \n", emit=lambda _: None)


def test_a_budget_below_one_token_a_segment_is_refused_before_anything_is_read(session, settings):

    seen = []
    with pytest.raises(BudgetError, match=r"6 segments.*5 tokens"):
        session.ask(QUESTION, settings=replace(settings, budget=5), emit=seen.append)
    assert not kinds(seen, events.FramesRead)


def test_a_film_too_long_for_the_models_own_budget_is_sampled_less_often(tiny_tempo, short_film):
    meagre = altered(tiny_tempo, "meagre-tempo", tempo={**SMALL, "budget": 5})
    session = Session(Settings(model=str(meagre), device="cpu", max_new_tokens=2, keep_index=False))
    session.open(short_film, emit=lambda _: None)
    answer = session.ask(QUESTION, emit=lambda _: None)
    assert (len(answer.segments), answer.allocation.used, answer.model.max_frames) == (5, 5, 20)
    assert any(note.startswith("Only 20 frames were taken") for note in answer.notes)
    with pytest.raises(BudgetError):  # what a person asks for is not changed behind their back
        session.ask(QUESTION, settings=replace(session._settings, max_frames=24), emit=lambda _: None)
    session.close()


def test_a_film_that_is_none_leaves_the_open_one_alone(session, tmp_path):
    with pytest.raises(VideoError):
        session.open(tmp_path / "missing.mp4", emit=lambda _: None)
    assert session.ask(QUESTION, emit=lambda _: None).text


def test_a_model_that_is_none_is_told_in_one_sentence(session, settings, tmp_path):

    with pytest.raises(ModelError, match="nowhere"):
        session.ask(QUESTION, settings=replace(settings, model=str(tmp_path / "nowhere")), emit=lambda _: None)


def test_a_context_that_would_overflow_shrinks_the_budget_and_says_so(tiny_tempo, short_film):
    narrow = altered(tiny_tempo, "narrow-tempo", tempo=SMALL, tokenizer_model_max_length=300)
    session, seen = Session(Settings(model=str(narrow), device="cpu", max_new_tokens=8)), []
    session.open(short_film, emit=lambda _: None)
    answer = session.ask(QUESTION, emit=seen.append)
    note, _ = kinds(seen, events.NoteAdded)
    assert answer.notes == (note.text, CUT_SHORT)
    assert "shrank from 8192 to" in note.text
    assert answer.allocation.used < 300
    assert len(answer.segments) == 6  # the end of the film is still there


def test_the_record_has_the_keys_others_rely_on(session):
    record = to_json(session.ask(QUESTION, emit=lambda _: None))
    assert {key: set(value) for key, value in record.items() if isinstance(value, dict)} == {
        "video": {"path", "duration_seconds", "frames_sampled", "sample_fps"},
        "model": {"name", "device", "precision"},
        "budget": {"limit", "used", "k_min", "k_max"},
        "seconds": {"read", "index", "compress", "first_token", "total"},
    }
    assert set(record) >= {"question", "answer", "segments", "citations", "notes"}
    assert set(record["segments"][0]) == {"index", "start_seconds", "end_seconds", "relevance", "tokens"}


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), OutOfMemoryError),
        (MemoryError(), OutOfMemoryError),
        (ZeroDivisionError("division by zero"), TempoError),
    ],
)
def test_surprises_become_plain_sentences(error, wanted):
    with pytest.raises(wanted) as raised, in_plain_words():
        raise error
    assert raised.value.__cause__ is error
    assert raised.value.message.endswith(".")


def test_an_answer_that_is_cut_off_says_so(session, settings):

    cut = session.ask(QUESTION, settings=replace(settings, max_new_tokens=3), emit=lambda _: None)
    assert cut.notes.count(CUT_SHORT) == 1


def test_the_bundled_model_ends_its_answers_itself():
    from engine.evaluation.sample import SAMPLE

    session = Session(Settings(keep_index=False))
    session.open(SAMPLE, emit=lambda _: None)
    assert CUT_SHORT not in session.ask(WHEN, emit=lambda _: None).notes
    session.close()
