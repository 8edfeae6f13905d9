"""A file written whole or not at all: aside, synced, renamed."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PART = re.compile(r"\.(.+)\.\d+\.\d+\.part")
_WRITING: set[Path] = set()  # parts of this process


def write_whole(path: Path, write: Callable[[Path], object], *, must_replace: bool = False) -> None:
    """Let `write` fill a part beside `path`, sync it, and rename it into place.

    A file there that another process has open, which Windows does not replace, is taken for the same one, written
    already; where it `must_replace` a file, that raises `PermissionError`."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}.part")
    _WRITING.add(part)
    try:
        write(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        _put_in_place(part, path, must_replace=must_replace)
        _sync_folder(path.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        _WRITING.discard(part)


def give_up() -> None:
    """Leave no part behind where the process ends at once, whoever writes one. Windows keeps those that are open."""
    for part in tuple(_WRITING):
        with suppress(OSError):
            part.unlink(missing_ok=True)


def whole_name(name: str) -> str:
    """The name that a part was to get; of any other file its own."""
    part = PART.fullmatch(name)
    return part[1] if part else name


def _put_in_place(part: Path, path: Path, *, must_replace: bool) -> None:
    try:
        part.replace(path)
    except PermissionError:
        if must_replace or not path.exists():
            raise


def _sync_folder(folder: Path) -> None:
    """Make a rename last. Windows knows no such thing and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
