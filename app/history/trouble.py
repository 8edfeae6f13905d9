"""An error of disk or database in, one plain sentence and what can be done about it out. Pure."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from app.history.schema import NewerError

_LOST = "New questions and answers are not being saved"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is saved for now."""

    message: str
    advice: str
    lasting: bool = False  # trying again is of no use


def trouble_of(error: BaseException, folder: Path) -> Trouble:
    """What to say."""
    name = getattr(error, "sqlite_errorname", None) or ""
    number = getattr(error, "errno", None)
    if isinstance(error, NewerError):
        return Trouble(
            f"{_LOST}, because a newer version of Tempo Desk wrote the history.",
            "It is left as it is; start that version to see it.",
            lasting=True,
        )
    if name.startswith("SQLITE_FULL") or number in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"{_LOST}, because the disk is full.", "Make room, and they will be.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")) or (not name and _held(error)):
        return Trouble(f"{_LOST} yet, because another program holds the history.", "It is tried again.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")) or isinstance(error, OSError):
        return Trouble(
            f"{_LOST}, because {folder} cannot be written.", "The program works on; allow it to write there to save."
        )
    return Trouble(f"{_LOST}, because the disk failed ({error}).", "The program works on, and it is tried again.")


def _held(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError)
