"""Conversations in the history: one exchange in, all of a film's out. SQL and nothing else."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.conversation import Exchange, Outcome
from app.history.films import LINE, ensure_film, film_of, path_text
from app.history.records import Chat, Kept, Past, PastChat
from engine.record_archive import Unpacking, pack
from engine.records import VideoInfo

log = logging.getLogger(__name__)

ENDED = (Outcome.ANSWERED, Outcome.STOPPED, Outcome.FAILED)
INTERRUPTED = "The program ended before this answer was complete."
EARLIER_VERSION = "This answer is about an earlier version of the file."
UNREADABLE = "The details of this answer were kept in a form that this version cannot read."


def keep_exchange(
    connection: sqlite3.Connection, content: str, video: VideoInfo, chat: Chat, kept: Kept, now: float
) -> None:
    """Write one exchange, new or as it is by now, with all it needs."""
    ensure_film(connection, content, video, now)
    connection.execute(
        "INSERT OR IGNORE INTO chat (key, film, begun, looked_at) SELECT ?, id, ?, ? FROM film WHERE content = ?",
        (chat.key, chat.begun, now, content),
    )
    connection.execute("UPDATE chat SET looked_at = max(looked_at, ?) WHERE key = ?", (now, chat.key))
    exchange = kept.exchange
    body, pieces = pack(exchange)
    connection.execute(
        "INSERT INTO exchange (key, chat, question, outcome, text, body) "
        "SELECT ?, id, ?, ?, ?, ? FROM chat WHERE key = ? ON CONFLICT (key) DO UPDATE SET "
        "question = excluded.question, outcome = excluded.outcome, text = excluded.text, body = excluded.body",
        (kept.key, _clean(exchange.question), exchange.outcome.value, _clean(exchange.text), body, chat.key),
    )
    connection.executemany("INSERT OR IGNORE INTO piece (name, body) VALUES (?, ?)", pieces.items())
    connection.executemany(
        "INSERT OR IGNORE INTO uses (exchange, piece) SELECT id, ? FROM exchange WHERE key = ?",
        [(name, kept.key) for name in pieces],
    )


def drop_exchange(connection: sqlite3.Connection, key: str) -> None:
    """Delete one exchange, and its conversation if it was the last."""
    connection.execute("DELETE FROM exchange WHERE key = ?", (key,))
    connection.execute("DELETE FROM chat WHERE id NOT IN (SELECT chat FROM exchange)")
    connection.execute("DELETE FROM piece WHERE name NOT IN (SELECT piece FROM uses)")


def look_at(connection: sqlite3.Connection, key: str, now: float) -> None:
    """This conversation is the one to come back to."""
    connection.execute("UPDATE chat SET looked_at = ? WHERE key = ?", (now, key))


def past_of(connection: sqlite3.Connection, content: str, path: Path) -> Past:
    """Everything about a film that was found at `path`, its latest conversation whole."""
    found = chats_of(connection, content, path)
    own = next((chat for chat in found if not chat.earlier_version), None)
    film = film_of(connection, content, path)
    return replace(film, chats=found, chat=chat_of(connection, own) if own else None)


def chats_of(connection: sqlite3.Connection, content: str, path: Path) -> tuple[PastChat, ...]:
    """The conversations about a film, the last looked at first, then those about what lay there before it changed."""
    film = connection.execute("SELECT id FROM film WHERE content = ?", (content,)).fetchone()
    before = film or connection.execute(
        "SELECT id FROM film WHERE path = ? ORDER BY opened DESC, id DESC LIMIT 1", (path_text(path),)
    ).fetchone()  # fmt: skip
    if before is None:
        return ()
    rows = connection.execute(
        f"{LINE} SELECT chat.key, chat.begun, count(*), min(exchange.id), exchange.question, film.content "
        "FROM line JOIN film USING (id) JOIN chat ON chat.film = film.id JOIN exchange ON exchange.chat = chat.id "
        "GROUP BY chat.id ORDER BY film.content = ? DESC, chat.looked_at DESC, chat.id DESC",
        (*before, content),
    )  # beside min() SQLite gives the other columns of that very row
    return tuple(PastChat(key, begun, count, asked, own != content) for key, begun, count, _, asked, own in rows)


def chat_of(connection: sqlite3.Connection, past: PastChat) -> Chat:
    """A conversation whole. What was still being answered has come to its end."""
    rows = connection.execute(
        "SELECT exchange.key, question, outcome, text, body FROM exchange JOIN chat ON chat.id = exchange.chat "
        "WHERE chat.key = ? ORDER BY exchange.id",
        (past.key,),
    )
    unpacking = Unpacking(_pieces_in(connection))
    kept = [
        Kept(key, replace(_exchange(unpacking, *rest), number=number))
        for number, (key, *rest) in enumerate(rows.fetchall(), start=1)
    ]
    if past.earlier_version:
        kept = [replace(one, exchange=_remarked(one.exchange)) for one in kept]
    return Chat(past.key, past.begun, tuple(kept), past.earlier_version)


def _exchange(unpacking: Unpacking, question: str, outcome: str, text: str, body: str) -> Exchange:
    try:
        exchange = unpacking.record(Exchange, body)
    except ValueError as error:
        log.warning("an exchange cannot be read whole: %s", error)
        return Exchange(0, question, Outcome.STOPPED, text, message=UNREADABLE)
    return exchange if exchange.outcome in ENDED else replace(exchange, outcome=Outcome.STOPPED, message=INTERRUPTED)


def _remarked(exchange: Exchange) -> Exchange:
    """For the eye only: what is shown of another version of the file is never kept again."""
    notes = (EARLIER_VERSION, *exchange.notes)
    if exchange.answer is None:
        return replace(exchange, notes=notes)
    answer = replace(exchange.answer, notes=(EARLIER_VERSION, *exchange.answer.notes))
    return replace(exchange, notes=notes, answer=answer)


def _pieces_in(connection: sqlite3.Connection) -> Callable[[str], str]:
    def piece(name: str) -> str:
        row = connection.execute("SELECT body FROM piece WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return str(row[0])

    return piece


def _clean(text: str) -> str:
    """Without halves of characters, which SQLite does not take; the body has them."""
    return text.encode("utf-8", "replace").decode("utf-8")
