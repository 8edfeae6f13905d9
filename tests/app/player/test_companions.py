"""Chapters and subtitles are read on other threads, and those of a film that was left are never heard of."""

import logging

import pytest
from films import make_film
from rich_films import Words, make_rich_film

from app.player.companions import Companions, language_of
from engine.ingest.video import open_video

LONG = 15_000
MANY = [(n * 0.02, n * 0.02 + 0.01, f"line {n}", "Default") for n in range(400)]


@pytest.fixture
def companions(qapp):
    made = Companions()
    yield made
    assert made.shutdown()


@pytest.fixture(scope="session")
def talking(tmp_path_factory):
    path = make_rich_film(
        tmp_path_factory.mktemp("talking") / "talking.mkv", chapters=[(0, 10, "All")], subtitles=[Words(MANY)]
    )
    return open_video(path).info


def test_all_cues_arrive_in_pieces_and_the_end_is_told(companions, qtbot, talking):
    with qtbot.waitSignals([companions.chapters_known, companions.tracks_known], timeout=LONG):
        companions.set_film(talking)
    pieces = []
    companions.cues_read.connect(lambda source, cues, more: pieces.append((source, len(cues), more)))
    companions.read_track(1)
    qtbot.waitUntil(lambda: bool(pieces) and not pieces[-1][2], timeout=LONG)
    assert sum(count for _, count, _ in pieces) == 400
    assert len(pieces) > 3
    assert {source for source, _, _ in pieces} == {1}


def test_nothing_is_heard_of_the_film_before(companions, qtbot, talking, tmp_path):
    heard = []
    for signal in (companions.chapters_known, companions.tracks_known, companions.cues_read):
        signal.connect(lambda *what: heard.append(what))
    companions.set_film(talking)
    companions.read_track(1)
    companions.set_film(open_video(make_film(tmp_path / "plain.mp4")).info)
    with qtbot.waitSignal(companions.tracks_known, timeout=LONG):
        pass
    qtbot.wait(200)
    assert heard == [((),), ((), ())]


@pytest.mark.parametrize("source", ["track of pictures", "no file"])
def test_what_cannot_be_read_is_one_sentence(companions, qtbot, talking, tmp_path, source):
    companions.set_film(talking)
    with qtbot.waitSignal(companions.failed, timeout=LONG) as caught:
        companions.read_track(0) if source == "track of pictures" else companions.read_file(tmp_path / "gone.srt")
    assert caught.args[1].endswith(".")


def test_an_error_nobody_thought_of_is_told_too(companions, qtbot, talking, logged_errors):
    companions.set_film(talking)
    with qtbot.waitSignal(companions.failed, timeout=LONG) as caught:
        companions.read_track(99)
    assert caught.args == [99, "These subtitles cannot be read."]
    assert logged_errors.records.pop().levelno == logging.ERROR


def test_shutting_down_in_the_middle_is_quick(qapp, talking):
    companions = Companions()
    companions.set_film(talking)
    companions.read_track(1)
    assert companions.shutdown()


@pytest.mark.parametrize(
    ("code", "name"), [("eng", "English"), ("de", "German"), ("pt-BR", "Portuguese"), ("en.forced", "English"),
                       ("xx", "AnyLanguage"), ("", "AnyLanguage")]
)  # fmt: skip
def test_languages_as_files_write_them(code, name):
    assert language_of(code).name == name
