"""The one thread that reads and writes the history. Wishes in, in order; what was read, and trouble, out by callbacks.

A write that fails stays and is tried again, so that a full disk that gets room again has lost nothing. Of several
writes under one name only the last is made. A callback runs on this thread.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.history.database import is_damage, open_history, set_aside
from app.history.place import FILE
from app.history.schema import NewerError
from app.history.trouble import Trouble, trouble_of

log = logging.getLogger(__name__)

RETRY_SECONDS = 3.0
_LAST_BUSY_MILLISECONDS = 300  # the person has closed the window and waits


@dataclass(frozen=True, slots=True)
class Write:
    """One change. It is made within a transaction, and must do no harm when made twice."""

    name: str  # a later write of the same name takes its place
    apply: Callable[[sqlite3.Connection], object]
    film: str = ""  # the film it belongs to
    forgets: str | None = None  # waiting writes for this film, or with "" for every film, are void
    wipes: bool = False  # nothing of what was deleted may stay in the file


@dataclass(frozen=True, slots=True)
class Read:
    """One look. `otherwise` is told where the history cannot be read."""

    apply: Callable[[sqlite3.Connection], Any]
    tell: Callable[[Any], None]
    otherwise: Any = None


class Writer(threading.Thread):
    """Opens the history at its first wish, and closes it at its end."""

    def __init__(self, folder: Path, troubled: Callable[[Trouble | None], None], noted: Callable[[str], None]) -> None:
        super().__init__(name="history", daemon=True)  # a disk that hangs must not keep the process
        self._folder, self._tell_trouble, self._note = folder, troubled, noted
        self._wishes: queue.SimpleQueue[Write | Read | None] = queue.SimpleQueue()
        self._waiting: dict[str, Write] = {}
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None  # that is open
        self._trouble: Trouble | None = None
        self._retry_at = 0.0

    def put(self, wish: Write | Read) -> None:
        """From any thread."""
        self._wishes.put(wish)

    def finish(self) -> None:
        """Make what waits, then end."""
        self._wishes.put(None)

    def run(self) -> None:
        """Until `finish`."""
        while self._round():
            pass
        if self._connection is not None:
            self._connection.execute(f"PRAGMA busy_timeout = {_LAST_BUSY_MILLISECONDS}")
        self._write_waiting(at_last=True)
        if self._waiting:
            log.warning("%d changes of the history were not written", len(self._waiting))
        self._close()

    def _round(self) -> bool:
        """What has come by now, in order. False at the end."""
        pause = max(self._retry_at - time.monotonic(), 0.05) if self._waiting else None
        try:
            wish = self._wishes.get(timeout=pause)
            while wish is not None:
                self._take(wish)
                wish = self._wishes.get_nowait()
        except queue.Empty:
            self._write_waiting()
            return True
        return False

    def _take(self, wish: Write | Read) -> None:
        if isinstance(wish, Read):
            self._write_waiting()
            self._read(wish)
            return
        if wish.forgets is not None:
            self._waiting = {
                name: write for name, write in self._waiting.items() if wish.forgets not in ("", write.film)
            }
        self._waiting[wish.name] = wish

    def _read(self, wish: Read) -> None:
        try:
            found = wish.apply(self._opened())
        except (sqlite3.Error, OSError, NewerError) as error:
            self._suffer(error)
            found = wish.otherwise
        except Exception:
            log.exception("the history cannot be read")
            found = wish.otherwise
        wish.tell(found)

    def _write_waiting(self, *, at_last: bool = False) -> None:
        if not self._waiting or (self._trouble and time.monotonic() < self._retry_at and not at_last):
            return
        try:
            self._write_all(self._opened())
        except (sqlite3.Error, OSError, NewerError) as error:
            self._suffer(error)
            return
        wiped = any(write.wipes for write in self._waiting.values())
        self._waiting.clear()
        if self._trouble is not None:
            self._trouble = None
            self._tell_trouble(None)
        if wiped:
            self._wipe()

    def _write_all(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for name, write in list(self._waiting.items()):
                connection.execute("SAVEPOINT one")
                try:
                    write.apply(connection)
                except (sqlite3.OperationalError, OSError):
                    raise
                except sqlite3.DatabaseError as error:
                    if is_damage(error):
                        raise
                    self._drop(connection, name)
                except Exception:  # it would fail again for ever, and hold up the others
                    self._drop(connection, name)
                connection.execute("RELEASE one")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk ends it by itself
                connection.execute("ROLLBACK")
            raise

    def _drop(self, connection: sqlite3.Connection, name: str) -> None:
        log.exception("%s cannot be written", name)
        del self._waiting[name]
        connection.execute("ROLLBACK TO one")
        self._note("Something could not be saved; the log has the details.")

    def _wipe(self) -> None:
        """What was deleted is overwritten in the file; here it goes from the log of changes too."""
        try:
            self._opened().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:  # another window reads: the last to close does it
            log.info("the log of changes stays for now: %s", error)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None and self._file != _file_at(self._folder / FILE):
            self._close()  # deleted, or set aside by another window
        if self._connection is None:
            self._connection, note = open_history(self._folder)
            self._file = _file_at(self._folder / FILE)
            if note:
                self._note(note)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _suffer(self, error: Exception) -> None:
        """Say it once, and try again later on a file opened anew; a damaged one is left behind."""
        log.warning("the history: %s", error)
        self._close()
        if is_damage(error) and self._left_behind():
            self._retry_at = time.monotonic()
            return
        self._retry_at = time.monotonic() + RETRY_SECONDS
        trouble = trouble_of(error, self._folder)
        if self._trouble is None or self._trouble.message != trouble.message:
            self._trouble = trouble
            self._tell_trouble(trouble)

    def _left_behind(self) -> bool:
        """Give a file that turned out to be damaged another name."""
        try:
            aside = set_aside(self._folder / FILE)
        except OSError as error:
            log.warning("the damaged history stays where it is: %s", error)
            return False
        self._note(f"The saved questions were damaged. The file is kept as {aside.name}, and a new history was begun.")
        return True


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file it is, whatever it is called; None if it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
