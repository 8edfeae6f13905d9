"""Cuts on a thread of their own: they arrive while they are found, rest during a question, end with the film."""

import os
import sys
import threading

import pytest
from shot_films import CUTS, FIXED, shots, write

from app import cut_finder
from app.cut_finder import CutFinder
from app.timeline.content import Cuts
from engine.errors import VideoError
from engine.ingest import cuts
from engine.ingest.video import open_video

LONG = 20_000  # milliseconds; only a failure waits that long


@pytest.fixture(scope="module")
def cut_film(tmp_path_factory):
    return write(tmp_path_factory.mktemp("films") / "cut.mp4", shots(), options=FIXED)


@pytest.fixture
def finder(qtbot):
    finder = CutFinder()
    finder.heard = []
    finder.changed.connect(finder.heard.append)
    yield finder
    finder.rest(False)
    assert finder.shutdown()


def ended(finder):
    return bool(finder.heard) and not finder.heard[-1].searching and finder.heard[-1] != Cuts()


def test_cuts_arrive_while_they_are_found(finder, qtbot, cut_film, monkeypatch):
    monkeypatch.setattr(cut_finder, "_TELL_SECONDS", 0.0)
    finder.set_film(open_video(cut_film))
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    assert finder.heard[-1].seconds == pytest.approx(CUTS, abs=0.002)
    assert finder.heard[-1].share == 1.0
    under_way = [cuts for cuts in finder.heard[:-1] if cuts.searching]
    assert len({cuts.seconds for cuts in under_way}) > 3
    shares = [cuts.share for cuts in under_way]
    assert shares == sorted(shares)


def test_it_rests_while_a_question_is_answered(finder, qtbot, cut_film, monkeypatch):
    monkeypatch.setattr(cut_finder, "_TELL_SECONDS", 0.0)
    finder.rest(True)
    finder.set_film(open_video(cut_film))
    qtbot.wait(400)
    assert not ended(finder)
    assert max(cuts.share for cuts in finder.heard) < 0.3
    finder.rest(False)
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)


def test_nothing_of_the_film_before_arrives(finder, qtbot, cut_film, tmp_path):
    finder.set_film(open_video(cut_film))
    finder.set_film(open_video(write(tmp_path / "one.mp4", shots((60,)))))
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    qtbot.wait(300)
    assert finder.heard[-1] == Cuts(share=1.0)


def test_nothing_is_searched_that_nobody_looks_at(finder, qtbot, cut_film):
    finder.set_wanted(False)
    finder.set_film(open_video(cut_film))
    qtbot.wait(200)
    assert finder.heard == [Cuts()]
    finder.set_wanted(True)
    finder.set_wanted(True)
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    assert sum(cuts == Cuts(searching=True) for cuts in finder.heard) == 1


def test_a_film_that_is_gone_is_a_sentence(finder, qtbot, tmp_path):
    path = write(tmp_path / "gone.mp4", shots(), options=FIXED)
    film = open_video(path)
    path.unlink()
    finder.set_film(film)
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    assert "There is no file" in finder.heard[-1].trouble


def test_an_end_in_the_middle_is_quick(finder, qtbot, cut_film):
    finder.rest(True)
    finder.set_film(open_video(cut_film))
    qtbot.wait(50)
    assert finder.shutdown()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems lower a thread's priority through Qt")
def test_its_thread_yields_to_all_others(finder, qtbot, cut_film, monkeypatch):
    nice = []

    def searched(film, *, cancel):
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        raise VideoError("enough")
        yield

    monkeypatch.setattr(cuts, "find_cuts", searched)
    finder.set_film(open_video(cut_film))
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    assert nice == [19]
    assert os.getpriority(os.PRIO_PROCESS, 0) < 19
