"""The history's thread: order, one write for many, and every way in which a disk can refuse."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from app.history import database, films, writer
from app.history.place import FILE
from app.history.records import FilmCard
from app.history.schema import VERSION
from app.history.writer import Read, Write, Writer
from engine.records import VideoInfo

ROOT = Path(__file__).parents[3]
LONG = 10.0  # seconds; only a failure waits that long


class Told:
    """A writer and what it says."""

    def __init__(self, folder):
        self.troubles, self.notes = [], []
        self.writer = Writer(folder, self.troubles.append, self.notes.append)
        self.writer.start()

    def put(self, name, path=None):
        path = path or f"/films/{name}.mp4"
        self.writer.put(Write(f"film {name}", lambda connection: films.note_opened(connection, name, video(path), 1.0)))

    def read(self, look=films.recent_films, otherwise="unreadable"):
        found, arrived = [], threading.Event()

        def tell(what):
            found.append(what)
            arrived.set()

        self.writer.put(Read(look, tell, otherwise))
        assert arrived.wait(LONG)
        return found[0]

    def names(self):
        found = self.read()
        return sorted(card.content for card in found) if found != "unreadable" else found

    def end(self):
        self.writer.finish()
        self.writer.join(LONG)
        assert not self.writer.is_alive()

    def until(self, done):
        deadline = time.monotonic() + LONG
        while not done():
            assert time.monotonic() < deadline, (self.troubles, self.notes)
            time.sleep(0.01)


def video(path):
    return VideoInfo(Path(path), 9.0, 90, 10.0, 64, 48, 0, 0.0, "h264", False, True)


@pytest.fixture
def start(tmp_path):
    made = []

    def make(folder=tmp_path / "data"):
        made.append(Told(folder))
        return made[-1]

    yield make
    for told in made:
        told.end()


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)


def test_what_was_put_is_read_and_is_there_the_next_time(start):
    first = start()
    first.put("A")
    assert first.names() == ["A"]
    first.put("B")
    first.end()
    assert start().names() == ["A", "B"]
    assert first.troubles == []


def test_of_many_writes_of_one_name_the_last_is_made(start):
    told, made, gate = start(), [], threading.Event()
    told.writer.put(Write("wait", lambda connection: gate.wait(LONG)))
    told.until(lambda: told.writer._wishes.empty())
    for number in range(100):
        told.writer.put(Write("text", lambda connection, number=number: made.append(number)))
    gate.set()
    told.names()
    assert made == [99]


def test_a_write_that_makes_no_sense_is_left_out_and_told(start, logged_errors):
    told = start()
    told.put("A")
    told.writer.put(Write("nonsense", lambda connection: 1 / 0))
    told.put("B")
    assert told.names() == ["A", "B"]
    assert told.notes == ["Something could not be saved; the log has the details."]
    assert [record.getMessage() for record in logged_errors.records] == ["nonsense cannot be written"]
    logged_errors.records.clear()


def test_forgetting_voids_what_waits(start):
    told, gate, made = start(), threading.Event(), []
    told.writer.put(Write("wait", lambda connection: gate.wait(LONG)))
    told.until(lambda: told.writer._wishes.empty())
    told.writer.put(Write("one", lambda connection: made.append("A"), film="A"))
    told.writer.put(Write("two", lambda connection: made.append("B"), film="B"))
    told.writer.put(Write("wipe", lambda connection: made.append("wiped"), forgets="A", wipes=True))
    gate.set()
    told.names()
    assert made == ["B", "wiped"]


def test_a_full_disk_is_told_once_and_caught_up_with(start, monkeypatch):
    real, room = database._writable, [True]

    def small(path):
        connection = real(path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages if room[0] else 10**6}")
        return connection

    monkeypatch.setattr(database, "_writable", small)
    told = start()
    for number in range(100):
        told.put(f"film {number}", f"/films/{'long' * 50}{number}.mp4")
    told.until(lambda: told.troubles)
    told.put("the last")
    time.sleep(0.4)
    assert [trouble and trouble.message for trouble in told.troubles] == [
        "New questions and answers are not being saved, because the disk is full."
    ]
    assert told.read() == (), "reading goes on"
    room[0] = False
    told.until(lambda: told.troubles[-1] is None)
    assert len(told.names()) == 101


def test_another_program_that_holds_the_history_is_waited_for(start, tmp_path):
    told = start()
    told.put("A")
    assert told.names() == ["A"]
    other = sqlite3.connect(tmp_path / "data" / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told.put("B")
    told.until(lambda: told.troubles)
    assert "another program holds" in told.troubles[0].message
    assert told.names() == ["A"], "reading goes on"
    other.execute("COMMIT")
    other.close()
    told.until(lambda: told.troubles[-1] is None)
    assert told.names() == ["A", "B"]


def test_a_folder_that_cannot_be_made_is_told_and_once_it_can_nothing_is_lost(start, tmp_path):
    blocker = tmp_path / "data"
    blocker.write_text("a file where the folder should be")
    told = start()
    told.put("A")
    told.until(lambda: told.troubles)
    assert told.troubles[0].message.endswith("cannot be written.")
    assert told.names() == "unreadable"
    blocker.unlink()
    told.until(lambda: told.troubles[-1] is None)
    assert told.names() == ["A"]


@pytest.fixture
def open_place():
    """A folder that other users may enter; pytest's own they may not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_history_that_may_only_be_read_is_read(open_place):
    """As another user, because nothing is forbidden to root."""
    data = open_place / "data"
    told = Told(data)
    told.put("A")
    told.end()
    code = (
        "import os, sys\n"
        "sys.path[:0] = sys.argv[1:3]\n"
        "from test_writer import Told\n"
        "from pathlib import Path\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "told = Told(Path(sys.argv[3]))\n"
        "print(told.names())\n"
        "told.put('B')\n"
        "told.until(lambda: told.troubles)\n"
        "print(told.troubles[0].message)\n"
        "print(told.names())\n"
        "told.end()\n"
    )
    data.chmod(0o555)
    (data / FILE).chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(Path(__file__).parent), str(data)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    data.chmod(0o755)
    first, why, last = done.stdout.splitlines() or [done.stderr] * 3
    assert first == last == "['A']", done.stderr
    assert why.endswith("data cannot be written.")


