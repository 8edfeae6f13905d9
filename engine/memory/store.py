"""Prefixes and features on disk, so that a film opened again is not read again.

    store/<key>/about.json                      what it is of, for people; its modification time is the last use
    store/<key>/notes.json                      what was noticed while it was made
    store/<key>/00012.prefix.safetensors        one segment: there whole or not at all
    store/<key>/00013.features.safetensors

A file is written beside its place, synced and renamed; every read compares its checksum. A file that fails is deleted
and counts as missing. Several processes may work in one store at once: they write the same bytes to the same names,
and what another one evicts is missing, no more. Only files with such names are ever deleted, about.json last; a folder
of segments that lost it is the first to be evicted.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from safetensors import SafetensorError

from engine.errors import StoreError
from engine.memory.index_folder import ABOUT, NAME, NOTES, About, Entry, about_of, delete, entry_of, sweep
from engine.memory.packing import Kept, kind_of, load_file, save_file
from engine.whole_file import write_whole

__all__ = ["About", "Entry", "Store", "StoredIndex"]

log = logging.getLogger(__name__)

PRIVATE = 0o700  # what somebody watches is nobody else's business
TRUSTED_WRITES = 32  # other processes write too: look at the disk again after so many
TOUCH_SECONDS = 60.0


class Store:
    """A folder of indexes, together at most `limit_bytes`; the least recently used go first."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder, self.limit_bytes = folder, limit_bytes
        self._key, self._own, self._total = "", 0, 0  # bytes of that index and of all, by the last look at the disk
        self._unchecked = 0  # writes since then

    def index(self, key: str, about: About) -> StoredIndex:
        """Open or begin the index `key` and count it as used now. Raises `StoreError` if the folder cannot be had."""
        opened = StoredIndex(self, self.folder / key, about)
        with _told():
            _twice(opened.begin)
        return opened

    def entries(self) -> list[Entry]:
        """All indexes, the last used first. Raises `StoreError` if the folder cannot be read."""
        with _told(), suppress(FileNotFoundError, NotADirectoryError):
            found = [entry for folder in self.folder.iterdir() if (entry := entry_of(folder)) is not None]
            return sorted(found, key=lambda entry: entry.used_at, reverse=True)
        return []

    def clear(self, key: str | None = None) -> int:
        """Delete one index or all; returns the bytes that were freed."""
        return sum(delete(self.folder / entry.key) for entry in self.entries() if key in (None, entry.key))

    def make_room(self, wanted: int, *, reserved: int = 0, keep: str) -> bool:
        """Evict other indexes until `wanted` bytes more stay within the limit. False, and all stay, if `keep` alone
        would pass it with them and the `reserved` bytes it is still to get."""
        self._unchecked += 1
        if keep != self._key or self._unchecked > TRUSTED_WRITES or not self._fits(wanted, reserved):
            self._look(wanted, reserved, keep)
        return self._fits(wanted, reserved)

    def took(self, nbytes: int) -> None:
        """Count what was written to the index that room was made for."""
        self._own, self._total = self._own + nbytes, self._total + nbytes

    def _fits(self, wanted: int, reserved: int) -> bool:
        return self._total + wanted <= self.limit_bytes and self._own + wanted + reserved <= self.limit_bytes

    def _look(self, wanted: int, reserved: int, keep: str) -> None:
        """Count what lies on disk; delete what was not used for longest if that is what `wanted` needs."""
        entries = self.entries()
        self._key, self._unchecked = keep, 0
        self._own = sum(entry.nbytes for entry in entries if entry.key == keep)
        self._total = sum(entry.nbytes for entry in entries)
        if self._own + wanted + reserved > self.limit_bytes:
            return
        for entry in reversed(entries):  # least recently used first
            if self._total + wanted > self.limit_bytes and entry.key != keep:
                log.info("evicting the index of %s", entry.about.film)
                self._total -= delete(self.folder / entry.key)


