"""What looking for shot cuts costs: `python -m engine.evaluation.cut_search FILM [FILM ...]`, seconds of one core."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from engine.cancel import CancelToken
from engine.errors import TempoError
from engine.ingest.cuts import find_cuts
from engine.ingest.video import open_video


@dataclass(frozen=True, slots=True)
class CutSearch:
    """One film searched."""

    film: str
    film_seconds: float
    keyframes: int
    cuts: int
    core_seconds: float  # of computing, by all threads together
    seconds: float  # by the clock


def measure_cut_search(path: Path) -> CutSearch:
    """Search a film from beginning to end. Raises `VideoError`."""
    film = open_video(path)
    begun, computed = time.perf_counter(), time.process_time()
    cuts = sum(len(found.cuts) for found in find_cuts(film, cancel=CancelToken()))
    return CutSearch(
        film=path.name,
        film_seconds=film.info.duration_seconds,
        keyframes=len(film.keyframes),
        cuts=cuts,
        core_seconds=time.process_time() - computed,
        seconds=time.perf_counter() - begun,
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation.cut_search", description="Look for shot cuts.")
    parser.add_argument("films", nargs="+", type=Path)
    sys.stdout.write("film s  keyframes   cuts  core s      s  film\n")
    for path in parser.parse_args().films:
        try:
            row = measure_cut_search(path)
        except TempoError as error:
            sys.stderr.write(f"{error.message}\n")
            return error.exit_code
        figures = f"{row.film_seconds:6.0f} {row.keyframes:10} {row.cuts:6} {row.core_seconds:7.1f} {row.seconds:6.1f}"
        sys.stdout.write(f"{figures}  {row.film}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
