"""Pictures carry their number: a seek shows exactly the picture of that moment, by the film's own clock."""

import pytest
from films import bigbuckbunny, bikes, make_film, make_sound, phone_film
from rich_films import make_rich_film

from engine.ingest.video import open_video


@pytest.mark.parametrize("number", [0, 1, 37, 80, 119])
def test_a_seek_to_a_pictures_own_time_shows_that_picture(watched, settled, film, number):
    it = watched(film)
    it.playback.seek(number / 10)
    settled(it, number)
    assert it.playback.seconds == pytest.approx(number / 10, abs=0.001)


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4"])
def test_a_film_that_starts_late_still_starts_at_zero(watched, settled, tmp_path, name):
    it = watched(make_film(tmp_path / name, frames=60, rate=10, start=5.0, size=(160, 96)))
    it.playback.seek(2.0)
    settled(it, 20)
    assert it.playback.seconds == pytest.approx(2.0, abs=0.002)


@pytest.mark.parametrize("b_frames", [0, 2])
def test_in_a_transport_stream_seeks_and_steps_land_on_key_frames_and_say_their_time(
    watched, settled, tmp_path, b_frames
):
    path = make_film(tmp_path / "late.ts", frames=60, rate=10, start=5.0, gop=12, b_frames=b_frames, size=(160, 96))
    it = watched(path)
    for wish, number in ((2.0, 12), (5.9, 48), (2.4, 24), (0.3, 0), (3.7, 36)):
        it.playback.seek(wish)
        settled(it, number)
        assert it.playback.seconds == pytest.approx(number / 10, abs=0.002)
    it.playback.step(1)
    settled(it, 48)
    it.playback.step(-1)
    settled(it, 36)


def test_after_the_end_the_film_can_still_be_sought(watched, settled, qtbot, tmp_path):
    it = watched(make_film(tmp_path / "short.mp4", frames=5, rate=10, size=(160, 96)))
    it.playback.play()
    qtbot.waitUntil(lambda: it.playback.seconds > 0.2 and not it.playback.playing, timeout=15000)
    it.playback.seek(0.2)
    settled(it, 2)


def test_variable_rate(watched, settled, tmp_path):
    times = [0.0, 0.5, 0.6, 0.7, 2.0, 2.1, 4.0, 4.04, 4.5, 5.0]
    it = watched(make_film(tmp_path / "variable.mkv", times=times, size=(160, 96)))
    it.playback.seek(3.0)
    settled(it, 5)
    it.playback.seek(4.0)
    settled(it, 6)
    it.playback.step(1)
    settled(it, 7)
    it.playback.step(-1)
    settled(it, 6)
    it.playback.step(-1)
    settled(it, 5)


def test_stepping_goes_picture_by_picture(watched, settled, film):
    it = watched(film)
    it.playback.seek(4.0)
    settled(it, 40)
    for number in (41, 42, 43):
        it.playback.step(1)
        settled(it, number)
    for number in (42, 41):
        it.playback.step(-1)
        settled(it, number)


def test_of_many_seeks_the_last_wins_and_few_are_made(watched, settled, film):
    it = watched(film)
    begun = []
    original = it.playback.projector.show
    it.playback.projector.show = lambda seconds: (begun.append(seconds), original(seconds))
    for number in range(10, 110):
        it.playback.seek(number / 10)
    settled(it, 109)
    assert len(begun) == 2


def test_a_seek_before_the_film_is_loaded_is_kept(watched, qtbot, film):
    it = watched(film, known=False)
    it.playback.seek(7.0)
    qtbot.waitUntil(lambda: it.frame is not None and it.number == 70, timeout=15000)


def test_playing_moves_the_clock_and_pausing_holds_it(watched, qtbot, film):
    it = watched(film)
    seen = []
    it.playback.moved.connect(seen.append)
    it.playback.play()
    qtbot.waitUntil(lambda: it.playback.seconds > 0.5 and any(map(between_pictures, seen)), timeout=15000)
    it.playback.pause()
    assert seen == sorted(seen)
    qtbot.wait(150)
    held = it.playback.seconds
    qtbot.wait(150)
    assert it.playback.seconds == held


def between_pictures(seconds):
    """At ten pictures a second; a busy machine may skip many such moments, never all of them."""
    return 0.02 < seconds % 0.1 < 0.08


@pytest.mark.parametrize("kind", ["text", "missing"])
def test_what_cannot_be_played_is_said_in_one_sentence(watched, qtbot, tmp_path, kind):
    path = tmp_path / "not a film.mp4"
    if kind == "text":
        path.write_text("not a film")
    it = watched(path, known=False)
    qtbot.waitUntil(lambda: bool(it.errors), timeout=15000)
    assert it.errors[0].startswith("The player")
    assert it.errors[0].count(".") == 1


def test_sound_without_pictures_does_not_hang_seeks(watched, qtbot, tmp_path):
    it = watched(make_sound(tmp_path / "sound.m4a", seconds=4.0), known=False)
    qtbot.waitUntil(lambda: it.playback.loaded, timeout=15000)
    it.playback.seek(1.0)
    it.playback.seek(2.0)
    qtbot.waitUntil(lambda: it.playback.settled, timeout=15000)


@pytest.mark.parametrize(("start", "sounds"), [(0.0, 1), (5.0, 1), (0.0, 0)])
def test_sound_that_begins_before_the_film_shifts_no_picture(watched, settled, tmp_path, start, sounds):
    """AAC in Matroska begins with 23 ms to be skipped: the two FFmpegs count them differently."""
    path = make_rich_film(tmp_path / "late.mkv", frames=120, rate=60, start=start, sounds=[("", "")] * sounds)
    it = watched(path)
    for number in (60, 61, 7, 119):
        it.playback.seek(number / 60)
        settled(it, number)
        assert it.playback.seconds == pytest.approx(number / 60, abs=0.0015)


def test_a_seek_from_before_the_times_were_known_is_made_exact(watched, settled, qtbot, tmp_path):
    path = make_rich_film(tmp_path / "late.mkv", frames=120, rate=60, sounds=[("", "")])
    it = watched(path, known=False)
    it.playback.seek(1.0)
    qtbot.waitUntil(lambda: it.playback.loaded and it.playback.settled, timeout=15000)
    film = open_video(path)
    it.playback.know_times(film.seconds, None, film.keyframes)
    settled(it, 60)


@pytest.mark.parametrize("film_of", [phone_film, bikes, bigbuckbunny])
def test_every_picture_of_a_real_film_can_be_reached(watched, qtbot, film_of):
    path = film_of()
    known = open_video(path)
    it = watched(path)
    for number in range(len(known.seconds) - 1, -1, -max(len(known.seconds) // 12, 1)):
        it.playback.seek(float(known.seconds[number]))
        qtbot.waitUntil(lambda: it.playback.settled, timeout=15000)
        assert known.frame_at(it.playback.seconds + 0.001) == number
