"""Opens films to be watched."""

import pytest
from watching import Watched

from app.thumbnails import _stops
from engine.ingest.video import open_video


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
