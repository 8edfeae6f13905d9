"""The history by itself: films by what they hold, conversations whole, forgotten means gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from answers import VIDEO, answer

from app.conversation import Exchange, Outcome
from app.history import chats, films
from app.history.database import open_history
from app.history.place import FILE
from app.history.records import Chat, Kept

SECRET = "Where is the blue suitcase hidden"


@pytest.fixture
def history(tmp_path):
    connection, note = open_history(tmp_path)
    assert note == ""
    yield connection
    connection.close()


def video_at(path):
    return replace(VIDEO, path=Path(path))


def asked(number, question="When?", outcome=Outcome.ANSWERED, **fields):
    found = answer(4, question=question) if outcome is Outcome.ANSWERED else None
    return Exchange(number, question, outcome, fields.pop("text", "At 3.0 seconds."), found, **fields)


def chat_with(history, content, video, *exchanges, key="first", begun=1.0, now=2.0):
    chat = Chat(key, begun, tuple(Kept(f"{key} {exchange.number}", exchange) for exchange in exchanges))
    for kept in chat.kept:
        chats.keep_exchange(history, content, video, chat, kept, now)
    return chat


def test_a_film_comes_back_with_place_conversation_and_answers(history):
    video = video_at("/films/a.mp4")
    assert not films.film_of(history, "A", video.path).known
    films.note_opened(history, "A", video, 1.0)
    told = (
        asked(1), asked(2, "What?", Outcome.STOPPED, text="The", message="Stopped."),
        asked(3, "Who?", Outcome.FAILED, text="", message="No memory left."),
    )  # fmt: skip
    chat_with(history, "A", video, *told)
    films.keep_place(history, "A", 12.3456789012345)
    past = chats.past_of(history, "A", video.path)
    assert past.known
    assert past.seconds == 12.3456789012345
    assert past.chat.exchanges == told
    assert [chat.questions for chat in past.chats] == [3]
    assert past.chats[0].first_question == "When?"
    assert not past.changed
    assert past.moved_from is None


def test_what_was_being_answered_has_been_interrupted(history):
    video = video_at("/films/a.mp4")
    chat_with(history, "A", video, asked(1, outcome=Outcome.RUNNING, text="The red app"))
    (exchange,) = chats.past_of(history, "A", video.path).chat.exchanges
    assert (exchange.outcome, exchange.text, exchange.message) == (
        Outcome.STOPPED, "The red app", chats.INTERRUPTED,
    )  # fmt: skip


def test_an_exchange_is_written_over_by_its_later_self(history):
    video = video_at("/films/a.mp4")
    chat_with(history, "A", video, asked(1, outcome=Outcome.RUNNING, text="At"))
    chat_with(history, "A", video, asked(1))
    assert chats.past_of(history, "A", video.path).chat.exchanges == (asked(1),)


def test_a_moved_film_is_known_and_says_where_it_was(history):
    films.note_opened(history, "A", video_at("/films/a.mp4"), 1.0)
    past = chats.past_of(history, "A", Path("/elsewhere/b.mkv"))
    assert past.known
    assert past.moved_from == Path("/films/a.mp4")
    assert not past.changed
    films.note_opened(history, "A", video_at("/elsewhere/b.mkv"), 2.0)
    assert [card.path for card in films.recent_films(history)] == [Path("/elsewhere/b.mkv")]


def test_a_changed_film_begins_anew_and_shows_the_old_answers_as_the_earlier_versions(history):
    video = video_at("/films/a.mp4")
    films.note_opened(history, "A", video, 1.0)
    chat_with(history, "A", video, asked(1), key="old")
    past = chats.past_of(history, "B", video.path)
    assert past.changed
    assert past.chat is None
    assert [(chat.first_question, chat.earlier_version) for chat in past.chats] == [("When?", True)]
    films.note_opened(history, "B", video, 2.0)
    chat_with(history, "B", video, asked(1, "And now?"), key="new")
    again = chats.past_of(history, "B", video.path)
    assert not again.changed
    assert [(chat.first_question, chat.earlier_version) for chat in again.chats] == [
        ("And now?", False),
        ("When?", True),
    ]
    assert [card.content for card in films.recent_films(history)] == ["B"]
    films.note_opened(history, "C", video, 3.0)
    assert [chat.first_question for chat in chats.chats_of(history, "C", video.path)] == ["And now?", "When?"]


def test_a_changed_film_whose_first_version_turns_up_elsewhere(history):
    here, there = video_at("/films/a.mp4"), video_at("/films/original.mp4")
    films.note_opened(history, "A", here, 1.0)
    chat_with(history, "A", here, asked(1), key="old")
    films.note_opened(history, "B", here, 2.0)
    films.note_opened(history, "A", there, 3.0)
    assert chats.chats_of(history, "B", here.path) == ()
    assert [chat.earlier_version for chat in chats.chats_of(history, "A", there.path)] == [False]
    assert [card.content for card in films.recent_films(history)] == ["A", "B"]


def test_a_film_put_back_is_what_it_was(history):
    video = video_at("/films/a.mp4")
    films.note_opened(history, "A", video, 1.0)
    chat_with(history, "A", video, asked(1))
    films.note_opened(history, "B", video, 2.0)
    past = chats.past_of(history, "A", video.path)
    assert past.chat.exchanges == (asked(1),)
    films.note_opened(history, "A", video, 3.0)
    assert [card.content for card in films.recent_films(history)] == ["A"]


def test_the_conversation_looked_at_last_is_the_one_to_come_back_to(history):
    video = video_at("/films/a.mp4")
    chat_with(history, "A", video, asked(1), key="first", now=1.0)
    chat_with(history, "A", video, asked(1, "What?"), key="second", now=2.0)
    assert chats.past_of(history, "A", video.path).chat.key == "second"
    chats.look_at(history, "first", 3.0)
    assert chats.past_of(history, "A", video.path).chat.key == "first"


def test_two_windows_write_to_one_conversation_and_nothing_is_lost(history):
    video = video_at("/films/a.mp4")
    chat = Chat("shared", 1.0, ())
    for window, question in (("one", "First?"), ("two", "Second?"), ("one", "Third?")):
        kept = Kept(f"{window} {question}", asked(7, question))
        chats.keep_exchange(history, "A", video, chat, kept, 1.0)
    found = chats.past_of(history, "A", video.path).chat.exchanges
    assert [(exchange.number, exchange.question) for exchange in found] == [
        (1, "First?"), (2, "Second?"), (3, "Third?"),
    ]  # fmt: skip


def test_what_cannot_be_read_in_detail_keeps_its_words(history, caplog):
    video = video_at("/films/a.mp4")
    chat_with(history, "A", video, asked(1), asked(2, "What?"))
    history.execute("UPDATE exchange SET body = '{}' WHERE question = 'When?'")
    first, second = chats.past_of(history, "A", video.path).chat.exchanges
    assert (first.question, first.text, first.message) == ("When?", "At 3.0 seconds.", chats.UNREADABLE)
    assert second == asked(2, "What?")


def test_recent_films_count_their_questions_and_keep_their_picture(history):
    for place, name in enumerate("abc"):
        films.note_opened(history, name, video_at(f"/films/{name}.mp4"), float(place))
    chat_with(history, "a", video_at("/films/a.mp4"), asked(1), asked(2), key="a1")
    chat_with(history, "a", video_at("/films/a.mp4"), asked(1), key="a2")
    films.keep_picture(history, "b", b"a picture")
    films.keep_place(history, "b", 5.0)
    found = films.recent_films(history)
    assert [(card.content, card.questions, card.picture, card.seconds) for card in found] == [
        ("c", 0, b"", 0.0), ("b", 0, b"a picture", 5.0), ("a", 3, b"", 0.0),
    ]  # fmt: skip
    films.unlist(history, "b")
    assert [card.content for card in films.recent_films(history)] == ["c", "a"]
    films.unlist(history, None)
    assert films.recent_films(history) == ()
    assert films.film_of(history, "b", Path("/films/b.mp4")).known


def test_forgetting_takes_everything_of_a_film_and_nothing_of_another(history):
    for content in "AB":
        video = video_at(f"/films/{content}.mp4")
        films.note_opened(history, content, video, 1.0)
        chat_with(history, content, video, asked(1), key=content)
    films.note_opened(history, "A2", video_at("/films/A.mp4"), 2.0)
    films.forget(history, "A2")
    assert not films.film_of(history, "A", Path("/films/A.mp4")).known, "the earlier version goes with it"
    assert chats.past_of(history, "B", Path("/films/B.mp4")).chat.exchanges == (asked(1),)
    films.forget(history, None)
    for table in ("film", "chat", "exchange", "piece", "uses"):
        assert history.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_what_is_forgotten_is_not_in_the_file_either(history, tmp_path):
    video = video_at("/films/a.mp4")
    for number in range(1, 60):
        chat_with(history, "A", video, asked(number, f"{SECRET} {number}?"))
    chat_with(history, "B", video_at("/films/b.mp4"), asked(1), key="other")
    assert SECRET.encode() in (tmp_path / FILE).read_bytes() + (tmp_path / f"{FILE}-wal").read_bytes()
    films.forget(history, "A")
    history.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SECRET.encode() not in left
    assert b"At 3.0 seconds" in left


def test_dropping_an_exchange_drops_an_empty_conversation(history):
    video = video_at("/films/a.mp4")
    chat_with(history, "A", video, asked(1), asked(2))
    chats.drop_exchange(history, "first 1")
    assert [exchange.number for exchange in chats.past_of(history, "A", video.path).chat.exchanges] == [1]
    chats.drop_exchange(history, "first 2")
    assert chats.past_of(history, "A", video.path).chats == ()


def test_odd_names_and_questions_are_kept(history):
    odd = Path("/films/\udcff\udcfe 'x\" %.mp4")
    chat_with(history, "A", video_at(odd), asked(1, "half \ud83d a character?"))
    films.note_opened(history, "A", video_at(odd), 1.0)
    past = chats.past_of(history, "A", odd)
    assert past.moved_from is None
    assert past.chat.exchanges == (asked(1, "half \ud83d a character?"),)
    assert films.recent_films(history)[0].path == odd


def test_answers_about_one_film_share_how_it_was_cut(history, tmp_path):
    video = video_at("/films/a.mp4")
    for number in range(1, 101):
        exchange = Exchange(number, f"Question {number}?", Outcome.ANSWERED, "Yes.", answer(1024, 4))
        chats.keep_exchange(history, "A", video, Chat("one", 1.0, ()), Kept(str(number), exchange), 1.0)
    history.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    size = (tmp_path / FILE).stat().st_size
    assert size < 5_000_000, f"100 answers of 1,024 segments take {size:,} bytes"
