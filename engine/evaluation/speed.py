"""How long questions take and how much memory: first and follow-up, side by side with the plain way, in one run.

`measure_asking` for a model and a film, `measure_peaks` for films of several lengths; reading frames has a file of its
own (`reading.py`). Times are medians of `runs` after a warm-up.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.cancel import CancelToken
from engine.evaluation.peak import megabytes_of
from engine.evaluation.plain import ask_plainly
from engine.evaluation.reading import Reading, measure_reading, table
from engine.evaluation.real_size import film_of, real_size_model
from engine.evaluation.sample import SAMPLE
from engine.events import Event, SegmentScored
from engine.session import Session
from engine.settings import Settings
from engine.weights.loading import LoadedModel, load_model

LENGTHS = (16, 64, 256)  # segments
REAL_SEGMENTS = 8

QUESTIONS = ("When does the dog appear?", "Does the film show the cat?")
SINCE_ASKING = ("first_score", "scored", "first_token", "total")
SPENT = ("read", "index", "compress")


@dataclass(frozen=True, slots=True)
class Timing:
    """One way of asking about one film: medians, in seconds."""

    film: str
    model: str
    way: str  # first | follow-up | plain, first | plain, follow-up
    segments: int
    runs: tuple[float, ...]  # totals
    seconds: dict[str, float]

    @property
    def first_heat_in_segments(self) -> float:
        """Wall time to the first score, in the mean wall time of a segment."""
        return self.seconds["first_score"] / (self.seconds["scored"] / self.segments)


def measure_asking(
    name: str, film: Path, model: LoadedModel, *, runs: int, plain_runs: int | None = None
) -> list[Timing]:
    """Ask two questions `runs` times, with nothing kept before the first, and as many times in the plain way."""
    settings = Settings(keep_index=False, max_new_tokens=32)
    rows: dict[str, list[dict[str, float]]] = {"first": [], "follow-up": [], "plain, first": [], "plain, follow-up": []}
    segments = 0
    for run in range(runs + 1):
        session = Session(settings)
        session.use(model)
        session.open(film, emit=lambda _: None)
        for way, question in zip(("first", "follow-up"), QUESTIONS, strict=True):
            seconds, segments = _ask(session, question)
            if run:  # the first is the warm-up
                rows[way].append(seconds)
        session.close()
        if run <= (runs if plain_runs is None else plain_runs):
            for way, question in zip(("plain, first", "plain, follow-up"), QUESTIONS, strict=True):
                _, seconds = ask_plainly(film, question, model, settings)
                if run:
                    rows[way].append({**seconds, "scored": seconds["first_score"]})
    return [_median(name, model.info.name, way, segments, taken) for way, taken in rows.items() if taken]


def _ask(session: Session, question: str) -> tuple[dict[str, float], int]:
    began, scored = perf_counter(), [0.0]

    def hear(event: Event) -> None:
        if isinstance(event, SegmentScored):
            scored[0] = perf_counter() - began

    answer = session.ask(question, emit=hear, cancel=CancelToken())
    return {**asdict(answer.seconds), "scored": scored[0]}, len(answer.segments)


def _median(film: str, model: str, way: str, segments: int, rows: list[dict[str, float]]) -> Timing:
    names = [name for name in (*SPENT, *SINCE_ASKING) if name in rows[0]]
    seconds = {name: statistics.median(row[name] for row in rows) for name in names}
    return Timing(film, model, way, segments, tuple(row["total"] for row in rows), seconds)


def asking_table(rows: Iterable[Timing]) -> str:
    """For a reader: seconds spent reading, indexing, compressing; since asking to first heat, all scores, word, end."""
    rows = list(rows)
    head = (
        f"  {'':20}{'read':>8}{'index':>8}{'compress':>9}{'heat':>8}{'scored':>8}{'word':>8}{'end':>8}{'of first':>9}"
    )
    lines = [f"{rows[0].film}, {rows[0].segments} segments, {rows[0].model}, median of {len(rows[0].runs)}", head]
    first = rows[0].seconds["total"]
    for row in rows:
        cells = "".join(
            f"{row.seconds[name]:>{width}.2f}" if name in row.seconds else f"{'-':>{width}}"
            for name, width in zip((*SPENT, *SINCE_ASKING), (8, 8, 9, 8, 8, 8, 8), strict=True)
        )
        lines.append(f"  {row.way:20}{cells}{row.seconds['total'] / first:>9.2f}")
    lines.append(f"  first heat after {rows[0].first_heat_in_segments:.2f} segments' time")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Peak:
    """Peak memory of a process that asked one question."""

    way: str
    segments: int
    megabytes: float


def measure_peaks(lengths: Iterable[int], folder: Path, *, megabytes_of: Callable[[str, Path], float]) -> list[Peak]:
    """Ask about drawn films of several lengths, each in a process of its own, in both ways, nothing kept."""
    import numpy as np

    from engine.training.world.combination import TEST
    from engine.training.world.composing import sample_film
    from engine.training.world.films import write_film

    peaks = []
    for segments in lengths:
        path = folder / f"{segments}.mp4"
        write_film(sample_film(np.random.default_rng(segments), segments=segments, split=TEST), path)
        peaks += [Peak(way, segments, megabytes_of(way, path)) for way in ("ours", "plain")]
    return peaks


def peak_table(peaks: Iterable[Peak]) -> str:
    """For a reader: megabytes, and how much more than the shortest film took."""
    peaks = list(peaks)
    lines = [f"  {'':8}{'segments':>9}{'peak MB':>9}{'growth':>8}"]
    for way in dict.fromkeys(peak.way for peak in peaks):
        own = [peak for peak in peaks if peak.way == way]
        lines += [
            f"  {way:8}{peak.segments:>9}{peak.megabytes:>9.0f}{peak.megabytes / own[0].megabytes - 1:>8.0%}"
            for peak in own
        ]
    return "\n".join(lines)


def bundled(runs: int, plain: bool) -> tuple[list[Timing], str]:
    """The bundled model on the sample film, always beside the plain way."""
    rows = measure_asking("sample.mp4", SAMPLE, load_model("nano"), runs=runs)
    return rows, asking_table(rows)


def real(runs: int, plain: bool) -> tuple[list[Timing], str]:
    """The published compressor's size, random weights, eight segments of full HD."""
    with tempfile.TemporaryDirectory() as folder:
        film = film_of(Path(folder), segments=REAL_SEGMENTS)
        rows = measure_asking(
            f"1080p, {film.name}", film, real_size_model(), runs=runs, plain_runs=runs if plain else -1
        )
    return rows, asking_table(rows)


def memory(runs: int, plain: bool) -> tuple[list[Peak], str]:
    """Peaks at three lengths."""
    with tempfile.TemporaryDirectory() as folder:
        peaks = measure_peaks(LENGTHS, Path(folder), megabytes_of=megabytes_of)
    return peaks, peak_table(peaks)


def reading(runs: int, plain: bool) -> tuple[list[Reading], str]:
    """Reading frames against others."""
    readings = measure_reading(runs=runs)
    return readings, table(readings)


MEASURE: dict[str, Callable[[int, bool], tuple[Sequence[Any], str]]] = {
    "bundled": bundled, "real": real, "memory": memory, "reading": reading,
}  # fmt: skip
