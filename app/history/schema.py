"""The tables of the history, and how an older file becomes one of today's: one step after another, each whole or not.

A step that was ever published is never changed; what is new goes into a step of its own.
"""

from __future__ import annotations

import sqlite3

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE film (
            id INTEGER PRIMARY KEY,
            content TEXT NOT NULL UNIQUE,   -- engine.fingerprint.content_hash
            path TEXT NOT NULL,             -- where it was opened last, as JSON: names of files need not be Unicode
            video TEXT NOT NULL,            -- engine.records.VideoInfo, as JSON
            opened REAL NOT NULL,           -- when
            seconds REAL NOT NULL DEFAULT 0,  -- where it stood
            listed INTEGER NOT NULL DEFAULT 1,  -- among the recent films
            picture BLOB,                   -- JPEG
            earlier INTEGER REFERENCES film (id) ON DELETE SET NULL  -- what lay at this path before the file changed
        ) STRICT""",
        "CREATE INDEX film_path ON film (path)",
        """CREATE TABLE chat (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            film INTEGER NOT NULL REFERENCES film (id) ON DELETE CASCADE,
            begun REAL NOT NULL,
            looked_at REAL NOT NULL
        ) STRICT""",
        "CREATE INDEX chat_film ON chat (film)",
        """CREATE TABLE exchange (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order in which they were asked
            key TEXT NOT NULL UNIQUE,
            chat INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            outcome TEXT NOT NULL,
            text TEXT NOT NULL,
            body TEXT NOT NULL              -- app.conversation.Exchange, as JSON of engine.record_archive
        ) STRICT""",
        "CREATE INDEX exchange_chat ON exchange (chat)",
        """CREATE TABLE piece (               -- what several bodies share
            name TEXT PRIMARY KEY,
            body TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE uses (
            exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
            piece TEXT NOT NULL REFERENCES piece (name),
            PRIMARY KEY (exchange, piece)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX uses_piece ON uses (piece)",
    ),
)
VERSION = len(STEPS)


class NewerError(Exception):
    """A later version of the program wrote this file."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file up to today's tables. Raises `NewerError`, or `sqlite3.Error` with the file as it was."""
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN EXCLUSIVE")
    try:
        version = _version(connection)  # another window may have been quicker
        if version > VERSION:
            raise NewerError(f"version {version}")
        for number, statements in enumerate(STEPS[version:], start=version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
