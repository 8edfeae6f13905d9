"""The store on disk: whole or not at all; damaged is missing; least recently used goes first; full disks are told."""

from __future__ import annotations

import errno
import os
import time

import pytest
import torch

from engine.errors import StoreError
from engine.memory.features import Features
from engine.memory.packing import pack, unpack
from engine.memory.prefix import Prefix
from engine.memory.store import About, Store

ABOUT = About("/films/a.mp4", "nano", 3)


def prefix(segment, *, dtype=torch.float32, length=5):
    generator = torch.Generator().manual_seed(segment)
    keys, values = (tuple(torch.randn(2, length, 4, generator=generator).to(dtype) for _ in range(3)) for _ in range(2))
    return Prefix(segment, keys, values, next_position=length + 7)


def features(segment):
    generator = torch.Generator().manual_seed(segment)
    return Features(
        segment, (2, 4, 6), torch.randn(12, 8, generator=generator), (torch.randn(12, 8, generator=generator),)
    )


def tensors(kept):
    return pack(kept)[0]


def assert_same(one, other):
    assert type(one) is type(other)
    assert pack(one)[1] == pack(other)[1]
    for name, tensor in tensors(one).items():
        torch.testing.assert_close(tensors(other)[name], tensor, atol=0, rtol=0)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", 1_000_000)


@pytest.mark.parametrize("kept", [prefix(3), prefix(4, dtype=torch.bfloat16), features(5)])
def test_what_is_written_is_read_by_whoever_opens_the_store_next(store, kept):
    assert store.index("a", ABOUT).write(kept)
    again = Store(store.folder, store.limit_bytes).index("a", ABOUT)
    assert_same(again.read(kept.segment), kept)
    assert again.kinds() == {kept.segment: pack(kept)[1]["kind"]}
    assert_same(unpack(*pack(kept)), kept)


def test_a_prefix_goes_before_features(store):
    index = store.index("a", ABOUT)
    index.write(features(1))
    index.write(prefix(1))
    assert index.kinds() == {1: "prefix"}
    assert isinstance(index.read(1), Prefix)


def test_a_segment_never_written_is_missing(store):
    assert store.index("a", ABOUT).read(0) is None


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "swap"])
def test_a_damaged_segment_is_missing_and_gone_and_can_be_written_again(store, harm):
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    index.write(prefix(1))
    path = index.folder / "00000.prefix.safetensors"
    content = bytearray(path.read_bytes())
    if harm == "flip":
        content[-3] ^= 1
    harmed = {"flip": content, "cut": content[:-10], "empty": b"", "swap": b"junk" * 100}[harm]
    path.write_bytes(bytes(harmed))
    assert index.read(0) is None
    assert not path.exists()
    assert isinstance(index.read(1), Prefix)
    assert index.write(prefix(0))
    assert_same(index.read(0), prefix(0))


def test_what_was_used_least_recently_goes_first(tmp_path):
    one = prefix(0).nbytes
    store = Store(tmp_path, 0)
    sizes = {}
    for age, key in enumerate(("old", "older", "new")):
        store.limit_bytes = 10**9
        store.index(key, ABOUT).write(prefix(0))
        sizes[key] = store.entries()[0].nbytes
        moment = time.time() - {"old": 50, "older": 90, "new": 10}[key] + age
        os.utime(tmp_path / key / "about.json", (moment, moment))
    fresh = Store(tmp_path, sum(sizes.values()))
    assert fresh.index("fourth", ABOUT).write(prefix(0))
    assert {entry.key for entry in fresh.entries()} == {"old", "new", "fourth"}
    assert one < sizes["old"]


def test_a_film_that_fills_the_store_alone_keeps_what_fits(tmp_path):
    store = Store(tmp_path, 5 * prefix(0).nbytes)
    index = store.index("a", ABOUT)
    written = [index.write(prefix(place)) for place in range(8)]
    assert written == sorted(written, reverse=True)
    assert 1 <= sum(written) <= 5
    assert store.entries()[0].nbytes <= 5 * prefix(0).nbytes + 2000 * sum(written)


def test_room_that_is_reserved_is_left(tmp_path):
    index = Store(tmp_path, 3 * prefix(0).nbytes).index("a", ABOUT)
    assert not index.write(prefix(0), reserved=3 * prefix(0).nbytes)
    assert index.kinds() == {}


def test_a_full_disk_is_told_and_leaves_nothing_behind(store, monkeypatch):
    index = store.index("a", ABOUT)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("engine.memory.store.save_file", full)
    with pytest.raises(StoreError, match="No space left on device"):
        index.write(prefix(0))
    assert sorted(path.name for path in index.folder.iterdir()) == ["about.json"]


def test_a_store_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be kept on disk"):
        Store(tmp_path / "file", 100).index("a", ABOUT)


def test_halves_of_killed_writers_are_swept_but_not_those_of_living_ones(store):
    index = store.index("a", ABOUT)
    old, young = (index.folder / f".{name}.part" for name in ("old", "young"))
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    store.index("a", ABOUT)
    assert not old.exists()
    assert young.exists()
    assert index.kinds() == {}


def test_another_process_may_clear_the_store_meanwhile(store):
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    freed = Store(store.folder, store.limit_bytes).clear()
    assert freed > prefix(0).nbytes
    assert index.read(0) is None
    assert index.write(prefix(0))
    assert_same(index.read(0), prefix(0))


def test_clearing_one_leaves_the_others(store):
    for key in ("a", "b"):
        store.index(key, ABOUT).write(prefix(0))
    store.clear("a")
    assert [entry.key for entry in store.entries()] == ["b"]


def test_what_is_not_ours_is_left_alone(store):
    store.index("a", ABOUT).write(prefix(0))
    stranger = store.folder / "stranger"
    stranger.mkdir()
    (stranger / "letter.txt").write_text("keep me")
    assert [entry.key for entry in store.entries()] == ["a"]
    store.clear()
    assert (stranger / "letter.txt").exists()