@pytest.mark.parametrize("harm", ["not a database at all", "torn"])
def test_a_damaged_history_is_set_aside_and_a_new_one_begun(start, tmp_path, harm):
    first = start()
    for number in range(300):
        first.put(f"film {number}")
    first.end()
    path = tmp_path / "data" / FILE
    if harm == "torn":
        whole = path.read_bytes()
        path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    else:
        path.write_bytes(harm.encode() * 1000)
    damaged = path.read_bytes()
    told = start()
    assert told.names() == []
    told.put("new")
    assert told.names() == ["new"]
    assert told.troubles == []
    (note,) = told.notes
    (aside,) = (tmp_path / "data").glob("history-damaged-*.sqlite")
    assert aside.name in note
    assert aside.read_bytes() == damaged


def test_a_history_that_is_damaged_while_it_is_open_is_left_behind_with_nothing_new_lost(start, tmp_path):
    told = start()
    for number in range(300):
        told.put(f"film {number}")
    told.end()
    told = start()
    assert len(told.names()) == 300
    path = tmp_path / "data" / FILE
    with path.open("rb+") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    told.writer.put(Write("shrink", lambda connection: connection.execute("PRAGMA shrink_memory")))
    told.put("new")
    told.until(lambda: told.notes)
    assert told.names() == ["new"]
    assert list((tmp_path / "data").glob("history-damaged-*.sqlite"))


def test_a_history_of_a_newer_program_is_left_as_it_is(start, tmp_path):
    first = start()
    first.put("A")
    first.end()
    path = tmp_path / "data" / FILE
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    told = start()
    assert told.names() == "unreadable"
    told.put("B")
    told.until(lambda: told.troubles)
    assert "newer version" in told.troubles[0].message
    told.end()
    assert path.read_bytes() == before
    assert not list((tmp_path / "data").glob("history-damaged-*"))


def test_a_history_that_is_deleted_while_it_is_open_is_made_again(start, tmp_path):
    told = start()
    told.put("A")
    assert told.names() == ["A"]
    shutil.rmtree(tmp_path / "data")
    told.put("B")
    told.until(lambda: told.names() == ["B"])


def test_writers_of_several_programs_at_once_lose_nothing(tmp_path):
    code = (
        "import sys, time\n"
        "sys.path[:0] = sys.argv[1:3]\n"
        "from test_writer import Told\n"
        "from pathlib import Path\n"
        "told = Told(Path(sys.argv[3]))\n"
        "for number in range(60):\n"
        "    told.put(f'{sys.argv[4]} {number}')\n"
        "    if number % 5 == 0: told.names()\n"
        "told.end()\n"
        "print(told.troubles, told.notes)\n"
    )
    arguments = [str(ROOT), str(Path(__file__).parent), str(tmp_path / "data")]
    command = [sys.executable, "-c", code, *arguments]
    running = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for name in "abcd"
    ]
    for process in running:
        out, err = process.communicate(timeout=60)
        assert out == "[] []\n", out + err
    told = Told(tmp_path / "data")
    assert len(told.names()) == 240
    told.end()


def test_the_card_of_a_film_holds_what_the_list_shows(start):
    told = start()
    told.put("A", "/films/über.mp4")
    assert told.read() == (FilmCard("A", Path("/films/über.mp4"), 9.0, 0.0, 1.0, 0),)
