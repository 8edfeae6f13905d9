"""Seconds from the start of `python main.py` to its window's first paint: `python tests/app/startup_time.py`.

Starts the program as a person does, on whatever display there is (QT_QPA_PLATFORM=offscreen, or under xvfb-run),
with the log on stderr, and waits for the line that the window is painted. Prints every run and the median. Exits with
1 where the median is above a second, or anything heavy was imported before the paint.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.watchdog import PAINTED  # noqa: E402

LONGEST = 1.0  # seconds
PATIENCE = 60.0


def first_paint(folder: str) -> tuple[float, str]:
    """Seconds until the window was painted, and what the program says was imported by then."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "XDG_CONFIG_HOME": folder}
    environment |= {"TEMPO_DESK_CACHE": folder, "TEMPO_DESK_DATA": folder}
    begun = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--debug"], env=environment, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        for line in program.stderr:
            if PAINTED in line:
                return time.perf_counter() - begun, line.rsplit(": ", 1)[1].strip()
            if time.perf_counter() - begun > PATIENCE:
                break
    finally:
        program.kill()
        program.communicate()
    raise SystemExit("the window was not painted")


def main() -> None:
    """Print a line for every start, and the median."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        first_paint(folder)  # the disk is warm from here on
        runs = [first_paint(folder) for _ in range(times)]
    for seconds, heavy in runs:
        sys.stdout.write(f"{seconds:.2f} s, imported before: {heavy}\n")
    median = statistics.median(seconds for seconds, _ in runs)
    sys.stdout.write(f"median of {times}: {median:.2f} s; load {os.getloadavg()[0]:.1f}\n")
    sys.exit(median > LONGEST or any(heavy != "nothing heavy" for _, heavy in runs))


if __name__ == "__main__":
    main()
