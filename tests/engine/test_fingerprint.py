"""What a file holds, as a name: the same wherever it lies, another when anything that films change changes."""

import os
import time
from pathlib import Path

import pytest

from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.fingerprint import BLOCK_BYTES, BLOCKS, SAMPLE_BYTES, content_hash

LONG = 50 * SAMPLE_BYTES


def sparse(path: Path, size: int = LONG) -> Path:
    """A long file that takes no room."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def written(path: Path, at: int, what: bytes = b"x") -> Path:
    with path.open("rb+") as file:
        file.seek(at)
        file.write(what)
    return path


def test_name_place_and_time_do_not_count(tmp_path):
    first = sparse(tmp_path / "a.mp4")
    before = content_hash(first)
    (tmp_path / "other").mkdir()
    moved = first.rename(tmp_path / "other" / "b.mkv")
    os.utime(moved, (1, 1))
    assert content_hash(moved) == before


@pytest.mark.parametrize("size", [0, 1, SAMPLE_BYTES - 1, SAMPLE_BYTES, 3 * SAMPLE_BYTES, 6 * SAMPLE_BYTES])
def test_of_a_short_file_every_byte_counts(tmp_path, size):
    path = sparse(tmp_path / "a", size)
    seen = {content_hash(path)}
    for at in range(0, size, max(size // 40, 1)):
        seen.add(content_hash(written(sparse(path, 0) and sparse(path, size), at)))
    assert len(seen) == 1 + len(range(0, size, max(size // 40, 1)))


def test_length_ends_and_any_run_of_a_megabyte_count(tmp_path):
    path = sparse(tmp_path / "a")
    seen = {content_hash(path), content_hash(sparse(path, LONG + 1))}
    run = b"x" * (LONG // (BLOCKS - 1) + BLOCK_BYTES)  # wherever it lies, it meets one of the places
    for at in (0, LONG - 1, *range(SAMPLE_BYTES, LONG - 2 * SAMPLE_BYTES, SAMPLE_BYTES)):
        sparse(path, 0)
        seen.add(content_hash(written(sparse(path), at, run if 0 < at < LONG - 1 else b"x")))
    assert len(seen) == 4 + len(range(SAMPLE_BYTES, LONG - 2 * SAMPLE_BYTES, SAMPLE_BYTES))


def test_of_a_film_of_gigabytes_six_megabytes_are_read(tmp_path):
    path = sparse(tmp_path / "a", 30 * 10**9)
    begun = time.perf_counter()
    content_hash(path)
    assert time.perf_counter() - begun < 1.0


def test_it_can_be_stopped_and_a_missing_file_is_an_error(tmp_path):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        content_hash(sparse(tmp_path / "a"), cancel=cancel)
    with pytest.raises(FileNotFoundError):
        content_hash(tmp_path / "gone")
