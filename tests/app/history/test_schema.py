"""Files of older versions are brought up to date whole or not at all; those of newer ones are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from answers import VIDEO, answer

from app.conversation import Exchange, Outcome
from app.history import chats, films, schema
from app.history.database import open_history
from app.history.place import FILE

HERE = Path(__file__).parent


def tables(connection):
    return dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'"))


def version(connection):
    return connection.execute("PRAGMA user_version").fetchone()[0]


def file_of_version_1(folder):
    connection = sqlite3.connect(folder / FILE)
    connection.executescript((HERE / "version1.sql").read_text(encoding="utf-8"))
    assert version(connection) == 1
    connection.close()


def test_a_file_of_the_first_version_still_opens_with_everything_in_it(tmp_path):
    """This file was written by the first version that was ever used. It must never be made anew."""
    file_of_version_1(tmp_path)
    connection, note = open_history(tmp_path)
    assert note == ""
    assert version(connection) == schema.VERSION
    past = chats.past_of(connection, "A", VIDEO.path)
    assert past.seconds == 12.25
    assert past.has_picture
    first, second, third = past.chat.exchanges
    assert first == Exchange(1, "When?", Outcome.ANSWERED, "At 3.0 seconds.", answer(4))
    assert second == Exchange(2, "Über?", Outcome.FAILED, "", None, "No memory left.")
    assert (third.outcome, third.text) == (Outcome.STOPPED, "The red")
    assert [chat.earlier_version for chat in chats.chats_of(connection, "B", VIDEO.path)] == [True]
    assert [card.content for card in films.recent_films(connection)] == ["B"]
    connection.close()


def test_an_old_file_and_a_new_one_have_the_same_tables(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    file_of_version_1(tmp_path / "old")
    old, _ = open_history(tmp_path / "old")
    new, _ = open_history(tmp_path / "new")
    assert tables(old) == tables(new)
    old.close()
    new.close()


def test_each_step_is_taken_once_and_in_order(tmp_path, monkeypatch):
    file_of_version_1(tmp_path)
    later = (
        *schema.STEPS,
        ("ALTER TABLE film ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'",),
        ("DROP INDEX film_path",),
    )
    monkeypatch.setattr(schema, "STEPS", later)
    monkeypatch.setattr(schema, "VERSION", len(later))
    for _ in range(2):
        connection, _ = open_history(tmp_path)
        assert version(connection) == len(later)
        assert connection.execute("SELECT DISTINCT mood FROM film").fetchall() == [("good",)]
        assert "film_path" not in tables(connection)
        connection.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file_of_version_1(tmp_path)
    later = (*schema.STEPS, ("ALTER TABLE film ADD COLUMN mood TEXT", "INSERT INTO no_such_table VALUES (1)"))
    monkeypatch.setattr(schema, "STEPS", later)
    monkeypatch.setattr(schema, "VERSION", len(later))
    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        open_history(tmp_path)
    connection = sqlite3.connect(tmp_path / FILE)
    assert version(connection) == 1
    assert "mood" not in tables(connection)["film"]
    connection.close()


def test_the_file_is_in_wal_mode_with_foreign_keys(tmp_path):
    connection, _ = open_history(tmp_path)
    asked = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in (
        "journal_mode", "foreign_keys", "secure_delete", "synchronous",
    )}  # fmt: skip
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "synchronous": 1}
    connection.close()
