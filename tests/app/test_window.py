"""The window end to end on a made film: open, ask, watch, click, stop, export, close, by real mouse and key events."""

import threading
import time

import pytest
from films import make_film
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from scripted import FRAMES, ScriptedSession

from app.application import hook_for
from app.conversation import Outcome
from app.export import dialog
from engine.errors import ModelError, OutOfMemoryError

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LONG = 20_000  # milliseconds; only a failure waits that long


def answered(window, qtbot, count=1):
    qtbot.waitUntil(lambda: len(window.chat.exchanges) == count and not window._bridge.busy, timeout=LONG)
    return window.chat.turns[-1]


def link_point(view, words):
    """Where in an answer some words stand."""
    cursor = view.document().find(words)
    assert not cursor.isNull(), f"{words!r} is not on screen: {view.toPlainText()!r}"
    cursor.setPosition(cursor.selectionStart() + 2)
    return view.cursorRect(cursor).center()


def test_ask_by_typing_then_follow_the_answer_into_the_film(on_film, qtbot):
    window = on_film()
    box = window.chat.composer.box
    QTest.mouseClick(box.viewport(), LEFT)
    QTest.keyClicks(box, "When does the apple appear?")
    QTest.keyClick(box, Qt.Key.Key_Return)
    turn = answered(window, qtbot)
    assert turn.exchange.outcome is Outcome.ANSWERED
    assert "9.0 seconds" in turn.view.toPlainText()
    assert window.timeline.heatmap.unscored == 0
    assert len(window.timeline.heatmap.pins) == 1
    QTest.mouseClick(turn.view.viewport(), LEFT, NONE, link_point(turn.view, "9.0 seconds"))
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(8.0, abs=0.001), timeout=LONG)


def test_an_unsupported_time_is_no_link(on_film, qtbot):
    window = on_film()
    window.ask("When?")
    turn = answered(window, qtbot)
    sought = []
    window.chat.seek_wanted.connect(sought.append)
    QTest.mouseClick(turn.view.viewport(), LEFT, NONE, link_point(turn.view, "999.0"))
    assert sought == []


def test_evidence_and_timeline_seek_to_the_same_place(on_film, qtbot):
    window = on_film()
    window.ask("When?")
    turn = answered(window, qtbot)
    QTest.mouseClick(turn.evidence.chips[0], LEFT)
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(8.0, abs=0.001), timeout=LONG)
    plot = window.timeline.plot
    where = QPoint(round(plot.scale_now.to_pixel(15.05)), round(plot.lanes_now.bars.middle))
    QTest.mouseClick(plot, LEFT, NONE, where)
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(15.0, abs=0.11), timeout=LONG)


def test_pictures_of_the_evidence_arrive(on_film, qtbot):
    window = on_film()
    window.ask("When?")
    turn = answered(window, qtbot)
    qtbot.waitUntil(lambda: turn.evidence.chips[0]._picture is not None, timeout=LONG)


def test_the_window_lives_while_the_engine_works_and_stop_ends_it(on_film, qtbot):
    window = on_film(ScriptedSession(delay=0.1))
    window.ask("When?")
    qtbot.waitUntil(lambda: len(window.timeline.heatmap.scores) >= 2, timeout=LONG)
    assert window.timeline.heatmap.provisional
    assert window.chat.composer.stop.isVisible()
    window.player.seek(3.0)
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(3.0, abs=0.001), timeout=LONG)
    QTest.mouseClick(window.chat.composer.stop, LEFT)
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=1000)
    qtbot.waitUntil(lambda: window.chat.exchanges[0].outcome is Outcome.STOPPED, timeout=LONG)
    assert not window.chat.composer.stop.isVisible()
    window.ask("Again?")
    assert answered(window, qtbot, 2).exchange.number == 2


def test_space_types_in_the_box_and_plays_elsewhere(on_film, qtbot):
    window = on_film()
    box = window.chat.composer.box
    box.setFocus()
    QTest.keyClicks(box, "a b")
    assert box.toPlainText() == "a b"
    assert not window.player.playback.playing
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert window.player.playback.playing
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not window.player.playback.playing


def test_keys_seek_step_and_change_speed(on_film, qtbot):
    window = on_film()
    for key, modifier, seconds in ((Qt.Key.Key_Right, NONE, 5.0), (Qt.Key.Key_Right, NONE, 10.0),
                                   (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 9.0),
                                   (Qt.Key.Key_Period, NONE, 9.1), (Qt.Key.Key_Comma, NONE, 9.0),
                                   (Qt.Key.Key_End, NONE, 19.9), (Qt.Key.Key_Home, NONE, 0.0)):  # fmt: skip
        QTest.keyClick(window, key, modifier)
        at = pytest.approx(seconds, abs=0.002)
        qtbot.waitUntil(lambda at=at: window.player.seconds == at and window.player.playback.wanted == at, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_BracketRight)
    assert window.player.playback.projector.speed == 1.25
    QTest.keyClick(window, Qt.Key.Key_M)
    assert window.player.deck.sound.muted


