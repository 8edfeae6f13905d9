"""Where Qt shows no picture, the engine's are shown: here of AV1, which Qt decodes on graphics cards only."""

from fractions import Fraction

import av
import pytest
from films import make_film, numbered_picture
from PySide6.QtMultimedia import QMediaPlayer
from rich_films import make_rich_film
from watching import number_of

import app.player.reading as reading_module
from app.player.projector import Projector
from app.player.reading import Pace, Reading

LONG = 15_000


@pytest.fixture(scope="session")
def av1(tmp_path_factory):
    """Four seconds of numbered pictures that Qt cannot show without a graphics card."""
    path = tmp_path_factory.mktemp("av1") / "numbered.mkv"
    return make_film(path, frames=80, rate=20, gop=20, size=(160, 96), codec="libsvtav1", options={"preset": "12"})


@pytest.fixture
def it(watched, av1, qtbot):
    made = watched(av1)
    if not made.playback.projector.standing_in:
        pytest.skip("this machine's Qt decodes AV1")
    return made


def test_the_pictures_are_there_and_it_is_said_once(watched, av1, qtbot):
    made = watched(av1, known=False)
    from engine.ingest.video import open_video

    noted = []
    made.playback.projector.noted.connect(noted.append)
    film = open_video(av1)
    assert film.info.codec == "av1"
    made.playback.know_film(film.info)
    made.playback.know_times(film.seconds, None, film.keyframes)
    qtbot.waitUntil(lambda: made.number == 0 and made.playback.settled, timeout=LONG)
    assert len(noted) == 1
    assert "AV1" in noted[0]
    assert made.errors == []


@pytest.mark.parametrize("number", [0, 1, 37, 79])
def test_seeks_are_exact(it, settled, number):
    it.playback.seek(number / 20)
    settled(it, number)
    assert it.playback.seconds == pytest.approx(number / 20, abs=0.002)


def test_steps_both_ways(it, settled):
    it.playback.seek(1.0)
    settled(it, 20)
    for number in (21, 22, 21, 20, 19):
        it.playback.step(1 if number > it.number else -1)
        settled(it, number)


def test_playing_shows_every_picture_in_time_and_ends(it, qtbot):
    it.numbers.clear()
    it.playback.seek(3.0)
    it.playback.play()
    qtbot.waitUntil(lambda: it.number == 79 and not it.playback.playing, timeout=LONG)
    first = it.numbers.index(60)
    assert len(set(range(60, 80)) - set(it.numbers[first:])) <= 4  # a busy machine may miss some


def test_pausing_holds_and_going_on_goes_on(it, qtbot):
    it.playback.play()
    qtbot.waitUntil(lambda: it.number >= 5, timeout=LONG)
    it.playback.pause()
    qtbot.wait(100)
    held = it.number
    qtbot.wait(300)
    assert it.number == held
    it.numbers.clear()
    it.playback.play()
    qtbot.waitUntil(lambda: len(it.numbers) >= 3, timeout=LONG)
    assert held <= it.numbers[0] <= held + 2


def test_loops_and_spans(it, qtbot):
    it.playback.play_span(1.0, 1.5)
    qtbot.waitUntil(lambda: it.number == 29 and not it.playback.playing, timeout=LONG)
    it.playback.set_loop(0.5, 1.0)
    it.playback.seek(0.5)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=LONG)
    it.numbers.clear()
    it.playback.play()
    qtbot.waitUntil(lambda: it.numbers.count(10) >= 2, timeout=LONG)
    it.playback.pause()
    assert set(it.numbers) <= set(range(10, 20))


def test_speed(it, qtbot):
    import time

    it.playback.projector.set_speed(4.0)
    it.playback.play()
    qtbot.waitUntil(lambda: it.number > 4, timeout=LONG)
    begun, number = time.monotonic(), it.number
    qtbot.waitUntil(lambda: it.number > 60, timeout=LONG)
    assert (it.number - number) / 20 > 2 * (time.monotonic() - begun)


def test_dragging(it, qtbot, settled):
    for tenth in range(0, 38, 3):
        it.playback.scrub(tenth / 10)
        qtbot.wait(10)
    it.playback.seek(3.65)
    settled(it, 73)


def test_another_film_is_shown_by_qt_again(it, qtbot, film):
    projector = it.playback.projector
    it.playback.load(film)
    qtbot.waitUntil(lambda: it.playback.loaded, timeout=LONG)
    assert not projector.standing_in
    qtbot.waitUntil(lambda: it.number == 0, timeout=LONG)


def test_the_sound_goes_on_where_qt_knows_it(watched, qtbot, tmp_path):
    path = make_rich_film(tmp_path / "heard.mkv", frames=40, sounds=[("eng", "")], codec="libsvtav1")
    made = watched(path)
    if not made.playback.projector.standing_in:
        pytest.skip("this machine's Qt decodes AV1")
    made.playback.seek(1.0)
    made.playback.play()
    qtbot.waitUntil(lambda: made.number >= 15, timeout=LONG)
    assert made.playback.projector._player.position() / 1000 == pytest.approx(made.playback.seconds, abs=0.25)
    made.playback.pause()


