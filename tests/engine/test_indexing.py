"""Indexing: ahead of questions, overtaken by them, kept on disk, equal whatever is ready, however small the batches."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from crash import crash_while_indexing
from films import make_film
from sample_film import WHEN

from engine import events
from engine.cancel import CancelToken
from engine.errors import Cancelled, OutOfMemoryError, QuestionError
from engine.memory.store import Store
from engine.session import Session
from engine.settings import Settings
from engine.shelf import Shelf
from engine.tiers import Limits

QUESTION = "When does the square appear?"
ROOT = Path(__file__).parents[2]


def kinds(seen, kind):
    return [event for event in seen if isinstance(event, kind)]


def nothing(_):
    return None


@pytest.fixture
def settings(small_tempo):
    return Settings(model=str(small_tempo), device="cpu", max_new_tokens=8)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", 10**9)


@pytest.fixture
def open_session(settings, short_film, store):
    """Open sessions on the short film and the same store; they are closed at the end."""
    opened = []

    def start(**given):
        session = Session(given.pop("settings", settings), store=given.pop("store", store), **given)
        session.open(short_film, emit=nothing)
        opened.append(session)
        return session

    yield start
    for session in opened:
        session.close()


def outcome(answer):
    return answer.text, answer.allocation, answer.citations, answer.evidence


def test_indexing_tells_what_is_ready_and_a_question_then_reads_nothing(open_session):
    session, seen = open_session(), []
    assert list(session.index(emit=seen.append)) == [1, 5, 6]
    found = kinds(seen, events.IndexFound)[0]
    assert (len(found.segments), found.ready) == (6, ())
    assert sorted(event.segment for event in kinds(seen, events.SegmentIndexed)) == list(range(6))
    assert isinstance(seen[-1], events.IndexCompleted)
    asked = []
    session.ask(QUESTION, emit=asked.append)
    assert not kinds(asked, events.FramesRead)


def test_a_film_indexed_already_is_ready_at_once(open_session):
    list(open_session().index(emit=nothing))
    seen = []
    assert list(open_session().index(emit=seen.append)) == []
    assert kinds(seen, events.IndexFound)[0].ready == tuple(range(6))


def test_what_was_interrupted_goes_on_where_it_was(open_session):
    steps = open_session().index(emit=nothing)
    assert [next(steps), next(steps)] == [1, 5]
    steps.close()
    seen = []
    assert list(open_session().index(emit=seen.append)) == [6]
    assert kinds(seen, events.FramesRead)[-1].total == 4


def test_answers_from_a_warm_store_are_those_without_one(open_session, settings):
    plain = open_session(settings=replace(settings, keep_index=False)).ask(QUESTION, emit=nothing)
    cold = open_session().ask(QUESTION, emit=nothing)
    seen = []
    warm = open_session().ask(QUESTION, emit=seen.append)
    assert not kinds(seen, events.FramesRead)
    for answer in (cold, warm):
        assert outcome(answer) == outcome(plain)
        assert answer.scores == pytest.approx(plain.scores, abs=1e-5)


@pytest.mark.parametrize("question", [WHEN, "What appears at 18 seconds?"])
def test_the_bundled_model_answers_alike_from_a_warm_store(store, question):
    """Every way to the same answer: nothing kept; kept while answering; indexed first; on disk only."""
    answers, read = [], []
    for keep, indexed in ((False, False), (True, False), (True, True), (True, False)):
        session = Session(Settings(keep_index=keep), store=store)
        session.open(ROOT / "assets" / "sample.mp4", emit=nothing)
        if indexed:
            store.clear()
            assert len(list(session.index(emit=nothing))) > 1
        seen = []
        answers.append(session.ask(question, emit=seen.append))
        read.append(bool(kinds(seen, events.FramesRead)))
        session.close()
    assert read == [True, True, False, False]
    for answer in answers[1:]:
        assert outcome(answer) == outcome(answers[0])
        assert answer.scores == pytest.approx(answers[0].scores, abs=1e-5)


def test_a_question_takes_what_is_ready_first(open_session):
    session = open_session()
    steps = session.index(emit=nothing)
    next(steps)
    next(steps)
    steps.close()
    for place in (0, 2):  # as if another process had evicted them
        for path in session._shelf.film._disk.folder.glob(f"{place:05d}.*"):
            path.unlink()
    seen = []
    session = open_session()
    answer = session.ask(QUESTION, emit=seen.append)
    order = [event.segment for event in kinds(seen, events.SegmentScored)]
    assert order == [1, 3, 4, 0, 2, 5]
    scored = [event.scored for event in kinds(seen, events.BudgetAllocated)]
    assert scored[-1] == (0, 1, 2, 3, 4, 5)
    assert scored[0] == (1,)
    plain = Session(session._settings, store=None)
    plain.open(answer.video.path, emit=nothing)
    fresh = plain.ask(QUESTION, settings=replace(session._settings, keep_index=False), emit=nothing)
    assert outcome(answer) == outcome(fresh)
    assert answer.scores == pytest.approx(fresh.scores, abs=1e-5)


def test_a_damaged_segment_is_read_again(open_session):
    first = open_session().ask(QUESTION, emit=nothing)
    session = open_session()
    list(session.index(emit=nothing))
    path = session._shelf.film._disk.folder / "00003.prefix.safetensors"
    path.write_bytes(path.read_bytes()[:-8])
    seen = []
    again = open_session().ask(QUESTION, emit=seen.append)
    assert kinds(seen, events.FramesRead)[-1].total == 4
    assert outcome(again) == outcome(first)


def test_a_question_stops_indexing_and_indexing_goes_on_after_it(open_session):
    session, cancel, seen = open_session(), CancelToken(), []
    steps = session.index(emit=nothing, cancel=cancel)
    next(steps)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(steps)
    assert session.ask(QUESTION, emit=seen.append).text
    assert kinds(seen, events.SegmentScored)[0].segment == 0
    assert list(session.index(emit=nothing)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"max_frames": 16},
        {"sample_fps": 1.0},
        {"range_seconds": (2.0, 8.0)},
        {"precision": "bf16"},
    ],
)
def test_another_way_of_looking_has_an_index_of_its_own(open_session, settings, change):
    list(open_session().index(emit=nothing))
    seen = []
    list(open_session(settings=replace(settings, **change)).index(emit=seen.append))
    assert kinds(seen, events.IndexFound)[0].ready == ()


def test_a_film_that_changed_is_read_anew(open_session, settings, short_film, store, tmp_path):
    copy = tmp_path / "copy.mp4"
    shutil.copy(short_film, copy)

    def ready():
        session, seen = Session(settings, store=store), []
        session.open(copy, emit=nothing)
        list(session.index(emit=seen.append))
        session.close()
        return kinds(seen, events.IndexFound)[0].ready

    assert ready() == ()
    assert len(ready()) == 6
    make_film(copy, frames=144, rate=12, size=(64, 48))
    assert ready() == ()


def test_a_full_disk_is_a_note_and_the_question_is_answered(open_session, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.memory.store.save_file", full)
    answer = open_session().ask(QUESTION, emit=nothing)
    assert answer.text
    note = "The index cannot be kept on disk: No space left on device. Questions are answered without it."
    assert answer.notes.count(note) == 1


def test_a_store_that_cannot_be_made_is_a_note(open_session, tmp_path):
    (tmp_path / "file").write_text("in the way")
    answer = open_session(store=Store(tmp_path / "file", 10**9)).ask(QUESTION, emit=nothing)
    assert any("cannot be kept on disk" in note for note in answer.notes)


def test_memory_that_runs_short_halves_the_batches_and_says_so(open_session, monkeypatch, settings):
    from engine.memory.compressor import Compressor

    plain = open_session(settings=replace(settings, keep_index=False)).ask(QUESTION, emit=nothing)
    look, sizes = Compressor.look, []

    def small_card(self, batch, *, cancel=None):
        sizes.append(len(batch))
        if len(batch) > 1:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return look(self, batch, cancel=cancel)

    monkeypatch.setattr(Compressor, "look", small_card)
    answer = open_session(settings=replace(settings, micro_batch=4, keep_index=False)).ask(QUESTION, emit=nothing)
    assert sizes == [1, 4, 2, 1, 1, 1, 1, 1]
    assert outcome(answer) == outcome(plain)
    assert "Memory ran short: 1 segment at a time instead of more." in answer.notes


def test_memory_that_holds_not_even_one_segment_is_an_error(open_session, monkeypatch):
    from engine.memory.compressor import Compressor

    def no_card(*_, **__):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")

    monkeypatch.setattr(Compressor, "look", no_card)
    with pytest.raises(OutOfMemoryError):
        open_session().ask(QUESTION, emit=nothing)


def test_indexing_needs_a_film(settings):
    with pytest.raises(QuestionError, match="no film"):
        next(Session(settings).index(emit=nothing))


def test_two_processes_index_one_film_at_once(settings, short_film, tmp_path):
    command = [sys.executable, "main.py", "index", str(short_film), "--model", settings.model]
    environment = {**os.environ, "TEMPO_DESK_CACHE": str(tmp_path / "shared")}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0, 0], told
    assert all("6 of 6 segments ready" in out for out, _ in told)


def test_kill_9_at_any_moment_leaves_a_store_that_opens(settings, short_film, tmp_path):
    """The same as `python tests/crash.py --times 50`, with a smaller count."""
    report = crash_while_indexing(short_film, settings.model, tmp_path / "store", times=4, seed=3)
    assert report.corrupt == 0
    assert report.midway >= 1
    assert report.ready == report.segments == 6


def test_a_shelf_on_the_device_goes_before_the_one_in_host_memory():
    import torch

    from engine.memory.features import Features
    from engine.memory.prefix import Prefix

    def one(segment):
        keys = (torch.zeros(2, 5, 4),)
        return Prefix(segment, keys, keys, 9), Features(segment, (1, 2, 2), torch.zeros(1, 4), ())

    size = one(0)[0].nbytes
    shelf, _ = Shelf(Limits(device=2 * size + 100, host=10 * size)).of("film", segments=4, device="meta")
    for segment in range(4):
        shelf.put(*one(segment))
    assert [shelf.get(segment).keys[0].device.type for segment in range(4)] == ["meta", "meta", "cpu", "cpu"]


def test_a_disk_that_fails_after_a_while_leaves_questions_whole(open_session, monkeypatch):
    """Some segments are on disk and in no memory when the disk begins to refuse."""
    from engine.memory import store as store_module

    session, written, save = open_session(shelf=Shelf(Limits(0, 0))), [], store_module.save_file

    def full_after_two(*arguments, **named):
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(arguments)
        return save(*arguments, **named)

    monkeypatch.setattr(store_module, "save_file", full_after_two)
    first = session.ask(QUESTION, emit=nothing)
    again = session.ask(QUESTION, emit=nothing)
    assert len(written) == 2
    assert outcome(again) == outcome(first)
    assert len(again.scores) == 6


@pytest.mark.parametrize("lost", [(0,), (3,), tuple(range(6))])
def test_segments_that_another_process_evicts_are_read_again(open_session, lost):
    session = open_session(shelf=Shelf(Limits(0, 0)))
    first = session.ask(QUESTION, emit=nothing)
    for place in lost:
        for path in session._shelf.film._disk.folder.glob(f"{place:05d}.*"):
            path.unlink()
    seen = []
    again = session.ask(QUESTION, emit=seen.append)
    assert outcome(again) == outcome(first)
    assert kinds(seen, events.FramesRead)[-1].total == 4 * len(lost)
    assert [event.done for event in kinds(seen, events.SegmentScored)] == [1, 2, 3, 4, 5, 6]


def test_features_in_memory_serve_when_the_better_prefix_on_disk_is_gone(open_session):
    session = open_session()
    list(session.index(emit=nothing))
    nbytes = session._shelf.film.nbytes
    session = open_session(shelf=Shelf(Limits(0, nbytes * 9 // 60)), store=Store(session._store.folder / "b", 10**9))
    list(session.index(emit=nothing))
    shelf = session._shelf.film
    held = [place for place in range(6) if place in shelf._tiers[0].held]
    assert held
    assert {shelf.kind(place) for place in held} == {"prefix"}  # on disk
    session._store.clear()
    seen = []
    assert len(session.ask(QUESTION, emit=seen.append).scores) == 6
    assert kinds(seen, events.FramesRead)[-1].total == 4 * (6 - len(held))


def test_work_for_another_cut_of_the_film_goes_nowhere_wrong(open_session, settings):
    """An index generator that is resumed after a question about a range must not write into the range's index."""
    session = open_session()
    steps = session.index(emit=nothing)
    next(steps)
    ranged = replace(settings, range_seconds=(4.0, 12.0))
    first = session.ask(QUESTION, settings=ranged, emit=nothing)
    list(steps)
    again = session.ask(QUESTION, settings=ranged, emit=nothing)
    fresh = open_session(settings=replace(ranged, keep_index=False)).ask(QUESTION, emit=nothing)
    assert outcome(again) == outcome(first) == outcome(fresh)


