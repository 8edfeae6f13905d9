"""The timeline among the other panes: cuts and chapters of the film that is open, what is remembered, the range."""

from pathlib import Path

import pytest
from films import run_ffmpeg
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from scripted import ScriptedSession
from shot_films import CUTS, FIXED, shots, write

LONG = 20_000  # milliseconds; only a failure waits that long
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def chaptered(tmp_path_factory) -> Path:
    """Shots and two chapters."""
    folder = tmp_path_factory.mktemp("films")
    plain = write(folder / "plain.mp4", shots(), options=FIXED)
    names = folder / "chapters.txt"
    parts = ((0, 8000, "Before"), (8000, 19360, "After"))
    blocks = [f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n" for start, end, title in parts]
    names.write_text(";FFMETADATA1\n" + "".join(blocks))
    path = folder / "chaptered.mp4"
    run_ffmpeg("-i", plain, "-i", names, "-map_metadata", "1", "-c", "copy", path)
    return path


def test_cuts_and_chapters_of_the_open_film_are_on_their_lanes(open_window, qtbot, chaptered, film):
    window = open_window()
    window.open_film(chaptered)
    content = lambda: window.timeline.content  # noqa: E731
    qtbot.waitUntil(lambda: content().cuts.share == 1.0 and len(content().chapters) == 2, timeout=LONG)
    assert content().cuts.seconds == pytest.approx(CUTS, abs=0.002)
    assert [chapter.title for chapter in content().chapters] == ["Before", "After"]
    window.open_film(film)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("numbered.mp4"), timeout=LONG)
    assert content().chapters == ()
    assert content().cuts.seconds == ()


def test_a_lane_of_cuts_switched_off_spares_the_search(open_window, qtbot, chaptered):
    window = open_window()
    window.timeline.header.switches["cuts"].setChecked(False)
    window.open_film(chaptered)
    qtbot.waitUntil(lambda: window.player.playback.loaded, timeout=LONG)
    qtbot.wait(500)
    assert not window.timeline.content.cuts.searching
    window.timeline.header.switches["cuts"].setChecked(True)
    qtbot.waitUntil(lambda: len(window.timeline.content.cuts.seconds) == len(CUTS), timeout=LONG)


def test_lanes_are_remembered_from_one_start_to_the_next(open_window):
    window = open_window()
    window.timeline.header.switches["uniform"].setChecked(False)
    window.timeline.header.buttons["log"].setChecked(True)
    window.close()
    again = open_window()
    assert not again.timeline.plot.lanes_now.uniform.shown
    assert again.timeline.content.log


def test_a_range_dragged_on_the_timeline_limits_the_next_question_and_is_cleared_in_the_chat(on_film, qtbot):
    session = ScriptedSession()
    window = on_film(session)
    plot = window.timeline.plot
    places = [QPoint(round(plot.scale_now.to_pixel(at)), int(plot.lanes_now.bars.middle)) for at in (4.0, 8.0, 12.0)]
    QTest.mousePress(plot, LEFT, SHIFT, places[0])
    for place in places[1:]:
        QTest.mouseMove(plot, place)
    QTest.mouseRelease(plot, LEFT, SHIFT, places[-1])
    chosen = window.timeline.range
    assert chosen == (pytest.approx(4.0, abs=0.1), pytest.approx(12.0, abs=0.1))
    assert window.settings.settings.range_seconds == pytest.approx(chosen, abs=0.06)
    window.chat.range_cleared.emit()
    assert window.timeline.range is None
    assert window.settings.settings.range_seconds is None


def test_a_click_in_any_lane_moves_the_player_there(on_film, qtbot):
    window = on_film()
    plot = window.timeline.plot
    for lane, seconds in (("seek", 3.0), ("relevance", 15.0), ("uniform", 8.0)):
        spot = QPoint(round(plot.scale_now.to_pixel(seconds + 0.05)), int(getattr(plot.lanes_now, lane).middle))
        QTest.mouseClick(plot, LEFT, pos=spot)
        qtbot.waitUntil(lambda at=seconds: window.player.seconds == pytest.approx(at, abs=0.11), timeout=LONG)
        assert plot.seconds == window.player.seconds
