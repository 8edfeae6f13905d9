"""What is played between two moments: each picture of it, none before and none after."""

import pytest
from films import make_film

from app.player.bounds import Bounds

LONG = 15_000


@pytest.fixture
def it(watched, tmp_path):
    return watched(make_film(tmp_path / "plain.mp4", frames=60, rate=20, gop=10, size=(160, 96), audio_seconds=3.0))


def held(qtbot, it):
    qtbot.waitUntil(lambda: not it.playback.playing and it.playback.settled, timeout=LONG)


def test_a_span_is_played_to_its_last_picture_and_no_further(it, qtbot):
    it.numbers.clear()
    it.playback.play_span(1.0, 1.5)
    held(qtbot, it)
    assert sorted(set(it.numbers)) == list(range(20, 30))
    assert it.playback.seconds == pytest.approx(1.45, abs=0.001)
    assert it.playback.limits.now.span is None


def test_playing_on_after_a_span_goes_past_its_end(it, qtbot):
    it.playback.play_span(1.0, 1.2)
    held(qtbot, it)
    it.numbers.clear()
    it.playback.play()
    qtbot.waitUntil(lambda: it.number >= 28, timeout=LONG)
    assert {24, 25, 26, 27} <= set(it.numbers)


def test_a_span_that_ends_with_the_film(it, qtbot):
    it.playback.play_span(2.8, 3.5)
    held(qtbot, it)
    qtbot.waitUntil(lambda: it.playback.limits.now.span is None, timeout=LONG)
    assert it.number == 59


def test_a_seek_out_of_the_span_ends_it_and_one_inside_does_not(it, qtbot):
    it.playback.play_span(1.0, 2.0)
    it.playback.seek(1.5)
    assert it.playback.limits.now.span == (1.0, 2.0)
    it.playback.seek(0.5)
    assert it.playback.limits.now.span is None
    it.playback.pause()


def test_a_loop_shows_its_pictures_again_and_again(it, qtbot):
    it.playback.set_loop(0.5, 1.0)
    it.playback.seek(0.5)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=LONG)
    it.numbers.clear()
    it.playback.play()
    qtbot.waitUntil(lambda: it.numbers.count(10) >= 3, timeout=LONG)
    it.playback.pause()
    assert set(it.numbers) <= set(range(10, 20))
    rounds = "".join("|" if number == 10 else "." for number in it.numbers).split("|")[1:-1]
    assert rounds
    assert all(len(pictures) >= 8 for pictures in rounds), it.numbers


def test_a_loop_over_the_end_of_the_film(it, qtbot):
    it.playback.set_loop(2.7, 3.0)
    it.playback.seek(2.7)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=LONG)
    it.numbers.clear()
    it.playback.play()
    qtbot.waitUntil(lambda: it.numbers.count(55) >= 2, timeout=LONG)
    it.playback.pause()
    assert min(it.numbers) >= 54


def test_in_a_film_without_an_index_a_span_holds_where_it_ends(watched, qtbot, tmp_path):
    made = watched(make_film(tmp_path / "recording.ts", frames=60, rate=20, gop=20, size=(160, 96)))
    made.playback.play_span(1.0, 1.6)
    held(qtbot, made)
    assert 30 <= made.number <= 31


@pytest.mark.parametrize("what", ["loop", "span"])
def test_a_film_that_ends_sooner_than_thought_ends_there(it, qtbot, what):
    if what == "loop":
        it.playback.set_loop(1.0, 2.9)
    it.playback.seek(2.0)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=LONG)
    if what == "span":
        it.playback.play_span(2.0, 2.9)
    it.playback.projector.ended.emit()  # as Qt does at the end of what it finds in the file
    held(qtbot, it) if what == "span" else qtbot.waitUntil(lambda: it.number == 20, timeout=LONG)
    assert it.playback.limits.now.span is None
    assert it.playback.playing == (what == "loop")
    it.playback.pause()


def test_behind_its_end_a_loop_does_nothing(it, qtbot):
    it.playback.set_loop(0.2, 0.5)
    it.playback.seek(1.0)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=LONG)
    it.numbers.clear()
    it.playback.play()
    qtbot.waitUntil(lambda: it.number >= 30, timeout=LONG)
    it.playback.pause()
    assert min(it.numbers) >= 20


def test_a_picture_that_outlasts_the_end_is_not_waited_for(watched, qtbot, tmp_path):
    slides = watched(make_film(tmp_path / "slides.mkv", times=[0.0, 0.2, 4.0, 4.2], size=(160, 96)))
    slides.playback.play_span(0.0, 0.6)
    with qtbot.waitSignal(slides.playback.playing_changed, timeout=2000):
        pass
    held(qtbot, slides)
    assert slides.number == 1


def test_the_loop_key_marks_the_picture_on_screen_inclusively(it, qtbot, settled):
    for seconds, loop in ((1.0, (1.0, None)), (1.5, (1.0, pytest.approx(1.55))), (1.5, None)):
        it.playback.seek(seconds)
        settled(it, round(seconds * 20))
        it.playback.mark_loop()
        assert it.playback.limits.now.loop == loop


def test_an_end_before_the_beginning_begins_anew():
    assert Bounds(loop=(5.0, None)).marked(2.0, 2.1).loop == (2.0, None)


def test_a_loop_that_holds_nothing_is_none():
    assert Bounds().looped(2.0, 2.0).loop is None
    assert Bounds().looped(3.0, 2.0).loop == (2.0, 3.0)