def test_indexing_ends_where_nothing_more_can_be_kept(open_session, settings):
    session, seen = open_session(settings=replace(settings, keep_index=False), shelf=Shelf(Limits(0, 0))), []
    assert list(session.index(emit=seen.append)) == [0]
    completed = kinds(seen, events.IndexCompleted)[0]
    assert (completed.ready, completed.segments) == (0, 6)
    assert kinds(seen, events.FramesRead)[-1].done < 24


def test_a_question_that_keeps_nothing_writes_nothing(open_session, settings, store):
    session = open_session()
    session.ask(QUESTION, settings=replace(settings, keep_index=False), emit=nothing)
    assert store.entries() == []
    session.ask(QUESTION, emit=nothing)
    assert store.entries()[0].prefixes == 6


def test_in_8_bits_the_second_answer_is_the_first(open_session, settings):
    eight = replace(settings, prefix_bits=8)
    nbytes = {}
    for limits in (Limits(), Limits(0, 0), Limits(0, 60_000)):
        session = open_session(settings=replace(eight, keep_index=False), shelf=Shelf(limits))
        first, again = (session.ask(QUESTION, emit=nothing) for _ in range(2))
        assert outcome(again) == outcome(first)
        assert again.scores == pytest.approx(first.scores, abs=1e-6)
        nbytes[limits] = session._shelf.film.nbytes
    exact = open_session(settings=replace(settings, keep_index=False))
    exact.ask(QUESTION, emit=nothing)
    assert nbytes[Limits()] < 0.3 * exact._shelf.film.nbytes  # of float32


def test_a_film_that_changes_while_it_is_indexed_is_kept_no_further(
    open_session, settings, short_film, store, tmp_path
):
    copy = tmp_path / "copy.mp4"
    shutil.copy(short_film, copy)
    session = Session(settings, store=store)
    session.open(copy, emit=nothing)
    steps = session.index(emit=nothing)
    next(steps)
    os.utime(copy, (1, 1))
    list(steps)
    assert store.entries()[0].prefixes == 1
    assert any("changed since it was opened" in note for note in session.index_notes)
    session.close()
