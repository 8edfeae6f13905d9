"""A playback whose pictures can be told apart: every made picture carries its number."""

import numpy as np
import pytest
from films import picture_number
from PySide6.QtGui import QImage

from app.player.playback import Playback
from app.thumbnails import _stops
from engine.ingest.video import open_video


class Watched:
    """A playback with the last picture kept, and the numbers of all that were shown."""

    def __init__(self):
        self.playback = Playback()
        self.playback.projector.set_sound(0.5, muted=True)
        self.frame = None
        self.numbers = []
        self.errors = []
        self.playback.frame_shown.connect(self._keep)
        self.playback.failed.connect(self.errors.append)

    def _keep(self, frame):
        self.frame = frame
        self.numbers.append(number_of(frame))

    @property
    def number(self):
        return self.numbers[-1] if self.numbers else -1


def number_of(frame):
    image = frame.toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return picture_number(rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3))


@pytest.fixture
def watched(qapp, qtbot):
    """Opens films as the window does: the engine's times are known."""
    made = []

    def load(path, *, known=True):
        it = Watched()
        made.append(it)
        it.playback.load(path)
        if known:
            film = open_video(path)
            it.playback.know_film(film.info)
            it.playback.know_times(film.seconds, _stops(film), film.keyframes)
            qtbot.waitUntil(lambda: it.frame is not None and it.playback.settled, timeout=15000)
        return it

    yield load
    for it in made:
        it.playback.load(None)
        it.playback.deleteLater()
    qapp.processEvents()


@pytest.fixture
def settled(qtbot):
    """Waits until a playback stands at the picture of a number."""

    def wait(it, number):
        qtbot.waitUntil(lambda: it.playback.settled and it.number == number, timeout=15000)

    return wait
