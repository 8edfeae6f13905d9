"""A file in, a short text out that changes when the file does, without reading all of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

SAMPLE_BYTES = 1 << 20


def file_stamp(path: Path) -> tuple[int, int]:
    """Size and modification time. Raises `OSError`."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def fingerprint(path: Path) -> str:
    """Hash size, modification time, and the first, middle and last MiB. Raises `OSError`."""
    stat = path.stat()
    digest = hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode())
    with path.open("rb") as file:
        for start in sorted({0, max(0, (stat.st_size - SAMPLE_BYTES) // 2), max(0, stat.st_size - SAMPLE_BYTES)}):
            file.seek(start)
            digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def fingerprint_of_all(paths: list[Path]) -> str:
    """One text for several files, with their names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.name} {fingerprint(path)}\n".encode())
    return digest.hexdigest()
