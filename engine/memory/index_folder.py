"""The folder of one index: which of its files are ours, what it is of, and how it goes."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.whole_file import whole_name

log = logging.getLogger(__name__)

KEY = re.compile(r"[0-9a-f]{24}")  # as engine.index_key makes them
NAME = re.compile(r"(\d{5})\.(prefix|features)\.safetensors")
ABOUT = "about.json"
NOTES = "notes.json"
STALE_SECONDS = 3600.0  # a part older than this belongs to a process that was killed


@dataclass(frozen=True, slots=True)
class About:
    """What an index is of, for people."""

    film: str
    model: str
    segments: int


UNKNOWN = About("a film unknown", "a model unknown", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One index as it lies on disk."""

    key: str
    about: About  # `UNKNOWN` if that was lost
    prefixes: int
    features: int
    nbytes: int  # of files that are ours
    used_at: float  # seconds since the epoch; 0 if that was lost


def entry_of(folder: Path) -> Entry | None:
    """What a folder holds that is ours. None if that is nothing, or if it cannot be told."""
    try:
        sizes, about = our_files(folder), about_of(folder)
        used_at = (folder / ABOUT).stat().st_mtime if ABOUT in sizes else 0.0
    except OSError:
        return None
    if about is None and not any(NAME.fullmatch(whole_name(name)) for name in sizes) and not KEY.fullmatch(folder.name):
        return None
    kinds = [matched[2] for name in sizes if (matched := NAME.fullmatch(name))]
    nbytes = sum(sizes.values())
    return Entry(folder.name, about or UNKNOWN, kinds.count("prefix"), kinds.count("features"), nbytes, used_at)


def about_of(folder: Path) -> About | None:
    """What about.json says. None if that is missing, damaged, or somebody else's."""
    try:
        return About(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def our_files(folder: Path) -> dict[str, int]:
    """Names and sizes of the files in a folder that are the store's, halves included. Raises `OSError`."""
    sizes: dict[str, int] = {}
    with os.scandir(folder) as found:
        for entry in found:
            name = whole_name(entry.name)
            if name in (ABOUT, NOTES) or NAME.fullmatch(name):
                with suppress(FileNotFoundError):
                    sizes[entry.name] = entry.stat().st_size
    return sizes


def delete(folder: Path) -> int:
    """Delete what is ours, about.json last: an end halfway leaves it listed. Returns the bytes really freed."""
    try:
        sizes = our_files(folder)
    except OSError:
        return 0
    about = sizes.pop(ABOUT, 0)
    freed = [size for name, size in sizes.items() if _gone(folder / name)]
    if len(freed) == len(sizes) and _gone(folder / ABOUT):
        freed.append(about)
        with suppress(OSError):  # files of others stay, and their folder with them
            folder.rmdir()
    return sum(freed)


def _gone(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be deleted: %s", path, error)
        return False
    return True


def sweep(folder: Path) -> None:
    """Delete what killed processes left half-written."""
    for name in our_files(folder):
        with suppress(OSError):
            if whole_name(name) != name and time.time() - (folder / name).stat().st_mtime > STALE_SECONDS:
                (folder / name).unlink()
