"""A hand that drags sees key frames at once and the exact picture where it rests or lets go; the clock follows it."""

import pytest
from films import make_film

LONG = 15_000


@pytest.fixture
def sparse(watched, tmp_path):
    """Ten seconds with a key frame every two."""
    return watched(make_film(tmp_path / "sparse.mp4", frames=100, rate=10, gop=20, size=(160, 96)))


def sent(it):
    """The moments Qt is sent to from here on."""
    moments, original = [], it.playback.projector.show
    it.playback.projector.show = lambda seconds: (moments.append(round(seconds, 3)), original(seconds))
    return moments


def test_while_the_hand_moves_only_key_frames_are_fetched(sparse, qtbot):
    moments = sent(sparse)
    for tenth in range(5, 95):
        sparse.playback.scrub(tenth / 10)
        if tenth % 10 == 0:
            qtbot.wait(10)
    assert set(moments) <= {0.0, 2.0, 4.0, 6.0, 8.0}
    assert len(moments) <= 19  # of 90: between two of nine waits one at once, within each the one that waited


def test_at_most_one_waits(sparse):
    moments = sent(sparse)
    for tenth in range(5, 95):
        sparse.playback.scrub(tenth / 10)
    assert moments == [2.0]  # half a second is nearer to 0, which is on screen; 1.1 s on, nobody had time to arrive
    assert sparse.playback._seeks.last.picture == 10.0 - 2.0


def test_the_clock_follows_the_hand_and_not_the_key_frames(sparse, qtbot):
    seen = []
    sparse.playback.moved.connect(seen.append)
    for tenth in (31, 33, 35):
        sparse.playback.scrub(tenth / 10)
        qtbot.wait(20)
    assert seen == [3.1, 3.3, 3.5]
    assert sparse.playback.wanted == 3.5


def test_where_the_hand_rests_the_exact_picture_comes(sparse, qtbot):
    sparse.playback.scrub(3.3)
    qtbot.waitUntil(lambda: sparse.number == 40, timeout=LONG)
    qtbot.waitUntil(lambda: sparse.number == 33, timeout=LONG)


def test_letting_go_is_exact_and_goes_on_playing(sparse, qtbot):
    sparse.playback.play()
    qtbot.waitUntil(lambda: sparse.number > 1, timeout=LONG)
    sparse.playback.scrub(7.1)
    assert not sparse.playback.playing
    sparse.numbers.clear()
    sparse.playback.scrub(7.5)
    sparse.playback.seek(7.5)
    assert sparse.playback.playing
    qtbot.waitUntil(lambda: 76 in sparse.numbers, timeout=LONG)
    exact = [number for number in sparse.numbers if number not in (60, 80)]
    assert exact[:2] == [75, 76]


def test_letting_go_while_held_stays_held(sparse, settled):
    sparse.playback.scrub(7.1)
    sparse.playback.seek(7.5)
    settled(sparse, 75)
    assert not sparse.playback.playing


def test_a_film_without_an_index_is_scrubbed_by_what_can_be_reached(watched, settled, tmp_path):
    it = watched(make_film(tmp_path / "recording.ts", frames=60, rate=10, gop=12, size=(160, 96)))
    it.playback.scrub(3.3)
    settled(it, 24)
