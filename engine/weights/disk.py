"""A model's folder on the disk: one writer at a time, a file under a second name, what a full disk is called."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import ModelError


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other windows and commands out of a model's folder. Raises `ModelError` where one is at work."""
    from filelock import FileLock, Timeout

    lock = folder.with_name(f"{folder.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise ModelError(f"{folder.name} is being downloaded or removed by another window or command.") from None
    except OSError as error:
        raise disk_error(error, folder) from error


def take(source: Path, path: Path) -> None:
    """The same file under another name, or a copy of it where the disk knows no second names."""
    path.unlink(missing_ok=True)
    try:
        path.hardlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, path)


def disk_error(error: OSError, folder: Path) -> ModelError:
    """What a disk that refuses says, in plain words."""
    if error.errno == errno.ENOSPC:
        return ModelError("The disk is full.", advice="What has arrived is kept: make room and try again.")
    return ModelError(f"The model cannot be written to {folder}: {error.strerror or error}.")
