"""The picture on the hover card is the frame on screen after a click there: real window, real player, real films.

Numbers written into the pictures decide which one it is; the pixels then differ only by how two programs turn YUV into
RGB, which is measured against the difference to the pictures before and after.
"""

import logging
import random

import numpy as np
import pytest
from films import bikes, make_film, picture_number
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from app.player.pictures import Pictures
from engine.ingest.frames import read_frame_at
from engine.ingest.video import open_video

log = logging.getLogger(__name__)  # pytest --log-cli-level=INFO shows the levels measured

LONG = 20_000  # milliseconds; only a failure waits that long
SIZE = (160, 96)


def variable_rate(folder):
    """Steps of 17 ms to a second, as a phone in the dark or a recorded screen has them."""
    chance = random.Random(3)
    times = np.cumsum([0.0, *(chance.choice((0.017, 0.033, 0.04, 0.2, 1.0)) for _ in range(79))])
    return make_film(folder / "variable.mp4", times=[round(float(at), 3) for at in times], size=SIZE)


def long_gop(folder):
    """B-frames and one key frame for ten seconds."""
    return make_film(folder / "long.mp4", frames=300, rate=25, gop=250, b_frames=3, size=SIZE)


def late_and_turned(folder):
    """Starts at five seconds, lies on its side."""
    options = {"frames": 100, "rate": 20, "start": 5.0, "upright_turn": 90}
    return make_film(folder / "late.mp4", size=SIZE, b_frames=2, **options)


def without_index(folder):
    """A transport stream: a click reaches key frames only, and so must the picture."""
    return make_film(folder / "recording.ts", frames=96, rate=12, gop=12, size=SIZE)


def real(_):
    """A film somebody shot, with B-frames."""
    return bikes()


def pixels(image: QImage) -> np.ndarray:
    """[height, width, 3]"""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def apart(first: np.ndarray, second: np.ndarray) -> float:
    """Mean difference in levels of 255, without what is the same all over: two programs' rounding of a colour."""
    difference = first.astype(int) - second
    return float(np.abs(difference - difference.mean(axis=(0, 1))).mean())


def shrunk(picture: np.ndarray, card: np.ndarray) -> np.ndarray:
    """As wide as the card's, by the same means."""
    height, width, _ = picture.shape
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    return pixels(image.scaledToWidth(card.shape[1], Qt.TransformationMode.SmoothTransformation))


@pytest.mark.parametrize("make", [variable_rate, long_gop, late_and_turned, without_index, real])
def test_the_picture_on_hover_is_the_frame_after_the_click(open_window, qtbot, tmp_path, make):
    path = make(tmp_path)
    window = open_window()
    known, shown = [], []
    window.thumbnails.times_known.connect(lambda times, stops: known.append(Pictures(times, stops)))
    window.player.playback.frame_shown.connect(shown.append)
    window.open_film(path)
    qtbot.waitUntil(lambda: window.player.playback.loaded and bool(known), timeout=LONG)
    film, reached, plot = open_video(path), known[0], window.timeline.plot
    moments = sorted({reached.at(float(at)) for at in film.seconds})
    levels = []
    for share in (0.03, 0.31, 0.312, 0.55, 0.72, 0.94):
        spot = QPoint(round(plot.scale_now.left + share * (plot.scale_now.right - plot.scale_now.left)),
                      int(plot.lanes_now.bars.middle))  # fmt: skip
        QTest.mouseMove(plot, spot)
        card = window.timeline.looking.card
        qtbot.waitUntil(lambda card=card: card.picture is not None, timeout=LONG)
        hovered, target = pixels(card.picture), card.target.seconds
        QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=spot)
        expected = pytest.approx(reached.at(target), abs=0.002)
        qtbot.waitUntil(lambda at=expected: window.player.seconds == at == window.player.playback.wanted, timeout=LONG)
        frame = pixels(shown[-1].toImage())
        if make is not real:
            assert picture_number(frame) == picture_number(hovered)
        here = apart(shrunk(frame, hovered), hovered)
        place = moments.index(reached.at(target))
        beside = [moments[at] for at in (place - 1, place + 1) if 0 <= at < len(moments)]
        others = [apart(shrunk(read_frame_at(film, at).picture, hovered), hovered) for at in beside]
        levels.append((here, min(others)))
        assert here < 1.0
        assert here < min(others) / 2
    here, other = max(here for here, _ in levels), min(other for _, other in levels)
    log.info("%s: at most %.2f levels from the frame, at least %.2f from its neighbours", make.__name__, here, other)
