"""The result of quantising a checkpoint, saved once, so that later starts read it instead of the original.

    cache/weights/KEY/about.json                       which model, which precision
    cache/weights/KEY/model-00001.safetensors, ...     every tensor as it is held, in shards
    cache/weights/KEY/model.safetensors.index.json     written last: without it the copy counts as absent

The key is the content of the original's files and the precision. A copy is written while the model loads, in shards of
half a gigabyte, so that no more than that stands in memory beside the model.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.fingerprint import fingerprint_of_all
from engine.store_place import cache_folder
from engine.weights.tensors import INDEX

if TYPE_CHECKING:
    from torch import Tensor

    from engine.weights.checkpoint import TempoConfig

SHARD_BYTES = 500_000_000
WORTH_A_COPY = 500_000_000  # bytes of the original: less is quantised as fast as it is read
LAYOUT = 1
ABOUT = "about.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QuantisedCopy:
    """Where the copy of one checkpoint at one precision lies, or will lie."""

    folder: Path

    @property
    def exists(self) -> bool:
        """Whether it is there, whole."""
        return (self.folder / INDEX).is_file()

    def remove(self) -> int:
        """Delete it; returns the bytes freed."""
        freed = sum(path.stat().st_size for path in self.folder.glob("*"))
        shutil.rmtree(self.folder, ignore_errors=True)
        return freed


def copy_of(config: TempoConfig, precision: str) -> QuantisedCopy | None:
    """The copy's place; None where the original is so small that a copy saves nothing."""
    files = sorted(config.folder.glob("*.safetensors"))
    if sum(path.stat().st_size for path in files) < WORTH_A_COPY:
        return None
    parts = [LAYOUT, precision, fingerprint_of_all(files)]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
    return QuantisedCopy(copies_folder() / key)


def copies_of(folder: Path) -> list[QuantisedCopy]:
    """The copies that were made of the checkpoint in a folder."""
    found = []
    for about in copies_folder().glob(f"*/{ABOUT}"):
        try:
            if json.loads(about.read_text(encoding="utf-8")).get("model") == str(folder):
                found.append(QuantisedCopy(about.parent))
        except (OSError, ValueError):
            continue
    return found


def copies_folder() -> Path:
    """Where all copies lie."""
    return cache_folder() / "weights"


@dataclass(slots=True)
class Writer:
    """Writes a copy tensor by tensor, into a folder of its own that `finish` puts in place. A disk that refuses ends
    the copy, not the loading: `finish` then says False."""

    copy: QuantisedCopy
    about: dict[str, str]
    failed: bool = False
    _waiting: dict[str, Tensor] = field(default_factory=dict)
    _waiting_bytes: int = 0
    _shard_of: dict[str, str] = field(default_factory=dict)

    def add(self, tensors: dict[str, Tensor]) -> None:
        """Take the tensors of one parameter."""
        if self.failed:
            return
        for name, tensor in tensors.items():
            self._waiting[name] = tensor.detach().cpu().contiguous()
            self._waiting_bytes += tensor.nbytes
        if self._waiting_bytes >= SHARD_BYTES:
            self._guarded(self._write_shard)

    def finish(self) -> bool:
        """Write what is left, and let the copy count."""
        if not self.failed:
            self._guarded(self._close)
        return not self.failed

    def discard(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._part, ignore_errors=True)
        self._waiting.clear()

    @property
    def _part(self) -> Path:
        return self.copy.folder.with_name(f"{self.copy.folder.name}.{os.getpid()}.part")

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # safetensors has its own error for a full disk
            log.warning("the quantised copy could not be saved: %s", error)
            self.failed = True
            self.discard()

    def _write_shard(self) -> None:
        from safetensors.torch import save_file

        if not self._shard_of:
            _sweep()
        self._part.mkdir(parents=True, exist_ok=True)
        name = f"model-{len(set(self._shard_of.values())) + 1:05d}.safetensors"
        save_file(self._waiting, self._part / name)
        _sync(self._part / name)
        self._shard_of |= dict.fromkeys(self._waiting, name)
        self._waiting, self._waiting_bytes = {}, 0

    def _close(self) -> None:
        if self._waiting:
            self._write_shard()
        (self._part / ABOUT).write_text(json.dumps(self.about))
        (self._part / INDEX).write_text(json.dumps({"weight_map": self._shard_of}))
        _sync(self._part / INDEX)
        self.copy.remove()
        self._part.rename(self.copy.folder)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs only what may be written
        os.fsync(file.fileno())


def _sweep() -> None:
    """Delete what processes that are gone had begun."""
    import psutil

    for part in copies_folder().glob("*.part"):
        owner = part.suffixes[0][1:] if len(part.suffixes) == 2 else ""
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(part, ignore_errors=True)
