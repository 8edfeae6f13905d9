"""A click on a cited time shows the picture of that time: in a real window, on made films and on real ones."""

from fractions import Fraction

import pytest
from films import bigbuckbunny, bikes, make_film
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from rich_films import make_rich_film
from scripted import ScriptedSession

from engine.ingest.video import open_video

LONG = 20_000


def constant(folder):
    return make_film(folder / "constant.mp4", frames=200, rate=Fraction(24000, 1001), size=(160, 96), audio_seconds=8.0)


def variable(folder):
    times = [0.0]
    for step in range(150):
        times.append(times[-1] + (0.02, 0.11, 0.05, 0.4)[step % 4])
    return make_film(folder / "variable.mkv", times=times, size=(160, 96))


def reordered(folder):
    return make_film(folder / "reordered.mp4", frames=250, rate=30, gop=250, b_frames=3, size=(160, 96))


def late(folder):
    return make_film(folder / "late.mkv", frames=200, rate=25, start=5.0, size=(160, 96))


def sixty(folder):
    """The sound begins 23 ms before the pictures, which is more than one of them."""
    return make_rich_film(folder / "sixty.mkv", frames=360, rate=60, sounds=[("", "")])


def rabbit(_):
    return bigbuckbunny()


def cyclists(_):
    return bikes()


@pytest.mark.parametrize("film", [constant, variable, reordered, late, sixty, rabbit, cyclists])
@pytest.mark.parametrize("peak", [0.2, 0.7])
def test_a_click_on_a_citation_shows_the_cited_picture(open_window, qtbot, tmp_path, film, peak):
    path = film(tmp_path)
    known = open_video(path)
    window = open_window(ScriptedSession(peak=peak))
    window.open_film(path)
    player = window.player
    qtbot.waitUntil(lambda: player._screen.has_picture and bool(player.playback.pictures), timeout=LONG)
    window.ask("When does the apple appear?")
    qtbot.waitUntil(lambda: len(window.chat.exchanges) == 1 and not window._bridge.busy, timeout=LONG)
    citation = next(c for c in window.chat.exchanges[0].answer.citations if c.segments)
    view = window.chat.turns[0].view
    cursor = view.document().find(citation.quote)
    cursor.setPosition(cursor.selectionStart() + 2)
    place = view.cursorRect(cursor).center()
    player.seek(known.seconds[-1])
    with qtbot.waitSignal(window.chat.seek_wanted, timeout=LONG):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: player.playback.settled, timeout=LONG)
    shown = known.frame_at(player.seconds + 0.001)
    cited = known.frame_at(citation.start_seconds + 0.001)
    assert shown == cited, f"{player.seconds:.4f} s is shown, {citation.start_seconds:.4f} s is cited"
    assert player.seconds == pytest.approx(known.seconds[cited], abs=0.0021)