def test_escape_stops_the_answer_from_the_question_box(on_film, qtbot):
    window = on_film(ScriptedSession(delay=0.1))
    window.ask("When?")
    window.chat.composer.box.setFocus()
    QTest.keyClick(window.chat.composer.box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.chat.exchanges[0].outcome is Outcome.STOPPED, timeout=LONG)


def test_a_bad_file_is_a_message_and_the_film_stays(on_film, qtbot, tmp_path):
    window = on_film()
    bad = tmp_path / "holiday.mp4"
    bad.write_text("no film")
    window.open_film(bad)
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert "holiday.mp4" in window.message.text
    assert window.windowTitle().startswith("numbered.mp4")
    window.ask("Still there?")
    assert answered(window, qtbot).exchange.outcome is Outcome.ANSWERED


def test_a_failure_shows_advice_and_can_be_tried_again(on_film, qtbot):
    session = ScriptedSession(fail_with=OutOfMemoryError("No memory left.", advice="Lower the budget."))
    window = on_film(session)
    window.ask("When?")
    turn = answered(window, qtbot)
    assert (turn.exchange.outcome, turn.exchange.message) == (Outcome.FAILED, "No memory left.")
    session.fail_with = None
    retry = next(button for button in turn.findChildren(QPushButton) if button.text() == "Try again")
    QTest.mouseClick(retry, LEFT)
    qtbot.waitUntil(lambda: window.chat.exchanges[0].outcome is Outcome.ANSWERED, timeout=LONG)
    assert len(window.chat.exchanges) == 1


def test_out_of_memory_can_be_tried_with_half_the_frames(on_film, qtbot):
    session = ScriptedSession(fail_with=OutOfMemoryError("No memory left."))
    window = on_film(session)
    window.ask("When?")
    turn = answered(window, qtbot)
    session.fail_with = None
    label = f"Try with {FRAMES * 10 // 2} frames"
    lighter = next(button for button in turn.findChildren(QPushButton) if button.text() == label)
    QTest.mouseClick(lighter, LEFT)
    qtbot.waitUntil(lambda: window.chat.exchanges[0].outcome is Outcome.ANSWERED, timeout=LONG)
    assert session.frames == [None, FRAMES * 10 // 2]


def test_another_failure_offers_no_lighter_way(on_film, qtbot):
    window = on_film(ScriptedSession(fail_with=ModelError("No model.")))
    window.ask("When?")
    labels = {button.text() for button in answered(window, qtbot).findChildren(QPushButton)}
    assert "Try again" in labels
    assert not [label for label in labels if label.startswith("Try with")]


def test_a_dropped_file_opens(open_window, qtbot, film):
    window = open_window()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(film))])
    window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, LEFT, NONE))
    qtbot.waitUntil(lambda: window.windowTitle().startswith("numbered.mp4"), timeout=LONG)


def test_without_a_film_a_question_opens_the_sample(open_window, qtbot, film):
    window = open_window(sample=film)
    window.ask("When?")
    assert answered(window, qtbot).exchange.outcome is Outcome.ANSWERED


def test_a_suggested_question_is_typed_in_and_not_sent(open_window, qtbot, film):
    session = ScriptedSession()
    window = open_window(session, sample=film)
    window.open_film(film, suggestion="When does the dog appear?")
    box = window.chat.composer.box
    qtbot.waitUntil(lambda: box.toPlainText() == "When does the dog appear?", timeout=LONG)
    assert window.chat.composer.send.isEnabled()
    assert session.asked == []


def test_a_film_without_an_index_says_that_seeks_land_on_key_frames(open_window, qtbot, tmp_path):
    window = open_window()
    window.open_film(make_film(tmp_path / "recording.ts", frames=48, rate=12, size=(160, 96)))
    qtbot.waitUntil(lambda: "key frame" in window.message.text, timeout=LONG)
    assert window.message.isVisible()
    assert "key frames" in window.top._facts.text()
    window.player.seek(1.5)
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(1.0, abs=0.002), timeout=LONG)


def test_the_warm_up_tells_card_and_status_line(on_film, qtbot):
    window = on_film()
    window.warm_up()
    qtbot.waitUntil(lambda: "6.4 M" in window.status._model.text(), timeout=LONG)
    assert "6.4 M" in window.chat.card._size.text()


def test_another_model_that_loads_is_not_taken_for_the_one_before(on_film, qtbot):
    session = ScriptedSession(warm_steps=0)
    window = on_film(session)
    window.warm_up()
    chip = window.chat.composer.chips.model
    qtbot.waitUntil(lambda: chip.text() == "nano · fp32", timeout=LONG)
    session.warm_steps = 10**6
    window.models.choose(model="tempo-6b")
    assert chip.text() == "tempo-6b, loading"
    window.ask("When does the zeppelin land?")
    assert window.chat.exchanges[0].notes == (), "another model may well know it"


def test_a_model_that_cannot_be_loaded_says_so_where_it_is_chosen(on_film, qtbot):
    session = ScriptedSession()

    def missing(emit, cancel):
        raise ModelError("No model.")
        yield

    session.prepare = missing
    window = on_film(session)
    window.models.choose(model="tempo-6b")
    qtbot.waitUntil(lambda: window.chat.composer.chips.model.text() == "tempo-6b, cannot be loaded", timeout=LONG)


