"""The list of moments between timeline and player, in the real window on a real film."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from scripted import ScriptedSession

from app.moments.model import Column
from engine.ingest.chapters import Chapter

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LONG = 20_000


@pytest.fixture
def asked(on_film, qtbot):
    """A window whose question is answered; its scores make a hill about 8 seconds: 6-12 s reach 0.50."""

    def make(session=None):
        window = on_film(session)
        window.ask("When?")
        qtbot.waitUntil(lambda: bool(window.chat.exchanges) and not window._bridge.busy, timeout=LONG)
        window.reveal("moments")
        qtbot.waitUntil(lambda: window.moments.model.rowCount() > 0, timeout=LONG)
        return window

    return make


def at(window, qtbot, seconds):
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(seconds, abs=0.06), timeout=LONG)


def test_a_click_in_the_list_moves_the_player_and_marks_the_row(asked, qtbot):
    window = asked()
    (moment,) = window.moments.model.moments
    view = window.moments.view
    QTest.mouseClick(view.viewport(), LEFT, NONE, view.visualRect(window.moments.model.index(0, Column.TIME)).center())
    at(window, qtbot, moment.start_seconds)
    qtbot.waitUntil(lambda: window.moments.model.now == moment.key, timeout=LONG)
    assert moment.cited == (1,)


def test_keys_walk_through_the_moments_from_anywhere(asked, qtbot):
    window = asked()
    window.moments.controls.slider.setValue(10)
    spans = sorted(moment.start_seconds for moment in window.moments.model.moments)
    window.player.setFocus()
    window.player.seek(0.0)
    at(window, qtbot, 0.0)
    for seconds in [start for start in spans if start > 0.1]:
        QTest.keyClick(window, Qt.Key.Key_N)
        at(window, qtbot, seconds)
    QTest.keyClick(window, Qt.Key.Key_N)
    assert window.message.text == "There is no later moment."
    if len(spans) > 1:
        QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
        at(window, qtbot, spans[-2])


def test_a_click_on_the_timeline_selects_the_row(asked, qtbot):
    window = asked()
    (moment,) = window.moments.model.moments
    plot = window.timeline.plot
    where = QPoint(round(plot.scale_now.to_pixel(moment.middle)), round(plot.lanes_now.bars.middle))
    QTest.mouseClick(plot, LEFT, NONE, where)
    qtbot.waitUntil(lambda: window.moments.view.moment == moment, timeout=LONG)


def test_the_list_fills_while_the_film_is_read_and_empties_for_the_next_question(on_film, qtbot):
    window = on_film(ScriptedSession(delay=0.1))
    window.reveal("moments")
    window.ask("When?")
    qtbot.waitUntil(lambda: "segments scored" in window.moments.foot.text and window.moments.model.rowCount() == 1,
                    timeout=LONG)  # fmt: skip
    assert window._bridge.busy
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    assert window.moments.foot.text == "1 moment, 0:06.0 in total"
    window.ask("And then?")
    qtbot.waitUntil(lambda: window.moments.model.rowCount() == 0, timeout=LONG)
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)


def test_pictures_come_only_once_the_list_is_in_front(on_film, qtbot):
    window = on_film()
    window.docks["chat"].raise_()
    window.ask("When?")
    qtbot.waitUntil(lambda: bool(window.chat.exchanges) and not window._bridge.busy, timeout=LONG)
    qtbot.wait(300)
    (moment,) = window.moments.model.moments
    assert window.moments.model.picture(moment) is None
    window.docks["moments"].raise_()
    qtbot.waitUntil(lambda: window.moments.model.picture(moment) is not None, timeout=LONG)


def test_another_film_empties_the_list(asked, qtbot, film):
    window = asked()
    window.open_film(film)
    qtbot.waitUntil(lambda: window.moments.model.rowCount() == 0, timeout=LONG)


def test_enter_plays_the_moment_to_its_end_and_no_further(asked, qtbot):
    window = asked()
    (moment,) = window.moments.model.moments
    window.player.deck.set_speed(4.0)
    view = window.moments.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    at(window, qtbot, moment.start_seconds)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.player.playback.playing, timeout=LONG)
    qtbot.waitUntil(lambda: not window.player.playback.playing, timeout=LONG)
    assert moment.end_seconds - 0.25 <= window.player.seconds < moment.end_seconds


def test_a_moment_plays_in_a_loop(asked, qtbot):
    window = asked()
    (moment,) = window.moments.model.moments
    loops = []
    window.player.loop_changed.connect(loops.append)
    window.moments.loop_wanted.emit(moment.start_seconds, moment.end_seconds)
    assert loops[-1] == (moment.start_seconds, moment.end_seconds) == window.timeline.content.loop
    qtbot.waitUntil(lambda: window.player.playback.playing, timeout=LONG)
    qtbot.waitUntil(lambda: moment.holds(window.player.seconds), timeout=LONG)
    window.player.playback.pause()


def test_chapters_of_the_film_name_the_moments(asked, qtbot):
    window = asked()
    window.player.chapters_changed.emit((Chapter(0.0, 5.0, "Before"), Chapter(5.0, 20.0, "Burrow")))
    (moment,) = window.moments.model.moments
    assert moment.chapter == "Burrow"


def test_an_earlier_question_on_the_timeline_brings_its_moments_back(asked, qtbot):
    session = ScriptedSession()
    window = asked(session)
    first = [moment.start_seconds for moment in window.moments.model.moments]
    session.peak = 0.8
    window.ask("And then?")
    qtbot.waitUntil(lambda: len(window.chat.exchanges) == 2 and not window._bridge.busy, timeout=LONG)
    qtbot.waitUntil(lambda: window.moments.model.rowCount() == 1, timeout=LONG)
    assert [moment.start_seconds for moment in window.moments.model.moments] != first
    window.timeline.show_question(1)
    qtbot.waitUntil(lambda: [m.start_seconds for m in window.moments.model.moments] == first, timeout=LONG)


def test_a_key_saves_the_moments_and_the_window_says_how_it_went(asked, qtbot, tmp_path, monkeypatch):
    window = asked()
    window.player.setFocus()
    shift_control = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    for name, told, good in (("a.srt", "Saved a.srt.", True), ("a.txt", "YouTube wants at least 3 chapters", False)):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(tmp_path / name), ""))
        QTest.keyClick(window, Qt.Key.Key_S, shift_control)
        qtbot.waitUntil(lambda told=told: window.message.text.startswith(told), timeout=LONG)
        assert window.message._timer.isActive() is good, "bad news stays"
    assert "00:00:06,000 --> 00:00:12,000" in (tmp_path / "a.srt").read_text()
