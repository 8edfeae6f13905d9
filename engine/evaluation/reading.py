"""How fast frames are read: films made on the spot, every way of reading in a process of its own, taking turns.

`measure_reading` gives one record for each film and way, `table` prints them, `dataclasses.asdict` makes them JSON.
Times are medians of interleaved runs after a warm-up; memory is what a process grew by at its peak.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from engine.evaluation.peers import DENSE, OURS, PEERS, PLAIN, SPARSE
from engine.evaluation.reading_films import FILMS, RATE, MadeFilm, make_film
from engine.ingest.sampling import SamplePlan, plan_samples
from engine.ingest.video import Film, open_video


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading one film."""

    film: str
    sampling: str  # samples a second, as text
    reader: str
    frames: int  # samples read
    runs: tuple[float, ...]  # seconds each
    seconds: float | None  # their median; None where the reader is not installed
    peak_megabytes: float | None  # growth of the process
    same_pixels: bool | None  # as plain PyAV; None where nothing is kept, or nothing to compare with
    pixel_drift: float | None  # mean absolute difference after all resizes, 0-255; only where scaling differs
    note: str = ""


def measure_reading(
    *,
    seconds: float = 60.0,
    runs: int = 5,
    sample_fps: float = 2.0,
    sparse_fps: float = 0.2,
    size: tuple[int, int] = (1920, 1080),
    films: Sequence[MadeFilm] = FILMS,
) -> list[Reading]:
    """Make the films, `seconds` long and `size` (width, height), and read each of them in every way.

    Sampled at `sample_fps` all films are read by everyone; at `sparse_fps` the films whose keyframes lie closer than
    that show what seeking is worth.
    """
    found: list[Reading] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, made in enumerate(films):
            film = open_video(make_film(Path(folder) / f"{number}.mp4", made, seconds=seconds, size=size))
            found += _compare(made.name, film, DENSE, sample_fps, runs)
            if made.gop < RATE / sparse_fps:
                found += _compare(made.name, film, SPARSE, sparse_fps, runs)
    return found


def table(readings: Iterable[Reading]) -> str:
    """The records for a reader; `against` is the time as a share of plain PyAV's."""
    lines = []
    for (film, sampling), group in groupby(readings, key=lambda row: (row.film, row.sampling)):
        rows = list(group)
        plain = next((row.seconds for row in rows if row.reader.startswith("PyAV") and row.seconds), None)
        lines += ["", f"{film}, {rows[0].frames} frames at {sampling} a second"]
        lines.append(f"  {'':32}{'seconds':>9}{'frames/s':>10}{'against':>9}{'peak MB':>9}  pixels")
        lines += [f"  {row.reader:32}{_cells(row, plain)}" for row in rows]
    return "\n".join(lines[1:])


def _cells(row: Reading, plain: float | None) -> str:
    if row.seconds is None:
        return f"{row.note:>9}"
    against = f"{row.seconds / plain:.2f}" if plain else "-"
    memory = "-" if row.peak_megabytes is None else f"{row.peak_megabytes:.0f}"
    pixels = {True: "the same", False: "different", None: "-"}[row.same_pixels]
    drift = "" if row.pixel_drift is None else f" by {row.pixel_drift:.3f} of 255"
    return f"{row.seconds:>9.3f}{row.frames / row.seconds:>10.1f}{against:>9}{memory:>9}  {pixels}{drift}"


def _compare(name: str, film: Film, peers: Iterable[str], fps: float, runs: int) -> list[Reading]:
    plan = plan_samples(film, sample_fps=fps, min_frames=1, max_frames=100_000)
    workers = [_Worker(peer, film.info.path, fps) for peer in peers]
    try:
        for _ in range(runs):
            for worker in workers:
                worker.run()
        plain = next((one.digest for one in workers if PEERS[one.peer] is PEERS[PLAIN]), None)
        return [one.result(name, f"{fps:g}", plan, plain, _drift(film, plan, one.peer)) for one in workers]
    finally:
        for worker in workers:
            worker.close()


class _Worker:
    """A process that reads the film in one way whenever it is told to."""

    def __init__(self, peer: str, path: Path, fps: float) -> None:
        self.peer = peer
        self._runs: list[float] = []
        self._peak: float | None = None
        spawn = multiprocessing.get_context("spawn")  # a fork would begin with this process's memory
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, peer, path, fps), daemon=True)
        self._process.start()
        theirs.close()
        self.digest, self._note = self._connection.recv()  # the warm-up

    def run(self) -> None:
        if not self._note:
            self._connection.send("again")
            seconds, self._peak = self._connection.recv()
            self._runs.append(seconds)

    def result(self, film: str, fps: str, plan: SamplePlan, plain: str | None, drift: float | None) -> Reading:
        return Reading(
            film=film,
            sampling=fps,
            reader=self.peer,
            frames=len(plan.indices),
            runs=tuple(self._runs),
            seconds=statistics.median(self._runs) if self._runs else None,
            peak_megabytes=self._peak,
            same_pixels=self.digest == plain if self.digest and plain else None,
            pixel_drift=drift,
            note=self._note,
        )

    def close(self) -> None:
        self._connection.close()
        self._process.join()


def _serve(connection: Connection, peer: str, path: Path, fps: float) -> None:
    film = open_video(path)
    plan = plan_samples(film, sample_fps=fps, min_frames=1, max_frames=100_000)
    before = _memory("VmRSS")
    try:
        connection.send((_digest(PEERS[peer](film, plan)), ""))
    except (ImportError, OSError, RuntimeError) as error:  # torchcodec without its FFmpeg raises RuntimeError
        connection.send(("", "not installed" if isinstance(error, ImportError) else f"does not run: {error}"[:60]))
    try:
        while connection.recv():
            began = time.perf_counter()
            for _ in PEERS[peer](film, plan):
                pass
            seconds = time.perf_counter() - began
            after = _memory("VmHWM")
            connection.send((seconds, None if before is None or after is None else after - before))
    except EOFError:
        return


def _digest(pictures: Iterable[np.ndarray]) -> str:
    total, count = hashlib.sha256(), 0
    for picture in pictures:
        total.update(picture.tobytes())
        count += 1
    return total.hexdigest() if count else ""


def _memory(kind: str) -> float | None:
    """Megabytes, from Linux; ru_maxrss would begin with the peak of the process that started this one."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    found = next(line for line in status.read_text().splitlines() if line.startswith(kind))
    return int(found.split()[1]) * 1024 / 1e6


def _drift(film: Film, plan: SamplePlan, peer: str) -> float | None:
    """What scaling while converting changes in the pictures the model sees, over the first few samples."""
    from engine.ingest.geometry import fit

    if peer != "PyAV, scaling while converting":
        return None
    pairs = zip(PEERS[OURS](film, plan), PEERS[peer](film, plan), strict=True)
    few = [pair for pair, _ in zip(pairs, range(8), strict=False)]
    ours, theirs = (fit([pair[side] for pair in few]).float() for side in (0, 1))
    return float((ours - theirs).abs().mean())
