"""Films in the history: what is known of one, what is noted about it, which were opened last. SQL and nothing else."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from app.history.records import FilmCard, Past
from engine.record_archive import Unpacking, pack
from engine.records import VideoInfo

# the film and, one after another, what lay at its path before
LINE = "WITH RECURSIVE line (id) AS (VALUES (?) UNION SELECT film.earlier FROM film JOIN line USING (id) " \
       "WHERE film.earlier IS NOT NULL) "  # fmt: skip


def film_of(connection: sqlite3.Connection, content: str, path: Path) -> Past:
    """What is known of the film that was found at `path`, its conversations aside."""
    row = connection.execute(
        "SELECT path, seconds, picture IS NOT NULL FROM film WHERE content = ?", (content,)
    ).fetchone()
    if row is None:
        return Past(content, path, changed=_other_here(connection, content, path) is not None)
    before = path_from(row[0])
    return Past(
        content,
        path,
        known=True,
        seconds=row[1],
        has_picture=bool(row[2]),
        moved_from=before if before != path else None,
        changed=before != path and _other_here(connection, content, path) is not None,
    )


def note_opened(connection: sqlite3.Connection, content: str, video: VideoInfo, now: float) -> None:
    """The film was opened: it goes to the top of the list, and takes the place of what lay there before."""
    other = _other_here(connection, content, video.path)
    new = ensure_film(connection, content, video, now)
    connection.execute(
        "UPDATE film SET path = ?, video = ?, opened = ?, listed = 1 WHERE content = ?",
        (path_text(video.path), _video_text(video), now, content),
    )
    if other is not None:
        connection.execute("UPDATE film SET listed = 0 WHERE id = ?", (other,))
        if new:
            connection.execute("UPDATE film SET earlier = ? WHERE content = ?", (other, content))
    connection.execute(  # found again elsewhere, it is no earlier version of what lies where it lay
        "UPDATE film SET earlier = NULL WHERE earlier = (SELECT id FROM film WHERE content = ?) AND path <> ?",
        (content, path_text(video.path)),
    )


def ensure_film(connection: sqlite3.Connection, content: str, video: VideoInfo, now: float) -> bool:
    """Have a row for the film, also if another window forgot it meanwhile. True if it is new."""
    made = connection.execute(
        "INSERT OR IGNORE INTO film (content, path, video, opened) VALUES (?, ?, ?, ?)",
        (content, path_text(video.path), _video_text(video), now),
    )
    return made.rowcount == 1


def keep_place(connection: sqlite3.Connection, content: str, seconds: float) -> None:
    """Where the film stands."""
    connection.execute("UPDATE film SET seconds = ? WHERE content = ?", (seconds, content))


def keep_picture(connection: sqlite3.Connection, content: str, picture: bytes) -> None:
    """Its picture in the list, JPEG."""
    connection.execute("UPDATE film SET picture = ? WHERE content = ?", (picture, content))


def recent_films(connection: sqlite3.Connection) -> tuple[FilmCard, ...]:
    """The list, last opened first."""
    rows = connection.execute(
        "SELECT content, video, seconds, opened, picture, (SELECT count(*) FROM exchange JOIN chat ON chat.id = "
        "exchange.chat WHERE chat.film = film.id) FROM film WHERE listed ORDER BY opened DESC, id DESC"
    )
    return tuple(_card(*row) for row in rows)


def unlist(connection: sqlite3.Connection, content: str | None) -> None:
    """Take a film, or with None every film, off the list; what was asked about it stays."""
    connection.execute("UPDATE film SET listed = 0 WHERE content = coalesce(?, content)", (content,))


def forget(connection: sqlite3.Connection, content: str | None) -> None:
    """Delete a film and what lay there before, or with None every film, and all that was asked about them."""
    if content is None:
        connection.execute("DELETE FROM film")
    else:
        row = connection.execute("SELECT id FROM film WHERE content = ?", (content,)).fetchone()
        if row is not None:
            connection.execute(f"{LINE} DELETE FROM film WHERE id IN line", row)
    connection.execute("DELETE FROM piece WHERE name NOT IN (SELECT piece FROM uses)")


def path_text(path: Path) -> str:
    """A path as it is kept."""
    return json.dumps(str(path))


def path_from(text: str) -> Path:
    """The path that `path_text` wrote."""
    return Path(json.loads(text))


def _video_text(video: VideoInfo) -> str:
    (reference, pieces) = pack(video)
    assert not pieces, reference  # a film by itself is no piece
    return reference


def _card(content: str, video: str, seconds: float, opened: float, picture: bytes | None, questions: int) -> FilmCard:
    info = Unpacking(_no_piece).record(VideoInfo, video)
    return FilmCard(content, info.path, info.duration_seconds, seconds, opened, questions, picture or b"")


def _no_piece(name: str) -> str:
    raise KeyError(name)


def _other_here(connection: sqlite3.Connection, content: str, path: Path) -> int | None:
    """The film that lay at this path when it was opened last, if it is another one."""
    row = connection.execute(
        "SELECT id, content FROM film WHERE path = ? ORDER BY opened DESC, id DESC LIMIT 1", (path_text(path),)
    ).fetchone()
    return row[0] if row is not None and row[1] != content else None