class StoredIndex:
    """The segments of one film, as one model sees them, on disk."""

    def __init__(self, store: Store, folder: Path, about: About) -> None:
        self._store, self.folder, self.about = store, folder, about
        self._touched = time.monotonic()

    def begin(self) -> None:
        """Make its folder, say what it is of, and sweep up what killed processes left. Raises `OSError`."""
        self._make_folder()
        if about_of(self.folder) != self.about:
            self._tell()
        os.utime(self.folder / ABOUT)
        sweep(self.folder)

    def kinds(self) -> dict[int, str]:
        """Which segments are there, and as what; a prefix before features."""
        found: dict[int, str] = {}
        with suppress(OSError):
            for name in sorted((path.name for path in self.folder.iterdir()), reverse=True):  # prefix before features
                if matched := NAME.fullmatch(name):
                    found.setdefault(int(matched[1]), matched[2])
        return found

    def read(self, segment: int) -> Kept | None:
        """The prefix of a segment, else its features, else None. What is damaged is deleted."""
        for kind in ("prefix", "features"):
            path = self._path(segment, kind)
            try:
                return _load(path, segment, kind)
            except FileNotFoundError:
                continue
            except (SafetensorError, KeyError, ValueError) as error:
                log.warning("%s is damaged and is made again: %s", path.name, error)
                with suppress(OSError):
                    path.unlink()
            except (OSError, MemoryError, RuntimeError) as error:  # torch says RuntimeError where memory runs short
                log.warning("%s cannot be read now: %s", path.name, error)
        return None

    def write(self, kept: Kept, *, reserved: int = 0) -> bool:
        """Keep a segment, if there is room for it and `reserved` bytes more. Raises `StoreError` for a full disk."""
        with _told():
            if not self._store.make_room(kept.nbytes, reserved=reserved, keep=self.folder.name):
                return False
            _twice(lambda: self._put(kept))
        self._store.took(kept.nbytes)
        self.touch()
        return True

    def touch(self) -> None:
        """Count as used now. The disk hears of it once a minute at most."""
        now = time.monotonic()
        if now - self._touched >= TOUCH_SECONDS:
            self._touched = now
            with suppress(OSError):
                os.utime(self.folder / ABOUT)

    def notes(self) -> list[str]:
        """What `keep_notes` was given last."""
        try:
            return [str(note) for note in json.loads((self.folder / NOTES).read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            return []

    def keep_notes(self, notes: Sequence[str]) -> None:
        """Keep what was noticed, for whoever opens the index next; where the disk refuses, it is not kept."""
        words = json.dumps(list(notes), indent=1)
        with suppress(OSError):
            write_whole(self.folder / NOTES, lambda part: part.write_text(words, encoding="ascii"))

    def _put(self, kept: Kept) -> None:
        self._make_folder()
        if not (self.folder / ABOUT).exists():  # another process cleared or evicted it
            self._tell()
        write_whole(self._path(kept.segment, kind_of(kept)), lambda part: save_file(part, kept))

    def _make_folder(self) -> None:
        for folder in (self._store.folder, self.folder):
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)

    def _tell(self) -> None:
        """Write about.json; ASCII, so that names that are no text come back as they were."""
        words = json.dumps(asdict(self.about), indent=1, ensure_ascii=True)
        write_whole(self.folder / ABOUT, lambda part: part.write_text(words, encoding="ascii"))

    def _path(self, segment: int, kind: str) -> Path:
        return self.folder / f"{segment:05d}.{kind}.safetensors"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0].rstrip(".")
        raise StoreError(f"The index cannot be kept on disk: {reason}.") from error


def _twice(work: Callable[[], None]) -> None:
    """Another process may delete the folder between two steps: then they are taken once more."""
    try:
        work()
    except FileNotFoundError:
        work()


def _load(path: Path, segment: int, kind: str) -> Kept:
    kept = load_file(path)
    if (kept.segment, kind_of(kept)) != (segment, kind):
        raise ValueError(f"it holds the {kind_of(kept)} of segment {kept.segment}")
    return kept