def test_pictures_follow_the_sound_where_they_drift_apart(watched, qtbot, tmp_path, monkeypatch):
    made = watched(make_rich_film(tmp_path / "heard.mkv", frames=40, sounds=[("eng", "")], codec="libsvtav1"))
    projector = made.playback.projector
    if not projector.standing_in:
        pytest.skip("this machine's Qt decodes AV1")
    made.playback.play()
    qtbot.waitUntil(lambda: made.number >= 2, timeout=LONG)
    heard = projector._pace.now() + 0.5
    monkeypatch.setattr(Projector, "position", property(lambda _: heard))
    projector._watch()
    assert projector._pace.now() == pytest.approx(heard, abs=0.1)
    monkeypatch.setattr(Projector, "position", property(lambda _: 90.0))  # nobody believes that
    projector._watch()
    assert projector._pace.now() < heard + 1
    made.playback.pause()


def test_holding_and_going_on_opens_no_file_again(it, qtbot, monkeypatch):
    it.playback.play()
    qtbot.waitUntil(lambda: it.number >= 3, timeout=LONG)
    it.playback.pause()
    qtbot.wait(150)
    opened, original = [], reading_module._Stream
    monkeypatch.setattr(reading_module, "_Stream", lambda film, first: opened.append(first) or original(film, first))
    held = it.number
    it.playback.play()
    qtbot.waitUntil(lambda: it.number >= held + 3, timeout=LONG)
    it.playback.pause()
    it.playback.step(1)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=LONG)
    assert opened == []


def test_qt_that_loses_its_decoder_while_playing_is_replaced(watched, qtbot, tmp_path):
    made = watched(make_film(tmp_path / "long.mp4", frames=160, rate=20, size=(160, 96)))
    made.playback.play()
    qtbot.waitUntil(lambda: made.number >= 5, timeout=LONG)
    made.playback.projector._sink.videoFrameChanged.disconnect()  # as if no picture came any more
    qtbot.waitUntil(lambda: made.playback.projector.standing_in, timeout=LONG)
    qtbot.waitUntil(lambda: made.number >= 70, timeout=LONG)
    assert made.playback.playing


def test_qt_that_has_no_decoder_at_all_is_replaced(watched, qtbot, film):
    made = watched(film, known=False)
    from engine.ingest.video import open_video

    made.playback.know_film(open_video(film).info)
    projector = made.playback.projector
    projector._player.errorOccurred.emit(QMediaPlayer.Error.FormatError, "Cannot create codec")
    assert projector.standing_in
    assert made.errors == []


def test_damage_in_the_middle_is_noted_once_and_qt_plays_on(watched, film):
    made = watched(film)
    noted, projector = [], made.playback.projector
    projector.noted.connect(noted.append)
    for _ in range(3):
        projector._player.errorOccurred.emit(QMediaPlayer.Error.FormatError, "Invalid data")
    assert noted == ["Parts of this film are damaged: some pictures are missing."]
    assert not projector.standing_in
    assert made.errors == []


def test_a_reader_that_is_given_up_ends(av1, qtbot):
    reading = Reading(av1)
    shown = []
    reading.pictured.connect(lambda frame, start, end: shown.append(number_of(frame)))
    reading.go(0.0, on=True)
    reading.keep_pace(Pace(0.0, 0.0, 0.0))
    qtbot.waitUntil(lambda: shown == [0], timeout=LONG)  # a clock that stands still lets no other through
    assert reading.close()


@pytest.mark.parametrize(("ratio", "width"), [(Fraction(4, 3), 213), (Fraction(1, 2), 80)])
def test_pixels_that_are_not_square_are_made_square(tmp_path, qtbot, ratio, width):
    path = tmp_path / "wide.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.sample_aspect_ratio = ratio
        frame = av.VideoFrame.from_ndarray(numbered_picture(0, (160, 96)), format="rgb24")
        output.mux(stream.encode(frame.reformat(format="yuv420p")))
        output.mux(stream.encode())
    reading, shown = Reading(path), []
    reading.pictured.connect(lambda made, *_: shown.append(made.size().toTuple()))
    reading.go(0.0, on=False)
    qtbot.waitUntil(lambda: shown == [(width, 96)], timeout=LONG)
    assert reading.close()


def test_a_film_that_is_gone_is_one_sentence(tmp_path, qtbot):
    reading = Reading(tmp_path / "gone.mkv")
    with qtbot.waitSignal(reading.failed, timeout=LONG) as caught:
        reading.go(0.0, on=False)
    assert caught.args[0].count(".") == 1 + "gone.mkv".count(".")
    assert reading.close()
