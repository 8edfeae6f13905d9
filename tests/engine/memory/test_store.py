"""The store on disk: whole or not at all; damaged is missing; least recently used goes first; full disks are told."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest
import torch

from engine.errors import StoreError
from engine.memory.eight_bit import SmallPrefix
from engine.memory.features import Features
from engine.memory.packing import pack, unpack
from engine.memory.prefix import Prefix
from engine.memory.store import About, Store

ABOUT = About("/films/a.mp4", "nano", 3)
KEY = "0123456789abcdef01234567"


def prefix(segment, *, dtype=torch.float32, length=5):
    generator = torch.Generator().manual_seed(segment)
    keys, values = (tuple(torch.randn(2, length, 4, generator=generator).to(dtype) for _ in range(3)) for _ in range(2))
    return Prefix(segment, keys, values, next_position=length + 7)


def features(segment):
    generator = torch.Generator().manual_seed(segment)
    return Features(
        segment, (2, 4, 6), torch.randn(12, 8, generator=generator), (torch.randn(12, 8, generator=generator),)
    )


def small_prefix(segment):
    codes = torch.arange(240, dtype=torch.uint8).view(2, 3, 2, 5, 4)
    return SmallPrefix(segment, codes, torch.ones(4), "bfloat16", 12)


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


@pytest.mark.parametrize("kept", [prefix(3), prefix(4, dtype=torch.bfloat16), features(5), small_prefix(6)])
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


@pytest.mark.parametrize(
    ("kept", "was", "becomes"),
    [
        (prefix(0), '"next_position":"12"', '"next_position":"13"'),
        (prefix(0), '"segment":"0"', '"segment":"1"'),
        (prefix(0), '"next_position"', '"oext_position"'),
        (prefix(0), '"sha256"', '"sha257"'),
        (small_prefix(0), '"dtype":"bfloat16"', '"dtype":"bfloat17"'),
        (features(0), '"grid":"2,4,6"', '"grid":"2,6,4"'),
    ],
)
def test_the_checksum_covers_the_words_too(store, kept, was, becomes):
    index = store.index("a", ABOUT)
    index.write(kept)
    path = index.folder / f"00000.{pack(kept)[1]['kind']}.safetensors"
    content = path.read_bytes()
    assert content.count(was.encode()) == 1
    path.write_bytes(content.replace(was.encode(), becomes.encode()))
    assert index.read(0) is None
    assert not path.exists()


def test_a_file_under_the_name_of_another_segment_is_damaged(store):
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    wrong = index.folder / "00001.prefix.safetensors"
    (index.folder / "00000.prefix.safetensors").rename(wrong)
    assert index.read(1) is None
    assert not wrong.exists()


def test_what_was_read_is_not_tied_to_the_file(store):
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    path = index.folder / "00000.prefix.safetensors"
    kept = index.read(0)
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)
    assert_same(kept, prefix(0))


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), MemoryError(), RuntimeError("can't allocate")])
def test_what_cannot_be_read_now_is_missing_and_stays(store, monkeypatch, error):
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    with monkeypatch.context() as patched:
        patched.setattr("engine.memory.packing.load", lambda _: (_ for _ in ()).throw(error))
        assert index.read(0) is None
    assert_same(index.read(0), prefix(0))


def test_a_process_without_handles_left_deletes_nothing(store):
    resource = pytest.importorskip("resource")  # Windows has none
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        assert index.read(0) is None
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
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


def aged(store, key, seconds):
    """Make an index of one segment that was used so long ago."""
    Store(store.folder, 10**9).index(key, ABOUT).write(prefix(0))
    os.utime(store.folder / key / "about.json", (time.time() - seconds,) * 2)
    return next(entry.nbytes for entry in store.entries() if entry.key == key)


def test_nothing_is_evicted_for_what_does_not_fit_anyway(tmp_path):
    store = Store(tmp_path, 3 * prefix(0).nbytes)
    aged(store, "old", 90)
    assert not store.index("a", ABOUT).write(prefix(0), reserved=3 * prefix(0).nbytes)
    assert {entry.key for entry in store.entries()} == {"old", "a"}


def test_room_is_made_for_what_is_written_not_for_what_is_reserved(tmp_path):
    store = Store(tmp_path, 0)
    one = aged(store, "old", 50)
    aged(store, "older", 90)
    index = store.index("a", ABOUT)
    store.limit_bytes = 3 * one + 100
    assert index.write(prefix(0), reserved=one)
    assert {entry.key for entry in store.entries()} == {"old", "older", "a"}
    assert index.write(prefix(1))
    assert {entry.key for entry in store.entries()} == {"old", "a"}


def test_use_counts_as_use(tmp_path, monkeypatch):
    store = Store(tmp_path, 10**9)
    index = store.index("a", ABOUT)
    about = index.folder / "about.json"

    def used_anew(work):
        os.utime(about, (1000, 1000))
        work()
        return about.stat().st_mtime > 1000

    assert not used_anew(index.touch)  # opened a moment ago
    monkeypatch.setattr("engine.memory.store.TOUCH_SECONDS", 0.0)
    assert used_anew(index.touch)
    assert used_anew(lambda: index.write(prefix(0)))


def test_a_store_that_cannot_be_looked_through_is_told(store, monkeypatch):
    index = store.index("a", ABOUT)

    def refused(_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(StoreError, match="Permission denied"):
        index.write(prefix(0))
    with pytest.raises(StoreError, match="Permission denied"):
        store.entries()


def test_folders_are_private(store):
    index = store.index("a", ABOUT)
    assert [folder.stat().st_mode & 0o777 for folder in (store.folder, index.folder)] == [0o700, 0o700]


def test_names_that_are_no_text_come_back(store):
    about = About(os.fsdecode(b"/films/\xff\xfe \xf0\x9f\x8e\xac \xe9.mp4"), "nano", 3)
    store.index("a", about)
    assert store.entries()[0].about == about


def test_notes_are_there_for_whoever_opens_the_index_next(store):
    index = store.index("a", ABOUT)
    assert index.notes() == []
    index.keep_notes(["Two frames are missing.", "H\u00f6her \udcff"])
    assert store.index("a", ABOUT).notes() == ["Two frames are missing.", "H\u00f6her \udcff"]
    (index.folder / "notes.json").write_text("{")
    assert index.notes() == []
    store.clear()
    assert not index.folder.exists()
    index.keep_notes(["Nobody can keep this."])


def test_a_film_that_moved_is_told_where_it_is_now(store):
    store.index("a", About("/before.mp4", "nano", 3))
    store.index("a", ABOUT)
    assert store.entries()[0].about == ABOUT


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
    old, young = (index.folder / f".00000.prefix.safetensors.1.{number}.part" for number in (1, 2))
    for part in (old, young):
        part.write_bytes(b"half")
    stranger = index.folder / ".letter.part"
    stranger.write_bytes(b"keep me")
    for path in (old, stranger):
        os.utime(path, (time.time() - 7200,) * 2)
    store.index("a", ABOUT)
    assert stranger.exists()
    assert not old.exists()
    assert young.exists()
    assert index.kinds() == {}


def test_another_process_may_clear_the_store_meanwhile(store):
    index = store.index("a", ABOUT)
    index.write(prefix(0))
    freed = Store(store.folder, store.limit_bytes).clear()
    assert freed > prefix(0).nbytes
    assert not index.folder.exists()
    assert index.read(0) is None
    assert index.write(prefix(0))
    assert_same(index.read(0), prefix(0))
    assert [(entry.about, entry.prefixes) for entry in store.entries()] == [(ABOUT, 1)]


def test_another_process_may_clear_the_store_in_the_middle_of_a_write(store, monkeypatch):
    from engine.memory.packing import save_file

    index, cleared = store.index("a", ABOUT), []

    def interrupted(path, kept):
        save_file(path, kept)
        if not cleared:
            cleared.append(store.clear())

    monkeypatch.setattr("engine.memory.store.save_file", interrupted)
    assert index.write(prefix(0))
    assert cleared
    assert_same(index.read(0), prefix(0))
    assert store.entries()[0].about == ABOUT


def test_a_deletion_cut_short_is_seen_and_goes_on(store, monkeypatch):
    index, unlink = store.index("a", ABOUT), Path.unlink
    for place in range(3):
        index.write(prefix(place))
    gone = []

    def killed(path, **options):
        if len(gone) == 2:
            raise KeyboardInterrupt
        gone.append(path.name)
        unlink(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            store.clear()
    assert [(entry.about, entry.prefixes) for entry in store.entries()] == [(ABOUT, 1)]
    store.clear()
    assert not index.folder.exists()


@pytest.mark.parametrize("key", ["a", KEY])
def test_a_folder_that_lost_its_about_is_the_first_to_go(tmp_path, key):
    store = Store(tmp_path, 0)
    one = aged(store, key, 10)
    aged(store, "old", 90)
    (tmp_path / key / "about.json").unlink()
    assert [(entry.key, entry.used_at) for entry in store.entries()][-1] == (key, 0)
    store.limit_bytes = 2 * one + 100
    assert store.index("new", ABOUT).write(prefix(0))
    assert {entry.key for entry in store.entries()} == {"old", "new"}


def test_an_empty_folder_of_ours_is_cleared(store):
    (store.folder / KEY).mkdir(parents=True)
    assert store.entries()[0].key == KEY
    store.clear()
    assert not (store.folder / KEY).exists()


def test_what_cannot_be_deleted_is_not_counted_as_freed(store, monkeypatch):
    index, unlink = store.index("a", ABOUT), Path.unlink
    index.write(prefix(0))
    index.write(prefix(1))

    def held(path, **options):  # as Windows does while another process has it open
        if path.name.startswith("00001"):
            raise PermissionError(errno.EACCES, "in use")
        unlink(path, **options)

    size = (index.folder / "00000.prefix.safetensors").stat().st_size
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", held)
        assert store.clear() == size
    assert [(entry.about, entry.prefixes) for entry in store.entries()] == [(ABOUT, 1)]


def test_a_segment_that_another_process_has_open_is_written_already(store, monkeypatch):
    index = store.index("a", ABOUT)
    index.write(prefix(0))

    def held(*_):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "replace", held)
    assert index.write(prefix(0))
    with pytest.raises(StoreError, match="in use"):
        index.write(prefix(1))
    assert sorted(path.name for path in index.folder.iterdir()) == ["00000.prefix.safetensors", "about.json"]


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
    (stranger / "about.json").write_text('{"title": "mine"}')
    (stranger / "notes.json").write_text("[]")
    guest = store.folder / "a" / "notes.txt"
    guest.write_text("keep me too")
    assert [entry.key for entry in store.entries()] == ["a"]
    store.clear()
    assert (stranger / "letter.txt").exists()
    assert len(list(stranger.iterdir())) == 3
    assert [path.name for path in guest.parent.iterdir()] == ["notes.txt"]
    assert store.entries() == []
