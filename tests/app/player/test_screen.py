"""What is on the screen: upright, in its proportions, nothing of Qt's own over it, and words that can be read."""

from fractions import Fraction

import av
import numpy as np
import pytest
from films import make_film, marked_corner, numbered_picture, phone_film
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.player.captions import Captions, letter_pixels
from app.player.screen import Screen
from app.theme import DARK
from engine.ingest.cues import Cue, Run

LONG = 15_000


@pytest.fixture
def seen(watched, qtbot):
    """Opens a film and paints its first picture on a screen; returns both, with the painted picture as an array."""

    def make(path, size=(480, 480)):
        it = watched(path)
        screen = Screen(DARK)
        qtbot.addWidget(screen)
        screen.resize(*size)
        screen.show_frame(it.frame)
        return it, screen, painted(screen)

    return make


def painted(screen):
    place = screen.picture_place().toRect()
    image = screen.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def corner_of(picture, size):
    """Brought back to the film's own size, where blocks are 8 pixels."""
    rows, columns = (np.arange(side) * seen // side for side, seen in zip(size[::-1], picture.shape, strict=False))
    return marked_corner(picture[rows][:, columns])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_films_stand_upright(seen, tmp_path, turn):
    path = make_film(tmp_path / "turned.mp4", frames=4, size=(160, 96), upright_turn=turn)
    _, screen, picture = seen(path)
    assert corner_of(picture, (160, 96)) == "bottom right"
    place = screen.picture_place()
    assert place.width() / place.height() == pytest.approx(160 / 96, abs=0.02)


def test_a_phones_own_film_stands_upright(seen):
    from engine.ingest.video import open_video

    path = phone_film()
    info = open_video(path).info
    _, screen, _ = seen(path)
    place = screen.picture_place()
    assert place.width() / place.height() == pytest.approx(info.width / info.height, abs=0.01)


def anamorphic(path, ratio):
    """A film of 160 x 96 stored pixels that are not square."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.sample_aspect_ratio = ratio
        stream.codec_context.options = {"crf": "12", "preset": "ultrafast"}
        for number in range(4):
            frame = av.VideoFrame.from_ndarray(numbered_picture(number, (160, 96)), format="rgb24")
            output.mux(stream.encode(frame.reformat(format="yuv420p")))
        output.mux(stream.encode())
    return path


@pytest.mark.parametrize("ratio", [Fraction(4, 3), Fraction(8, 9)])
@pytest.mark.parametrize("name", ["wide.mp4", "wide.mkv"])
def test_pixels_that_are_not_square(seen, tmp_path, ratio, name):
    _, screen, picture = seen(anamorphic(tmp_path / name, ratio))
    place = screen.picture_place()
    assert place.width() / place.height() == pytest.approx(160 * ratio / 96, abs=0.03)
    assert corner_of(picture, (160, 96)) == "bottom right"


@pytest.mark.parametrize("name", ["one.mp4", "one.mkv"])
def test_a_film_of_one_picture(watched, settled, tmp_path, name):
    it = watched(make_film(tmp_path / name, frames=1, size=(160, 96)))
    assert it.number == 0
    for wish in (0.0, 0.05, 5.0):
        it.playback.seek(wish)
        settled(it, 0)
    for step in (1, -1):
        it.playback.step(step)
        settled(it, 0)
    it.playback.play()
    it.playback.pause()
    settled(it, 0)
    assert it.errors == []


@pytest.mark.parametrize("window", [(480, 480), (900, 300), (300, 900)])
def test_the_picture_is_as_large_as_fits_and_in_the_middle(seen, film, window):
    _, screen, _ = seen(film, window)
    place = screen.picture_place()
    assert place.center().x() == pytest.approx(window[0] / 2, abs=1)
    assert place.center().y() == pytest.approx(window[1] / 2, abs=1)
    assert min(window[0] - place.width(), window[1] - place.height()) == pytest.approx(16, abs=1)


def test_qts_own_subtitles_are_never_drawn(seen, film):
    it, screen, before = seen(film)
    it.frame.setSubtitleText("from Qt")
    screen.show_frame(it.frame)
    assert np.array_equal(before, painted(screen))
    assert it.playback.projector._player.activeSubtitleTrack() == -1


def test_a_word_in_the_corner_goes_by_itself(seen, film, qtbot):
    _, screen, before = seen(film)
    screen.say("Speed 2×")
    assert not np.array_equal(before, painted(screen))
    qtbot.waitUntil(lambda: screen.word == "", timeout=LONG)
    assert np.array_equal(before, painted(screen))


def cue(text, place="bottom", **style):
    return Cue(0.0, 1.0, tuple((Run(line, **style),) for line in text.split("\n")), place)


USUAL = QSize(640, 360)


def drawn(cues, *, size=USUAL, background="#808080", lift=0.0, scale=1.0, ratio=1.0):
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(background))
    captions = Captions()
    captions.set_cues(cues)
    captions.set_scale(scale)
    painter = QPainter(image)
    captions.paint(painter, QRectF(0, 0, size.width(), size.height()), lift=lift)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[..., :3].astype(int)


def inked(picture, background=128):
    """The rows and columns in which something is drawn."""
    marked = np.abs(picture - background).max(axis=2) > 40
    return np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))


@pytest.mark.parametrize("background", ["white", "black", "#808080"])
def test_words_can_be_read_on_any_picture(qapp, background):
    picture = drawn([cue("Readable")], background=background)
    values = picture.max(axis=2)
    assert (values > 230).any()
    assert (values < 25).any()


@pytest.mark.parametrize(("place", "share"), [("top", (0.0, 0.25)), ("middle", (0.4, 0.6)), ("bottom", (0.8, 1.0))])
def test_where_words_stand(qapp, place, share):
    rows, columns = inked(drawn([cue("Words", place)]))
    assert rows.min() >= 360 * share[0]
    assert rows.max() <= 360 * share[1]
    assert (columns.min() + columns.max()) / 2 == pytest.approx(320, abs=6)


def test_long_lines_are_broken_and_stay_inside(qapp):
    rows, columns = inked(drawn([cue("word " * 60)]))
    assert columns.min() > 0
    assert columns.max() < 639
    assert rows.max() < 360
    assert rows.max() - rows.min() > 60


def test_two_cues_do_not_overlap(qapp):
    alone = inked(drawn([cue("one")]))[0]
    both = inked(drawn([cue("one"), cue("two")]))[0]
    assert len(both) >= 2 * len(alone) - 6
    assert both.max() == alone.max()


def test_words_rise_above_what_covers_the_edge(qapp):
    low, high = (inked(drawn([cue("words")], lift=lift))[0].max() for lift in (0.0, 48.0))
    assert low - high == pytest.approx(48, abs=1)


def test_size_follows_the_picture_and_the_wish(qapp):
    heights = [len(inked(drawn([cue("X")], size=QSize(16 * n, 9 * n)))[0]) for n in (40, 80)]
    assert heights[1] == pytest.approx(2 * heights[0], rel=0.2)
    assert len(inked(drawn([cue("X")], scale=2.0))[0]) > 1.6 * len(inked(drawn([cue("X")]))[0])
    assert letter_pixels(QSize(90, 160), 1.0) >= 13


def test_words_are_sharp_on_fine_screens(qapp):
    assert drawn([cue("X")], ratio=2.0).shape[:2] == (720, 1280)
    assert len(inked(drawn([cue("X")], ratio=2.0))[0]) > 1.6 * len(inked(drawn([cue("X")]))[0])


def test_style_is_seen(qapp):
    plain, bold, italic, lined = (
        drawn([cue("Words", **style)]) for style in ({}, {"bold": True}, {"italic": True}, {"underlined": True})
    )
    for other in (bold, italic, lined):
        assert not np.array_equal(plain, other)
    assert (bold > 230).sum() > (plain > 230).sum()


def test_the_screen_says_its_words_to_screen_readers(qtbot):
    screen = Screen(DARK)
    qtbot.addWidget(screen)
    screen.set_cues([cue("Hello\nthere")])
    assert screen.accessibleDescription() == "Hello\nthere"
    assert screen.focusPolicy() == Qt.FocusPolicy.ClickFocus
