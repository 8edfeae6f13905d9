"""Cuts by a process of their own: they arrive while they are found, rest during a question, end with the film."""

import subprocess
import sys
import time

import psutil
import pytest
from PySide6.QtCore import QProcess
from shot_films import CUTS, FIXED, shots, write

from app.cut_finder import CutFinder
from app.timeline.content import Cuts
from engine.cut_process import packed
from engine.ingest.video import open_video

LONG = 20_000  # milliseconds; only a failure waits that long


@pytest.fixture(scope="module")
def cut_film(tmp_path_factory):
    return write(tmp_path_factory.mktemp("films") / "cut.mp4", shots(), options=FIXED)


@pytest.fixture
def finder(qtbot):
    finder = CutFinder(later_milliseconds=0)
    finder.heard = []
    finder.changed.connect(finder.heard.append)
    yield finder
    finder.rest(False)
    assert finder.shutdown()


def ended(finder):
    return bool(finder.heard) and not finder.heard[-1].searching and finder.heard[-1] != Cuts()


def running(finder):
    return finder.process is not None and finder.process.state() == QProcess.ProcessState.Running


def test_cuts_arrive_and_the_end_is_told(finder, qtbot, cut_film):
    finder.set_film(open_video(cut_film))
    assert finder.heard[-1] == Cuts(searching=True)
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    assert finder.heard[-1].seconds == pytest.approx(CUTS, abs=0.002)
    assert finder.heard[-1].share == 1.0
    qtbot.waitUntil(lambda: finder.process is None, timeout=LONG)


def test_it_rests_while_a_question_is_answered(finder, qtbot, cut_film):
    finder.rest(True)
    finder.set_film(open_video(cut_film))
    qtbot.wait(1500)
    assert not ended(finder)
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


def test_an_end_in_the_middle_is_quick_and_leaves_nothing(finder, qtbot, cut_film):
    finder.rest(True)
    finder.set_film(open_video(cut_film))
    qtbot.waitUntil(lambda: running(finder), timeout=LONG)
    number = finder.process.processId()
    begun = time.monotonic()
    assert finder.shutdown()
    assert time.monotonic() - begun < 0.5
    assert not psutil.pid_exists(number)


def test_a_search_that_breaks_is_a_sentence(finder, qtbot, cut_film):
    finder.rest(True)
    finder.set_film(open_video(cut_film))
    qtbot.waitUntil(lambda: running(finder), timeout=LONG)
    psutil.Process(finder.process.processId()).kill()
    qtbot.waitUntil(lambda: ended(finder), timeout=LONG)
    assert finder.heard[-1].trouble == "Cuts could not be looked for in this film"


def test_the_process_yields_to_all_others(finder, qtbot, cut_film, monkeypatch):
    monkeypatch.setattr(CutFinder, "hurry", False)
    finder.rest(True)
    finder.set_film(open_video(cut_film))
    qtbot.waitUntil(lambda: running(finder), timeout=LONG)
    process = psutil.Process(finder.process.processId())
    lowest = psutil.IDLE_PRIORITY_CLASS if sys.platform == "win32" else 19
    qtbot.waitUntil(lambda: process.nice() == lowest, timeout=LONG)


def test_the_process_ends_with_whoever_began_it(cut_film):
    """As after a crash of the window: nobody is left at the other end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.cut_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdin.write(packed(open_video(cut_film)) + b"rest\n")
    process.stdin.flush()
    time.sleep(0.5)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(20) == 1
    process.stdout.close()
