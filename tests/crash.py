"""Kill -9 a process again and again while it indexes a film, and look at what it left: `python tests/crash.py`.

A nursery loads libraries and model once and forks a process for every life, which begins when the engine says
`IndexFound`. The first life is left alone and measured; every other ends at a random moment of that time, each second
one of them as soon after it as half of a file is seen. After each the store is opened and every segment in it is read
through its checksum; in the end one life runs undisturbed and must find the rest. A segment that is there but cannot be
read counts as corrupt.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from select import select
from time import perf_counter

ROOT = Path(__file__).parents[1]
LIMIT_BYTES = 10**9
PATIENCE = 600.0  # seconds a life may take
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # others would not survive the fork


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen."""

    killed: int  # processes that did not live to the end
    midway: int  # of these: left some but not all segments ready, or half of a file behind
    torn: int  # of these: left half of a file behind
    corrupt: int  # segments that were there and could not be read
    grown: int  # kills after which more segments were ready than before
    ready: int  # segments at the very end
    segments: int


def crash_while_indexing(film: Path, model: str, folder: Path, *, times: int, seed: int = 0) -> Report:
    """Kill up to `times` processes at random moments of their work on one store."""
    from engine.memory.store import Store

    rng, store = random.Random(seed), Store(folder, LIMIT_BYTES)
    killed = midway = torn = corrupt = grown = before = 0
    with Nursery(film, model, folder) as nursery:
        died, whole = nursery.life(PATIENCE)
        if died:
            raise RuntimeError("indexing did not come to an end")
        segments = store.entries()[0].about.segments
        store.clear()
        for turn in range(times):
            halves = _halves(folder)
            died, _ = nursery.life(rng.uniform(0, whole), aimed=turn % 2 == 1)
            half = bool(_halves(folder) - halves)
            ready, broken = _read_all(store)
            killed, torn = killed + died, torn + (died and half)
            midway += died and (half or 0 < ready < segments)
            corrupt, grown, before = corrupt + broken, grown + (died and ready > before), ready
            if ready == segments:  # begin again, or nothing would be left to interrupt
                store.clear()
                before = 0
        nursery.life(PATIENCE)
    ready, broken = _read_all(store)
    return Report(killed, midway, torn, corrupt + broken, grown, ready, segments)


class Nursery:
    """A process that forks others; it is ended with the `with` block."""

    def __init__(self, film: Path, model: str, folder: Path) -> None:
        self._command = [sys.executable, __file__, "--nursery", str(folder), "--film", str(film), "--model", str(model)]

    def __enter__(self) -> Nursery:
        environment = {**os.environ, **ONE_THREAD}
        self._process = subprocess.Popen(
            self._command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # it ends with its input

    def life(self, seconds: float, *, aimed: bool = False) -> tuple[bool, float]:
        """Let a process index for so long; if `aimed`, then until it is writing. True if it had to be killed; the
        seconds that it lived."""
        self._process.stdin.write(f"{seconds} {aimed:d}\n")
        self._process.stdin.flush()
        told = self._process.stdout.readline().split()
        if len(told) != 2:
            raise RuntimeError("the indexing process failed")
        return told[0] == "killed", float(told[1])


def nursery(film: Path, model: str, folder: Path) -> None:
    """Fork a life for each line on stdin, which says how many seconds it has and whether the kill is aimed; tell on
    stdout how it ended."""
    from engine.memory.store import Store
    from engine.session import Session
    from engine.settings import Settings
    from engine.shelf import Shelf
    from engine.tiers import Limits

    session = Session(Settings(model=model), store=Store(folder, LIMIT_BYTES), shelf=Shelf(Limits(0, 0)))
    for _ in session.prepare(emit=lambda event: None):
        pass
    for line in sys.stdin:
        seconds, aimed = line.split()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            _live(session, film, writing)
        os.close(writing)
        sys.stdout.write(_fate(child, reading, float(seconds), folder if int(aimed) else None))
        sys.stdout.flush()
        os.close(reading)


def _live(session: object, film: Path, pipe: int) -> None:
    """Index, and say when it begins; the pipe closes with the process."""
    from engine.events import IndexFound

    code = 1
    try:
        session.open(film, emit=lambda event: None)
        for _ in session.index(emit=lambda event: isinstance(event, IndexFound) and os.write(pipe, b"!")):
            pass
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _fate(child: int, pipe: int, seconds: float, watched: Path | None) -> str:
    begun = select([pipe], [], [], PATIENCE)[0] and os.read(pipe, 1)
    began = perf_counter()
    ended = begun and (_ended(pipe, seconds) or (watched is not None and _ended_before_writing(pipe, watched)))
    lived = perf_counter() - began
    if not ended:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not begun or code not in (0, -signal.SIGKILL):
        return "failed\n"
    return f"{'killed' if code else 'ended'} {lived}\n"


def _ended(pipe: int, seconds: float) -> bool:
    """Wait so long for the end of a process, which closes its pipe."""
    return bool(select([pipe], [], [], seconds)[0])


def _ended_before_writing(pipe: int, folder: Path) -> bool:
    """Wait until there is a new half of a file. True if the process ended instead."""
    before = _halves(folder)
    while not _halves(folder) - before:
        if _ended(pipe, 0):
            return True
    return False


def _halves(folder: Path) -> set[Path]:
    """Files that were being written; none but whole ones carry their own name."""
    return set(folder.glob("*/.*"))


def _read_all(store: object) -> tuple[int, int]:
    """Segments that can be read, and those that are there and cannot."""
    ready = broken = 0
    for entry in store.entries():
        index = store.index(entry.key, entry.about)
        for segment in index.kinds():
            if index.read(segment) is None:
                broken += 1
            else:
                ready += 1
    return ready, broken


def main() -> None:
    """Run it on the sample film with the bundled model and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--film", type=Path, default=ROOT / "assets" / "sample.mp4")
    parser.add_argument("--model", default="nano")
    parser.add_argument("--nursery", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.nursery:
        nursery(options.film, options.model, options.nursery)
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "store"
        report = crash_while_indexing(options.film, options.model, place, times=options.times, seed=options.seed)
    sys.stdout.write(f"{report}\n")
    sys.exit(bool(report.corrupt or report.ready != report.segments or not report.midway))


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    main()
