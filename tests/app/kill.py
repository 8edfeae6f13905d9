"""Kill -9 a window again and again in the middle of its work, and look at what comes back: `python tests/app/kill.py`.

Every life is a process of its own: a real window, offscreen, with the scripted session, on one film. It tells what has
come back, then plays the film and asks one question after another, telling each step. The kill comes at a random
moment, every second one as soon as the history's file is seen to change. What the next life finds must be all that was
answered some time before the kill, exactly, and of the answer that was being written its beginning.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT), str(HERE.parent), str(HERE.parents[1])]

from app.history.desk import LOOK_MILLISECONDS, PLACE_SECONDS  # noqa: E402
from app.history.place import FILE  # noqa: E402

GRACE = LOOK_MILLISECONDS / 1000 + 0.7  # seconds that may be lost: a look, the way to the disk, a busy machine
PATIENCE = 30.0  # seconds for a life to begin
LONGEST_LIFE = 4.0  # seconds of work before the kill
QUICK, SLOW = 0.01, 0.1  # seconds a word, by turns: answers that are complete, and answers that are not
REWIND = 40.0  # seconds: the film shall not come to its end
WORDS = "The red apple appears at {first} seconds, " + "and then another thing follows " * 6 + "at 999.0 seconds."


@dataclass
class Report:
    """What was seen over all lives."""

    killed: int = 0
    while_answering: int = 0  # kills in the middle of an answer
    while_writing: int = 0  # kills as soon as the file was seen to change
    answered: int = 0  # answers that were complete and had to come back
    partial: int = 0  # unfinished answers that came back with their beginning
    faults: list[str] = field(default_factory=list)


@dataclass
class Told:
    """What one life said, with the moments at which it said it."""

    back: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # question: outcome, text, digest of all
    place: float = 0.0
    lines: list[tuple[float, list[str]]] = field(default_factory=list)


def kill_windows(film: Path, folder: Path, *, times: int, seed: int = 0) -> Report:
    """Let windows live and kill them."""
    rng, report, before, ended = random.Random(seed), Report(), None, 0.0
    for turn in range(times + 1):
        told, ended_now = _life(film, folder, report, rng.uniform(0, LONGEST_LIFE), aimed=turn % 2 == 1,
                                last=turn == times)  # fmt: skip
        if before is not None:
            _compare(before, ended, told, report)
        before, ended = told, ended_now
    connection = sqlite3.connect(folder / FILE)
    if (told := connection.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
        report.faults.append(f"the file is damaged: {told}")
    connection.close()
    return report


def _life(film: Path, folder: Path, report: Report, seconds: float, *, aimed: bool, last: bool) -> tuple[Told, float]:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "TEMPO_DESK_DATA": str(folder)}
    process = subprocess.Popen(
        [sys.executable, str(HERE), "--live", "--film", str(film)], env=environment, stdout=subprocess.PIPE, text=True
    )
    told = Told()
    begun = threading.Event()
    reader = threading.Thread(target=_listen, args=(process, told, begun))
    reader.start()
    if not begun.wait(PATIENCE):
        process.send_signal(signal.SIGABRT)  # with what all threads do on stderr
        process.wait()
        raise RuntimeError("a window did not begin")
    if not last:
        time.sleep(seconds)
        wrote = aimed and _change_seen(folder)
        report.killed += 1
        report.while_writing += wrote
    process.send_signal(signal.SIGKILL)
    ended = time.monotonic()
    process.wait()
    reader.join()
    process.stdout.close()
    steps = [words[0] for _, words in told.lines if words[0] != "at"]
    report.while_answering += not last and steps[-1:] == ["text"]
    return told, ended


def _listen(process: subprocess.Popen[str], told: Told, begun: threading.Event) -> None:
    for line in process.stdout:
        words = line.rstrip("\n").split("\t")
        if words[0] == "back":
            told.back[words[1]] = (words[2], words[3], words[4])
        elif words[0] == "place":
            told.place = float(words[1])
            begun.set()
        elif begun.is_set():
            told.lines.append((time.monotonic(), words))


def _change_seen(folder: Path) -> bool:
    """Wait until the file of changes changes, no longer than a second."""
    log, end = folder / f"{FILE}-wal", time.monotonic() + 1
    first = _stamp(log)
    while time.monotonic() < end:
        if _stamp(log) != first:
            return True
    return False


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


def _compare(before: Told, ended: float, after: Told, report: Report) -> None:
    """Everything of the life before must be there, but for its last moments."""
    for question, was in before.back.items():
        if after.back.get(question) != was:
            report.faults.append(f"{question} came back and then did not: {was} {after.back.get(question)}")
    safe = ended - GRACE
    text: dict[str, int] = {}
    place = None
    for at, (kind, *words) in before.lines:
        if kind == "answered" and at < safe:
            report.answered += 1
            if after.back.get(words[0]) != ("answered", words[1], words[2]):
                report.faults.append(f"{words[0]} was answered, and back is {after.back.get(words[0])}")
        elif kind == "text" and at < safe:
            text[words[0]] = int(words[1])
        elif kind == "at" and at < ended - PLACE_SECONDS - GRACE:
            place = float(words[0])
    answered = {words[0] for _, (kind, *words) in before.lines if kind == "answered"}
    for question, length in text.items():
        if question not in answered:
            outcome, found, _ = after.back.get(question, ("", "", ""))
            report.partial += 1
            if outcome not in ("stopped", "answered") or len(found) < length or not WORDS.startswith(found[:24]):
                report.faults.append(f"{question} had {length} characters, and back is {outcome} {found!r}")
    if place is not None and after.place < place:
        report.faults.append(f"the film stood beyond {place}, and back is {after.place}")


def live(film: Path) -> None:
    """One life: tell what came back, then work until the end comes."""
    from PySide6.QtCore import QSettings, QTimer
    from scripted import ScriptedSession

    from app.application import make_application, make_window
    from engine.record_archive import pack

    def say(*words: object) -> None:
        os.write(1, ("\t".join(map(str, words)) + "\n").encode())

    def digest(exchange: object) -> str:
        return hashlib.sha256(repr(pack(exchange)).encode()).hexdigest()[:16]

    faulthandler.enable()
    application = make_application()
    settings = QSettings(str(Path(tempfile.mkdtemp()) / "window.ini"), QSettings.Format.IniFormat)
    session = ScriptedSession(delay=0.01, text=WORDS)
    window = make_window(lambda: session, settings=settings)
    window.show()

    def begin(past: object) -> None:
        for exchange in past.chat.exchanges if past.chat else ():
            say("back", exchange.question, exchange.outcome.value, exchange.text, digest(exchange))
        say("place", past.seconds)
        window.player.seek(past.seconds if past.seconds < REWIND else 0.0)
        window.player.playback.play()
        clock.start()

    def step() -> None:
        say("at", window.player.seconds)
        for exchange in window.chat.exchanges:
            if exchange.answer is not None and exchange.question not in told:
                told.add(exchange.question)
                say("answered", exchange.question, exchange.text, digest(exchange))
        if not window._bridge.busy:
            session.token_delay = SLOW if session.token_delay == QUICK else QUICK
            window.ask(f"Question {len(window.chat.exchanges) + 1}?")
        elif window.chat.exchanges[-1].text:
            say("text", window.chat.exchanges[-1].question, len(window.chat.exchanges[-1].text))

    told: set[str] = set()
    clock = QTimer(window, interval=20)
    clock.timeout.connect(step)
    window.history.past_known.connect(begin)
    window.open_film(film)
    application.exec()


def main() -> None:
    """Run it on a made film and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--film", type=Path, default=ROOT / "assets" / "sample.mp4")
    parser.add_argument("--live", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.live:
        live(options.film)
        return
    with tempfile.TemporaryDirectory() as folder:
        report = kill_windows(options.film, Path(folder), times=options.times, seed=options.seed)
    sys.stdout.write(f"{report}\n")
    sys.exit(bool(report.faults or not report.while_answering or not report.while_writing))


if __name__ == "__main__":
    main()
