"""A folder in, an open history out; what cannot be used is told in one sentence, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from app.history.place import FILE
from app.history.schema import VERSION, NewerError, migrate

BUSY_SECONDS = 1.0  # how long another window's write is waited for
_CHECKED_BYTES = 64_000_000  # a file up to this size is read through at every start, in a tenth of a second
_BESIDE = ("", "-wal", "-shm")


class DamagedError(Exception):
    """The file is no database, or a broken one."""


def open_history(folder: Path) -> tuple[sqlite3.Connection, str]:
    """The history in a folder, made if it is not there, and a sentence about it or none.

    A damaged file is set aside under another name and a new one begun. A file that may only be read is opened for
    reading. Raises `NewerError`, `OSError` or `sqlite3.Error`.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _writable(path), ""
    except DamagedError:
        return _afresh(path)
    except (OSError, sqlite3.OperationalError):  # a folder, or a file system, that may only be read
        if (path.exists() and not os.access(path, os.W_OK)) or not os.access(folder, os.W_OK):
            return _readable(path), ""
        raise


def _afresh(path: Path) -> tuple[sqlite3.Connection, str]:
    """Set a damaged file aside, unless another window just did, and begin a new one."""
    from filelock import FileLock, Timeout  # it imports asyncio, which a start has no time for

    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=BUSY_SECONDS):
            try:
                return _writable(path), ""
            except DamagedError:
                aside = set_aside(path)
                return _writable(path), (
                    f"The saved questions could not be read. The damaged file is kept as {aside.name} in "
                    f"{path.parent}, and a new history was begun."
                )
    except Timeout as error:
        raise sqlite3.OperationalError("another program holds the history") from error


def set_aside(path: Path) -> Path:
    """Give a damaged file another name; returns it."""
    stem = f"history-damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    taken = (path.with_name(f"{stem}{number}.sqlite") for number in ("", *(f"-{count}" for count in range(2, 1000))))
    aside = next(name for name in taken if not name.exists())
    for ending in _BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))
    return aside


def is_damage(error: BaseException) -> bool:
    """True for what only another file can help against."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return isinstance(error, DamagedError) or name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _writable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _check(connection, path)
        _patiently(connection, "PRAGMA journal_mode = WAL")  # where that cannot be, SQLite keeps its older way
        connection.execute("PRAGMA synchronous = NORMAL")  # a kill loses nothing, a power cut the last moments
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # forgotten means gone
        migrate(connection)
    except sqlite3.Error as error:
        connection.close()
        if is_damage(error):
            raise DamagedError(str(error)) from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """For a statement that does not wait for another window by itself."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _readable(path: Path) -> sqlite3.Connection:
    """Where not even the files beside it may be written, SQLite has to be told that nobody else writes."""
    for wish in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{wish}", uri=True, isolation_level=None)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > VERSION:
                raise NewerError(f"version {version}")
            if version == VERSION:
                return connection
            connection.close()
        except sqlite3.OperationalError:
            connection.close()
        except BaseException:
            connection.close()
            raise
    raise PermissionError(13, "cannot be written", str(path))


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size <= _CHECKED_BYTES:
        told = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if told != "ok":
            raise DamagedError(told)