def test_the_conversation_is_saved(on_film, qtbot, tmp_path, monkeypatch):
    window = on_film()
    window.ask("When?")
    answered(window, qtbot)
    out = tmp_path / "answers.md"
    monkeypatch.setattr(dialog, "ask_where", lambda *_: out)  # the system's own file dialog cannot be clicked here
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.message.text == "Saved answers.md.", timeout=LONG)
    assert "## 1. When?" in out.read_text()


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_nothing_is_cut(on_film, qtbot, size):
    window = on_film(size=size)
    window.ask("When?")
    answered(window, qtbot)
    assert (window.width(), window.height()) == size
    for pane in (window.top, window.player, window.chat, window.timeline, window.status):
        corner = pane.mapTo(window, QPoint(pane.width(), pane.height()))
        assert corner.x() <= size[0]
        assert corner.y() <= size[1]
        assert pane.width() >= pane.minimumSizeHint().width()
    assert window.timeline.plot.lanes_now.earlier.bottom <= window.timeline.plot.height()


def test_closing_in_the_middle_takes_less_than_two_seconds(on_film, qtbot):
    window = on_film(ScriptedSession(delay=0.05))
    window.ask("When?")
    qtbot.waitUntil(lambda: len(window.timeline.heatmap.scores) >= 1, timeout=LONG)
    begun = time.monotonic()
    window.close()
    assert time.monotonic() - begun < 2
    assert window.stopped


def test_an_error_on_another_thread_is_told_by_the_window_s_own(open_window, qtbot, logged_errors):
    window = open_window()
    hook, error = hook_for(window), ZeroDivisionError("nobody caught me")
    thread = threading.Thread(target=lambda: hook(type(error), error, None))
    thread.start()
    thread.join()
    assert not window.message.isVisible(), "a widget was touched from another thread"
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert "(ZeroDivisionError)" in window.message.text
    assert [record.getMessage() for record in logged_errors.records] == ["an error nobody caught"]
    logged_errors.records.clear()


def test_theme_flips_and_is_remembered(on_film, qtbot, settings):
    window = on_film()
    before = window.grab().toImage().pixelColor(500, 10)
    window.top.theme_wanted.emit()
    after = window.grab().toImage().pixelColor(500, 10)
    assert abs(before.lightness() - after.lightness()) > 100
    window.close()
    assert settings.value("theme") in ("dark", "light")


def test_a_chip_outlines_its_segment_and_plays_it_and_no_more(on_film, qtbot, monkeypatch):
    window = on_film()
    window.ask("When?")
    chip = answered(window, qtbot).evidence.chips[0]
    outlined = []
    monkeypatch.setattr(window.timeline.plot, "outline", lambda segment: outlined.append(segment and segment.index))
    window.activateWindow()
    chip.setFocus()
    assert outlined == [4]
    QTest.keyClick(chip, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.player.playback.playing, timeout=LONG)
    qtbot.waitUntil(lambda: not window.player.playback.playing, timeout=LONG)
    assert window.player.seconds == pytest.approx(10.0, abs=0.15)


def test_chips_of_the_composer_and_the_settings_are_one_thing(on_film, qtbot):
    window = on_film()
    chips = window.chat.composer.chips
    chips.budget_chosen.emit(4096)
    assert window.settings.settings.budget == 4096
    assert chips.budget.text() == "4,096 tokens"
    window.settings.set_range((2.0, 6.0))
    assert chips.range.text() == "0:02.0 – 0:06.0"
    QTest.mouseClick(chips.clear, LEFT)
    assert (window.settings.range, window.timeline.range) == (None, None)
    assert chips.range.text() == "Whole film"


def test_another_answer_is_drawn_by_the_engine_and_its_heat_can_be_compared(on_film, qtbot):
    session = ScriptedSession()
    window = on_film(session)
    window.ask("When?")
    turn = answered(window, qtbot)
    session.peak = 0.9
    QTest.mouseClick(turn.actions_row.again, LEFT)
    qtbot.waitUntil(lambda: turn.take.exchange.seed == 1 and not window._bridge.busy, timeout=LONG)
    assert (session.drawn[-1].temperature, session.drawn[-1].seed) == (0.7, 1)
    heat = dict(window.timeline.heatmap.shares)
    turn.show_take(0)
    assert window.timeline.heatmap.shares != heat
    turn.show_take(1)
    assert window.timeline.heatmap.shares == heat


def test_a_conversation_set_aside_and_brought_back_has_its_heat_again(on_film, qtbot):
    window = on_film()
    window.ask("When?")
    answered(window, qtbot)
    window.chat.begin_new()
    assert window.timeline.heatmap.question == 0
    assert not window.top._export.isEnabled()
    window.chat.bring_back()
    assert window.timeline.heatmap.question == 1
    assert window.top._export.isEnabled()
    assert window.chat.head.past.menu() is window.resuming.chats_menu
