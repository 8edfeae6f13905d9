"""Films and conversations through the desk: from one start to the next, moved, changed, forgotten, not to be kept."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from answers import answer
from films import make_film
from PySide6.QtGui import QColor, QImage

from app.conversation import Exchange, Outcome
from app.history import desk as desk_file
from app.history.chats import EARLIER_VERSION
from app.history.desk import KEEP, HistoryDesk
from app.history.place import FILE, data_folder
from engine.ingest.video import open_video

LONG = 10_000  # milliseconds; only a failure waits that long


@pytest.fixture
def start(open_desk, qtbot):
    """A desk on a film, its past known."""

    def make(path=None, screen=None):
        screen = screen or open_desk()
        if path is not None:
            open_film(screen, path, qtbot)
        return screen

    make.end = open_desk.end
    return make


def open_film(screen, path, qtbot):
    told = len(screen.past)
    screen.desk.film_opened(open_video(Path(path)).info)
    screen.exchanges, screen.seconds = (), 0.0
    qtbot.waitUntil(lambda: len(screen.past) > told, timeout=LONG)
    return screen.past[-1]


def answered(number, question="When?"):
    return Exchange(number, question, Outcome.ANSWERED, "Now.", answer(8, question=question))


def recent(screen, qtbot):
    screen.recent = None
    screen.desk.recent.refresh()
    qtbot.waitUntil(lambda: screen.recent is not None, timeout=LONG)
    return [card for card, _ in screen.recent]


def settled(screen, qtbot):
    """Wait until all that was wished for is written."""
    return recent(screen, qtbot)


def test_start_again_and_find_everything(start, qtbot, own_film):
    first = start(own_film)
    assert not first.past[0].known
    first.exchanges, first.seconds = (answered(1), answered(2, "What?")), 7.3
    start.end(first.desk)
    again = start(own_film)
    past = again.past[0]
    assert past.known
    assert past.seconds == 7.3
    assert past.chat.exchanges == (answered(1), answered(2, "What?"))
    assert [chat.questions for chat in again.chats] == [2]
    assert again.said == []


def test_a_conversation_goes_on_where_it_was(start, qtbot, own_film):
    first = start(own_film)
    first.exchanges = (answered(1),)
    start.end(first.desk)
    second = start(own_film)
    second.exchanges = (*second.exchanges, answered(2, "What?"))
    start.end(second.desk)
    third = start(own_film)
    assert [exchange.question for exchange in third.past[0].chat.exchanges] == ["When?", "What?"]
    assert len(third.chats) == 1


def test_what_runs_is_kept_a_few_times_a_second(start, qtbot, own_film):
    screen = start(own_film)
    running = Exchange(1, "When?", Outcome.RUNNING)
    for text in ("The", "The red", "The red apple"):
        screen.exchanges = (replace(running, text=text),)
        qtbot.wait(desk_file.LOOK_MILLISECONDS + 50)
    other = start(own_film)  # another window, while this one is still at it
    found = other.past[0].chat.exchanges[0]
    assert (found.outcome, found.text) == (Outcome.STOPPED, "The red apple")
    assert "program ended" in found.message
    screen.exchanges = (answered(1),)
    start.end(screen.desk)
    assert start(own_film).past[0].chat.exchanges == (answered(1),), "what is shown of a running one changes nothing"


def test_closing_in_the_middle_of_an_answer_keeps_it_as_stopped(start, own_film):
    screen = start(own_film)
    screen.exchanges = (Exchange(1, "When?", Outcome.RUNNING, "The red"),)
    start.end(screen.desk)
    found = start(own_film).past[0].chat.exchanges[0]
    assert (found.outcome, found.text, found.message) == (Outcome.STOPPED, "The red", desk_file.CLOSED)


def test_another_film_takes_its_own_conversation(start, qtbot, own_film, tmp_path):
    other = make_film(tmp_path / "other.mp4", frames=24)
    screen = start(own_film)
    screen.exchanges, screen.seconds = (answered(1),), 3.0
    assert not open_film(screen, other, qtbot).known
    screen.exchanges, screen.seconds = (answered(1, "Other?"),), 1.0
    past = open_film(screen, own_film, qtbot)
    assert (past.chat.exchanges, past.seconds) == ((answered(1),), 3.0)
    assert open_film(screen, other, qtbot).chat.exchanges == (answered(1, "Other?"),)
    assert [card.path.name for card in recent(screen, qtbot)] == ["other.mp4", "holiday.mp4"]


def test_a_question_asked_before_the_past_is_known_begins_a_conversation(start, qtbot, own_film):
    first = start(own_film)
    first.exchanges = (answered(1),)
    start.end(first.desk)
    second = start()
    second.desk.film_opened(open_video(own_film).info)
    second.exchanges = (answered(1, "Quick?"),)
    qtbot.waitUntil(lambda: bool(second.past), timeout=LONG)
    assert second.past[0].chat is None
    second.desk.look()
    second.desk.ask_for_chats()
    qtbot.waitUntil(lambda: len(second.chats) == 2, timeout=LONG)
    assert {chat.first_question for chat in second.chats} == {"When?", "Quick?"}


def test_a_new_chat_leaves_the_old_one_to_be_opened_again(start, qtbot, own_film):
    screen = start(own_film)
    screen.exchanges = (answered(1),)
    screen.desk.new_chat()
    screen.exchanges = ()
    screen.desk.look()
    screen.exchanges = (answered(1, "What?"),)
    screen.desk.look()
    screen.desk.ask_for_chats()
    qtbot.waitUntil(lambda: len(screen.chats) == 2, timeout=LONG)
    screen.desk.open_chat(next(chat for chat in screen.chats if chat.first_question == "When?"))
    qtbot.waitUntil(lambda: bool(screen.chat), timeout=LONG)
    assert screen.exchanges == (answered(1),)
    screen.exchanges = (*screen.exchanges, answered(2, "More?"))
    start.end(screen.desk)
    again = start(own_film)
    assert [exchange.question for exchange in again.past[0].chat.exchanges] == ["When?", "More?"]
    assert sorted(chat.questions for chat in again.chats) == [1, 2]


def test_a_conversation_that_comes_too_late_is_not_shown_of_another_film(start, qtbot, own_film, tmp_path):
    screen = start(own_film)
    screen.exchanges = (answered(1),)
    screen.desk.look()
    screen.desk.new_chat()
    screen.exchanges = ()
    qtbot.waitUntil(lambda: len(screen.chats) == 1, timeout=LONG)
    screen.desk.open_chat(screen.chats[0])
    open_film(screen, make_film(tmp_path / "other.mp4", frames=24), qtbot)
    settled(screen, qtbot)
    assert screen.chat == []


def test_a_question_that_runs_when_another_conversation_comes_is_kept_as_stopped(start, qtbot, own_film):
    screen = start(own_film)
    screen.exchanges = (answered(1),)
    screen.desk.new_chat()
    qtbot.waitUntil(lambda: len(screen.chats) == 1, timeout=LONG)
    screen.exchanges = (Exchange(1, "What?", Outcome.RUNNING, "The"),)
    screen.desk.open_chat(screen.chats[0])
    qtbot.waitUntil(lambda: bool(screen.chat), timeout=LONG)
    screen.desk.ask_for_chats()
    qtbot.waitUntil(lambda: len(screen.chats) == 2, timeout=LONG)
    screen.desk.open_chat(next(chat for chat in screen.chats if chat.first_question == "What?"))
    qtbot.waitUntil(lambda: len(screen.chat) == 2, timeout=LONG)
    assert screen.exchanges[0].message == desk_file.PUT_AWAY


def test_a_moved_film_is_found_by_what_it_holds(start, qtbot, own_film):
    first = start(own_film)
    first.exchanges, first.seconds = (answered(1),), 3.0
    start.end(first.desk)
    moved = Path(own_film).rename(Path(own_film).with_name("renamed.mkv"))
    os.utime(moved, (1, 1))
    past = start(moved).past[0]
    assert past.chat.exchanges == (answered(1),)
    assert past.moved_from == Path(own_film)


def test_a_film_that_is_gone_is_found_again_and_another_is_not_taken_for_it(start, qtbot, own_film, tmp_path):
    other = make_film(tmp_path / "other.mp4", frames=24)
    screen = start(own_film)
    (card,) = recent(screen, qtbot)
    screen.desk.recent.open(card)
    qtbot.waitUntil(lambda: screen.wanted == [Path(own_film)], timeout=LONG)
    moved = Path(own_film).rename(tmp_path / "moved.mp4")
    screen.desk.recent.open(card)
    qtbot.waitUntil(lambda: screen.gone == [card], timeout=LONG)
    screen.desk.recent.found(card, other)
    qtbot.waitUntil(lambda: screen.other == [(card, other)], timeout=LONG)
    screen.desk.recent.found(card, moved)
    qtbot.waitUntil(lambda: screen.wanted == [Path(own_film), moved], timeout=LONG)


def test_a_film_that_nobody_can_get_at_is_gone_and_no_error(start, qtbot, own_film, tmp_path):
    screen = start(own_film)
    (card,) = recent(screen, qtbot)
    beyond = replace(card, path=tmp_path / ("n" * 300))  # Path.is_file raises, as of a drive that is gone
    screen.desk.recent.open(beyond)
    qtbot.waitUntil(lambda: screen.gone == [beyond], timeout=LONG)


def test_a_changed_film_is_noticed_and_its_old_answers_are_not_its_own(start, qtbot, own_film):
    first = start(own_film)
    first.exchanges = (answered(1),)
    start.end(first.desk)
    stat = Path(own_film).stat()
    whole = Path(own_film).read_bytes()
    Path(own_film).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    os.utime(own_film, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    screen = start(own_film)
    past = screen.past[0]
    assert past.changed
    assert past.chat is None
    (old,) = past.chats
    assert old.earlier_version
    screen.desk.open_chat(old)
    qtbot.waitUntil(lambda: bool(screen.chat), timeout=LONG)
    assert screen.chat[0].earlier_version
    (shown,) = screen.chat[0].exchanges
    assert shown.notes[0] == shown.answer.notes[0] == EARLIER_VERSION
    screen.exchanges = (*screen.exchanges, answered(2, "Now?"))
    start.end(screen.desk)
    again = start(own_film)
    assert again.past[0].chat.exchanges == (answered(1, "Now?"),)
    assert [(chat.first_question, chat.earlier_version) for chat in again.chats] == [("Now?", False), ("When?", True)]


def test_forgetting_the_open_film_empties_the_screen_and_what_comes_later_is_kept(start, qtbot, own_film):
    screen = start(own_film)
    screen.exchanges = (answered(1, "Secret?"),)
    screen.desk.look()
    screen.desk.recent.forget(screen.past[0].content)
    assert screen.forgotten == 1
    assert settled(screen, qtbot) == []
    files = [path.read_bytes() for path in data_folder().iterdir()]
    assert not any(b"Secret?" in text for text in files)
    screen.exchanges = (answered(1, "Later?"),)
    start.end(screen.desk)
    assert start(own_film).past[0].chat.exchanges == (answered(1, "Later?"),)


def test_where_nothing_shall_be_kept_nothing_is(start, qtbot, settings, own_film):
    settings.setValue(KEEP, False)
    screen = start(own_film)
    screen.exchanges, screen.seconds = (answered(1, "Secret?"),), 3.0
    screen.desk.look()
    screen.desk.offer_picture(screen.pictures[0], QImage(8, 8, QImage.Format.Format_RGB32))
    assert settled(screen, qtbot) == []
    settings.setValue(KEEP, "true")
    screen.desk.look()
    screen.exchanges = (*screen.exchanges, answered(2, "Allowed?"))
    start.end(screen.desk)
    found = start(own_film).past[0].chat.exchanges
    assert [exchange.question for exchange in found] == ["Allowed?"]
    assert b"Secret?" not in (data_folder() / FILE).read_bytes()


def test_switched_off_in_the_middle_what_was_kept_stays_and_nothing_follows(start, settings, own_film):
    screen = start(own_film)
    screen.exchanges = (answered(1),)
    screen.desk.look()
    settings.setValue(KEEP, False)
    screen.exchanges = (*screen.exchanges, answered(2, "Secret?"))
    screen.desk.look()
    start.end(screen.desk)
    again = start(own_film)
    assert [exchange.question for exchange in again.past[0].chat.exchanges] == ["When?"]


def test_a_picture_goes_into_the_list(start, qtbot, own_film):
    screen = start(own_film)
    picture = QImage(800, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    (at,) = screen.pictures
    screen.desk.offer_picture(at + 1, QImage(8, 8, QImage.Format.Format_RGB32))
    screen.desk.offer_picture(at, picture)
    settled(screen, qtbot)
    ((card, found),) = screen.recent
    assert (found.width(), found.height()) == (192, 144)
    assert found.pixelColor(90, 70).red() > 240
    assert len(card.picture) < 20_000
    start.end(screen.desk)
    assert start(own_film).pictures == [], "it is made once"


def test_two_windows_on_one_film_lose_nothing(start, qtbot, own_film):
    first = start(own_film)
    first.exchanges = (answered(1),)
    first.desk.look()
    settled(first, qtbot)
    second = start(own_film)
    for number in range(2, 6):
        first.exchanges = (*first.exchanges, answered(number, f"first {number}?"))
        second.exchanges = (*second.exchanges, answered(number, f"second {number}?"))
        first.desk.look()
        second.desk.look()
    start.end(first.desk)
    start.end(second.desk)
    found = [exchange.question for exchange in start(own_film).past[0].chat.exchanges]
    assert sorted(found) == sorted(["When?", *(f"{who} {n}?" for who in ("first", "second") for n in range(2, 6))])


def test_a_disk_that_hangs_does_not_hold_up_the_window(start, qtbot, own_film, monkeypatch):
    """Every call returns at once while the writer's thread waits; only the end is waited for, and not for ever."""
    screen = start(own_film)
    settled(screen, qtbot)
    gate = threading.Event()
    screen.desk._door.put("hang", lambda connection: gate.wait(LONG / 1000))
    screen.exchanges = tuple(answered(number) for number in range(1, 200))
    begun = time.perf_counter()
    screen.desk.look()
    screen.desk.recent.refresh()
    screen.desk.new_chat()
    assert time.perf_counter() - begun < 0.1
    begun = time.perf_counter()
    screen.desk.close()
    assert not screen.desk.shutdown()
    assert time.perf_counter() - begun < 1.9
    gate.set()
    assert screen.desk.shutdown()


def test_nothing_is_read_or_written_on_the_calling_thread(start, qtbot, own_film, monkeypatch):
    import sqlite3

    here, threads = threading.get_ident(), set()
    real = sqlite3.connect

    def connect(*arguments, **options):
        threads.add(threading.get_ident())
        connection = real(*arguments, **options)
        connection.set_trace_callback(lambda statement: threads.add(threading.get_ident()))
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    screen = start(own_film)
    screen.exchanges = (answered(1),)
    screen.desk.look()
    settled(screen, qtbot)
    assert threads
    assert here not in threads


def test_a_desk_without_a_film_does_nothing(qapp, settings):
    desk = HistoryDesk(settings)
    desk.look()
    desk.new_chat()
    desk.ask_for_chats()
    desk.close()
    assert desk.shutdown()
