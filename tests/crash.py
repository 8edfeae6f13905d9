"""Kill -9 a process again and again while it indexes a film, and look at what it left: `python tests/crash.py`.

After every kill the store is opened and every segment in it is read through its checksum; in the end indexing runs
undisturbed and must find the rest. A segment that is there but cannot be read counts as corrupt.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from engine.memory.store import Store
from engine.session import Session
from engine.settings import Settings
from engine.shelf import Limits, Shelf
session = Session(Settings(model={model!r}), store=Store(Path({store!r}), 10**9), shelf=Shelf(Limits(0, 0)))
session.open(Path({film!r}), emit=lambda event: None)
print("go", flush=True)
for done in session.index(emit=lambda event: None):
    pass
session.close()
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen."""

    killed: int  # processes that did not live to the end
    corrupt: int  # segments that were there and could not be read
    grown: int  # kills after which more segments were ready than before
    ready: int  # segments at the very end
    segments: int


def crash_while_indexing(film: Path, model: str, folder: Path, *, times: int, seed: int = 0) -> Report:
    """Kill `times` processes at random moments of their work on one store."""
    from engine.memory.store import Store

    rng, store = random.Random(seed), Store(folder, 10**9)
    code = CHILD.format(root=str(ROOT), model=str(model), store=str(folder), film=str(film))
    killed = corrupt = grown = before = 0
    pace = 0.4  # seconds of work a victim gets at most; adapted so that most are killed in the middle
    for _ in range(times):
        alive = _run(code, rng.uniform(0, pace))
        killed += not alive
        pace = pace * 0.7 if alive else pace * 1.05
        ready, broken = _read_all(store)
        corrupt, grown, before = corrupt + broken, grown + (ready > before), ready
        if ready == _segments(store):  # begin again, or nothing would be left to interrupt
            store.clear()
            before = 0
    _run(code, None)
    ready, broken = _read_all(store)
    return Report(killed, corrupt + broken, grown, ready, _segments(store))


def _run(code: str, seconds: float | None) -> bool:
    """True if the process came to its end by itself."""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != b"go":
            raise RuntimeError("the indexing process did not start")
        if seconds is None:
            return process.wait(timeout=600) == 0
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait() == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


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


def _segments(store: object) -> int:
    entries = store.entries()
    return entries[0].about.segments if entries else -1


def main() -> None:
    """Run it on the sample film with the bundled model and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--film", type=Path, default=ROOT / "assets" / "sample.mp4")
    parser.add_argument("--model", default="nano")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        report = crash_while_indexing(options.film, options.model, Path(folder) / "store", times=options.times)
    sys.stdout.write(f"{report}\n")
    sys.exit(report.corrupt or report.ready != report.segments)


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    main()
