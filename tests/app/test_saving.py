"""A file is never lost unasked, is whole or not at all, and its trouble is one plain sentence."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWidget

from app.saving import Kind, Saver, ask_where, last_folder, save, with_suffix
from engine.errors import VideoError

KINDS = (Kind(".md", "Markdown"), Kind(".txt", "Plain text"))


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def types(monkeypatch, *answers):
    """Somebody types these into the system's dialog, one after the other; returns what it proposed each time."""
    proposed, left = [], list(answers)

    def answer(parent, title, path, filters):
        proposed.append(Path(path))
        return left.pop(0)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return proposed


def presses(*words):
    """Somebody presses these buttons, each in the next box that opens; returns what the boxes said."""
    said, left = [], list(words)

    def press():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(box.text())
            word = left.pop(0)
            next(button for button in box.buttons() if button.text().replace("&", "") == word).click()
        if left:
            QTimer.singleShot(10, press)

    QTimer.singleShot(10, press)
    return said


def test_an_ending_that_is_added_never_replaces_a_file_unasked(parent, tmp_path, monkeypatch):
    (tmp_path / "notes.md").write_text("mine")
    proposed = types(monkeypatch, (str(tmp_path / "notes"), ""), (str(tmp_path / "other"), ""))
    said = presses("Cancel")
    assert ask_where(parent, "Save", tmp_path / "answers.md", KINDS) == tmp_path / "other.md"
    assert said == ["notes.md is there already."]
    assert proposed == [tmp_path / "answers.md", tmp_path / "notes.md"], "it goes on where one was"


def test_a_file_may_be_replaced_by_who_says_so(parent, tmp_path, monkeypatch):
    (tmp_path / "notes.v2.txt").write_text("mine")
    types(monkeypatch, (str(tmp_path / "notes.v2"), "Plain text (*.txt)"))
    presses("Replace")
    assert ask_where(parent, "Save", tmp_path / "answers.md", KINDS) == tmp_path / "notes.v2.txt"


def test_what_the_dialog_has_asked_already_is_not_asked_twice(parent, tmp_path, monkeypatch):
    (tmp_path / "notes.md").write_text("mine")
    types(monkeypatch, (str(tmp_path / "notes.md"), ""), ("", ""))
    monkeypatch.setattr(QMessageBox, "exec", lambda box: pytest.fail("it asks again"))
    assert ask_where(parent, "Save", tmp_path / "answers.md", KINDS) == tmp_path / "notes.md"
    assert ask_where(parent, "Save", tmp_path / "answers.md", KINDS) is None


def test_every_window_over_the_main_one_knows_the_last_folder(parent, tmp_path, monkeypatch):
    above = QDialog(parent)
    assert last_folder(parent) is None
    (tmp_path / "out").mkdir()
    types(monkeypatch, (str(tmp_path / "out" / "a.md"), ""))
    ask_where(above, "Save", tmp_path / "answers.md", KINDS)
    assert last_folder(parent) == last_folder(above) == tmp_path / "out"
    (tmp_path / "out").rmdir()
    assert last_folder(parent) is None


@pytest.mark.parametrize(
    ("typed", "saved"), [("a.md", "a.md"), ("a.TXT", "a.TXT"), ("a", "a.txt"), ("film.v2", "film.v2.txt")]
)
def test_the_ending_that_is_typed_counts(tmp_path, typed, saved):
    assert with_suffix(tmp_path / typed, KINDS[1], KINDS).name == saved


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "answers.md"
    assert save(path, lambda: b"One.", "The file") == ("Saved answers.md.", True)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert save(path, lambda: b"Two.", "The file") == ("The file could not be saved: No space left on device.", False)
    assert path.read_bytes() == b"One."
    assert [entry.name for entry in tmp_path.iterdir()] == ["answers.md"]


def test_a_file_that_another_program_holds_open_is_not_called_saved(tmp_path, monkeypatch):
    """Windows refuses to replace it."""
    path = tmp_path / "answers.md"
    path.write_bytes(b"One.")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert save(path, lambda: b"Two.", "The file") == ("The file could not be saved: Permission denied.", False)


def test_trouble_in_making_it_is_one_plain_sentence(tmp_path, logged_errors):
    def damaged():
        raise VideoError("film.mp4 is damaged.")

    def wrong():
        raise ZeroDivisionError

    path = tmp_path / "a.png"
    assert save(path, damaged, "The picture") == ("The picture could not be saved. film.mp4 is damaged.", False)
    assert save(path, wrong, "The picture")[0] == (
        "The picture could not be saved (ZeroDivisionError); the log has the details."
    )
    logged_errors.records.clear()
    assert not path.exists()
    assert save(tmp_path / "gone" / "a.png", lambda: b"", "The picture")[0].startswith(
        "The picture could not be saved: "
    )


def test_the_window_does_not_wait_for_the_disk(qapp, qtbot, tmp_path):
    threads = []

    def slow():
        time.sleep(0.3)
        threads.append(threading.current_thread())
        return b"x"

    saver = Saver()
    begun = time.monotonic()
    with qtbot.waitSignal(saver.said, timeout=5000) as said:
        saver.start(tmp_path / "a.md", slow, "The file", "Saved it.")
        assert time.monotonic() - begun < 0.25
    assert said.args == ["Saved it.", True]
    assert threads[0] is not threading.main_thread()
    assert saver.shutdown()


def test_a_window_that_is_gone_is_not_told(qapp, tmp_path, caplog):
    """Closed while a file is written: the file is whole, and no traceback is left."""
    saver, may_end = Saver(), threading.Event()
    saver.start_with(lambda part: (may_end.wait(5), part.write_bytes(b"x"), "")[2], tmp_path / "a.mp4", "The clip")
    pool = saver._pool
    shiboken6.delete(saver)
    may_end.set()
    assert pool.waitForDone(5000)
    assert (tmp_path / "a.mp4").read_bytes() == b"x"


def test_a_process_that_ends_at_once_leaves_no_part(tmp_path):
    script = (
        "import os, sys, threading\n"
        "from pathlib import Path\n"
        "from engine.whole_file import give_up, write_whole\n"
        "begun = threading.Event()\n"
        "def write(part):\n"
        "    part.write_bytes(b'half')\n"
        "    begun.set()\n"
        "    threading.Event().wait()\n"
        "threading.Thread(target=write_whole, args=(Path(sys.argv[1]), write), daemon=True).start()\n"
        "begun.wait()\n"
        "give_up()\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "clip.mp4"], check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
