"""Prefixes and features on disk, so that a film opened again is not read again.

    store/<key>/about.json                      what it is, for people; its modification time is the last use
    store/<key>/00012.prefix.safetensors        one segment: there whole or not at all
    store/<key>/00013.features.safetensors

A file is written beside its place, synced and renamed; its header holds a checksum over its tensors, which every read
compares. A file that fails is deleted and counts as missing. Several processes may work in one store at once: they
write the same bytes to the same names, and a file that another one evicts is missing, no more.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, uint8

from engine.errors import StoreError
from engine.memory.packing import Kept, kind_of, pack, unpack
from engine.whole_file import PART, write_whole

log = logging.getLogger(__name__)

NAME = re.compile(r"(\d{5})\.(prefix|features)\.safetensors")
ABOUT = "about.json"
TRUSTED_WRITES = 32  # other processes write too: look at the disk again after so many
STALE_SECONDS = 3600.0  # a part older than this belongs to a process that was killed
CHECKSUM = "sha256"


@dataclass(frozen=True, slots=True)
class About:
    """What an index is of, for people."""

    film: str
    model: str
    segments: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One index as it lies on disk."""

    key: str
    about: About
    prefixes: int
    features: int
    nbytes: int
    used_at: float  # seconds since the epoch


class Store:
    """A folder of indexes, together at most `limit_bytes`; the least recently used go first."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder, self.limit_bytes = folder, limit_bytes
        self._spare_bytes, self._unchecked = 0, 0  # room found by the last look at the disk, writes since then

    def index(self, key: str, about: About) -> StoredIndex:
        """Open or begin the index `key` and count it as used now. Raises `StoreError` if the folder cannot be had."""
        folder = self.folder / key
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / ABOUT).exists():
                write_whole(folder / ABOUT, lambda part: part.write_text(json.dumps(asdict(about), indent=1)))
            os.utime(folder / ABOUT)
            _sweep(folder)
        except OSError as error:
            raise StoreError(f"The index cannot be kept on disk: {error.strerror or error}.") from error
        return StoredIndex(self, folder)

    def entries(self) -> list[Entry]:
        """All indexes, the last used first."""
        if not self.folder.is_dir():
            return []
        found = [entry for folder in self.folder.iterdir() if (entry := _entry(folder)) is not None]
        return sorted(found, key=lambda entry: entry.used_at, reverse=True)

    def clear(self, key: str | None = None) -> int:
        """Delete one index or all; returns the bytes that were freed."""
        gone = [entry for entry in self.entries() if key in (None, entry.key)]
        for entry in gone:
            shutil.rmtree(self.folder / entry.key, ignore_errors=True)
        return sum(entry.nbytes for entry in gone)

    def make_room(self, wanted: int, *, keep: str) -> bool:
        """Evict other indexes until `wanted` bytes more stay within the limit. False if they cannot."""
        self._unchecked += 1
        if wanted > self._spare_bytes or self._unchecked > TRUSTED_WRITES:
            self._spare_bytes, self._unchecked = self._evict(wanted, keep), 0
        return wanted <= self._spare_bytes

    def took(self, nbytes: int) -> None:
        """Count what was written."""
        self._spare_bytes -= nbytes

    def _evict(self, wanted: int, keep: str) -> int:
        """Room within the limit, after deleting what was not used for longest until `wanted` fits."""
        entries = self.entries()
        total = sum(entry.nbytes for entry in entries)
        for entry in reversed(entries):  # least recently used first
            if total + wanted <= self.limit_bytes:
                break
            if entry.key != keep:
                log.info("evicting the index of %s", entry.about.film)
                shutil.rmtree(self.folder / entry.key, ignore_errors=True)
                total -= entry.nbytes
        return self.limit_bytes - total


class StoredIndex:
    """The segments of one film, as one model sees them, on disk."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self.folder = store, folder

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
                return _read(path)
            except FileNotFoundError:
                continue
            except (OSError, SafetensorError, KeyError, ValueError, _DamagedError) as error:
                log.warning("%s is damaged and is made again: %s", path.name, error)
                with suppress(OSError):
                    path.unlink()
        return None

    def write(self, kept: Kept, *, reserved: int = 0) -> bool:
        """Keep a segment, if there is room for it and `reserved` bytes more. Raises `StoreError` for a full disk."""
        if not self._store.make_room(kept.nbytes + reserved, keep=self.folder.name):
            return False
        tensors, words = pack(kept)
        words[CHECKSUM] = _checksum(tensors)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)  # another process may have cleared the store
            path = self._path(kept.segment, kind_of(kept))
            write_whole(path, lambda part: save_file(tensors, part, metadata=words))
        except (OSError, SafetensorError) as error:
            raise StoreError(f"The index cannot be kept on disk: {_reason(error)}.") from error
        self._store.took(kept.nbytes)
        return True

    def _path(self, segment: int, kind: str) -> Path:
        return self.folder / f"{segment:05d}.{kind}.safetensors"


class _DamagedError(Exception):
    pass


def _read(path: Path) -> Kept:
    with safe_open(path, framework="pt") as file:
        words = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    if words.get(CHECKSUM) != _checksum(tensors):
        raise _DamagedError("its checksum differs")
    return unpack(tensors, words)


def _checksum(tensors: dict[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.view(uint8).numpy().data)
    return digest.hexdigest()


def _sweep(folder: Path) -> None:
    """Delete what killed processes left half-written."""
    for part in folder.glob(f".*{PART}"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_SECONDS:
                part.unlink()


def _entry(folder: Path) -> Entry | None:
    try:
        about = About(**json.loads((folder / ABOUT).read_text()))
        used_at = (folder / ABOUT).stat().st_mtime
        files = list(_files(folder))
    except (OSError, ValueError, TypeError):
        return None  # not ours, or just going
    kinds = [matched[2] for name, _ in files if (matched := NAME.fullmatch(name))]
    return Entry(
        key=folder.name,
        about=about,
        prefixes=kinds.count("prefix"),
        features=kinds.count("features"),
        nbytes=sum(size for _, size in files),
        used_at=used_at,
    )


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as found:
        for entry in found:
            with suppress(FileNotFoundError):
                yield entry.name, entry.stat().st_size


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).splitlines()[0].rstrip(".")
