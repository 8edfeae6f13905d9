"""Pictures on wish: the newest glance counts, other wishes are all kept, a key frame stands in and is told as such."""

import numpy as np
import pytest
from films import make_film, picture_number
from PySide6.QtGui import QImage

from app.thumbnails import Thumbnails

LONG = 20_000  # milliseconds; only a failure waits that long
RATE = 25


@pytest.fixture(scope="module")
def long_gop(tmp_path_factory):
    """Twelve seconds with a key frame every ten."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    return make_film(path, frames=300, rate=RATE, gop=250, b_frames=2, size=(320, 180))


@pytest.fixture
def thumbnails(qtbot):
    thumbnails = Thumbnails()
    yield thumbnails
    assert thumbnails.shutdown()


@pytest.fixture
def told(thumbnails):
    found = {"ready": [], "rough": []}
    thumbnails.ready.connect(lambda seconds, picture: found["ready"].append((seconds, number(picture))))
    thumbnails.rough.connect(lambda seconds, picture: found["rough"].append((seconds, number(picture))))
    return found


def number(picture: QImage) -> int:
    picture = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(bytes(picture.constBits()), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return picture_number(rows[:, : 3 * picture.width()].reshape(picture.height(), picture.width(), 3))


def opened(thumbnails, path, qtbot):
    known = []
    thumbnails.film_known.connect(known.append)
    thumbnails.set_film(path)
    qtbot.waitUntil(lambda: len(known) == 1, timeout=LONG)
    return known[0]


def test_a_key_frame_stands_in_and_the_exact_picture_follows(thumbnails, told, qtbot, long_gop):
    opened(thumbnails, long_gop, qtbot)
    thumbnails.glance(8.0)
    qtbot.waitUntil(lambda: len(told["ready"]) == 1, timeout=LONG)
    assert told == {"rough": [(8.0, 0)], "ready": [(8.0, 200)]}


def test_near_its_key_frame_there_is_no_rough_picture(thumbnails, told, qtbot, long_gop):
    opened(thumbnails, long_gop, qtbot)
    thumbnails.glance(10.05)
    qtbot.waitUntil(lambda: len(told["ready"]) == 1, timeout=LONG)
    assert told == {"rough": [], "ready": [(10.05, 251)]}


def test_only_the_newest_glance_is_read_to_its_end(thumbnails, told, qtbot, long_gop):
    opened(thumbnails, long_gop, qtbot)
    for picture in range(40, 240):
        thumbnails.glance(picture / RATE)
        qtbot.wait(1) if picture % 20 == 0 else None
    qtbot.waitUntil(lambda: (239 / RATE, 239) in told["ready"], timeout=LONG)
    assert len(told["ready"]) < 60
    assert all(round(seconds * RATE) == picture for seconds, picture in told["ready"])


def test_glances_do_not_disturb_other_wishes(thumbnails, told, qtbot, long_gop):
    opened(thumbnails, long_gop, qtbot)
    wished = [picture / RATE for picture in (30, 60, 90, 120)]
    for seconds in wished:
        thumbnails.want(seconds)
        thumbnails.glance(seconds + 1)
    qtbot.waitUntil(lambda: {seconds for seconds, _ in told["ready"]} >= {*wished, 5.8}, timeout=LONG)


def test_a_picture_read_once_comes_at_once_for_every_moment_it_is_on_show(thumbnails, told, qtbot, long_gop):
    opened(thumbnails, long_gop, qtbot)
    thumbnails.want(4.0)
    qtbot.waitUntil(lambda: len(told["ready"]) == 1, timeout=LONG)
    thumbnails.glance(4.03)
    thumbnails.want(4.01)
    assert told["ready"] == [(4.0, 100), (4.03, 100), (4.01, 100)]


def test_a_glance_before_the_film_is_open_is_answered(thumbnails, told, qtbot, long_gop):
    thumbnails.set_film(long_gop)
    for seconds in (1.0, 2.0, 3.0):
        thumbnails.glance(seconds)
    qtbot.waitUntil(lambda: (3.0, 75) in told["ready"], timeout=LONG)


def test_nothing_of_the_film_before_arrives(thumbnails, told, qtbot, long_gop, film):
    opened(thumbnails, long_gop, qtbot)
    thumbnails.want(9.0)
    thumbnails.glance(8.0)
    thumbnails.set_film(film)
    thumbnails.want(1.0)
    qtbot.waitUntil(lambda: (1.0, 10) in told["ready"], timeout=LONG)
    qtbot.wait(200)
    assert told == {"rough": [], "ready": [(1.0, 10)]}


def test_a_file_that_is_no_film_gives_no_picture_and_no_trouble(thumbnails, told, qtbot, tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_text("no film")
    thumbnails.set_film(bad)
    thumbnails.glance(1.0)
    thumbnails.want(1.0)
    assert thumbnails._pool.waitForDone(LONG)
    qtbot.wait(50)
    assert told == {"rough": [], "ready": []}
