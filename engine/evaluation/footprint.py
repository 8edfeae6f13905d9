"""What a checkpoint takes at each precision: bytes held, seconds to load twice, seconds a segment, peak memory.

`python -m engine.evaluation footprint --folder SCRATCH` writes the full-size checkpoint there and measures it, each
load in a process of its own. Memory is Linux's count of anonymous pages: what is mapped from a file can be dropped.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from engine.errors import QuestionError
from engine.settings import Settings

STATUS = Path("/proc/self/status")
QUESTION = "What happens?"
SEGMENTS = 2
WORDS = 4
POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Footprint:
    """One precision, measured in one process."""

    precision: str
    weight_bytes: int
    device_bytes: int  # of them, what a device would hold
    planned_bytes: int  # of weights, as the plan predicts
    load_seconds: float
    segment_seconds: float
    load_peak_bytes: int  # anonymous, while loading
    peak_bytes: int  # anonymous, in all
    planned_peak_bytes: int


def measure_footprint(checkpoint: Path, film: Path, precision: str) -> Footprint:
    """Measure in a process of its own. Raises `QuestionError` elsewhere than on Linux."""
    if not STATUS.exists():
        raise QuestionError("Anonymous memory is measured on Linux only.")
    command = [sys.executable, "-m", "engine.evaluation.footprint", str(checkpoint), str(film), precision]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise QuestionError(f"Measuring {precision} failed: {last[0]}")
    return Footprint(**json.loads(done.stdout.splitlines()[-1]))


def _measure(checkpoint: Path, film: Path, precision: str) -> Footprint:
    from engine.planning import plan_for
    from engine.session import Session
    from engine.weights.checkpoint import read_config
    from engine.weights.loading import load_model
    from engine.weights.plan import weight_bytes

    settings = Settings(
        model=str(checkpoint), device="cpu", precision=precision, keep_index=False, max_new_tokens=WORDS, budget=256
    )
    with _anonymous_peak() as peak:
        began = perf_counter()
        model = load_model(checkpoint, device="cpu", precision=precision)
        loaded, load_peak = perf_counter() - began, peak[0]
        held = model.held
        session = Session(settings)
        session.use(model)
        session.open(film, emit=lambda _: None)
        answer = session.ask(QUESTION, emit=lambda _: None)
        session.close()
    spent = answer.seconds.index + answer.seconds.compress
    planned = weight_bytes(read_config(checkpoint), precision)
    return Footprint(
        precision,
        held.total,
        held.device,
        planned.total,
        loaded,
        spent / len(answer.segments),
        load_peak,
        peak[0],
        plan_for(model.config, answer.video, precision=precision, device="cpu", settings=settings).peak,
    )


@contextmanager
def _anonymous_peak() -> Iterator[list[int]]:
    """Watch the process's anonymous pages; the only number in the list is their peak so far, in bytes."""
    peak, over = [_anonymous()], threading.Event()

    def watch() -> None:
        while not over.wait(POLL_SECONDS):
            peak[0] = max(peak[0], _anonymous())

    watcher = threading.Thread(target=watch, name="memory watch")
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _anonymous() -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024


def footprint_table(first: Sequence[Footprint], again: Sequence[Footprint]) -> str:
    """For a reader, in GB and seconds; `again` are the same with a saved copy."""
    lines = [
        f"  {'':10}{'weights':>9}{'planned':>9}{'device':>8}{'load':>8}{'again':>8}{'ratio':>7}{'a segment':>11}"
        f"{'peak, load':>12}{'peak':>7}{'planned':>9}"
    ]
    for one, two in zip(first, again, strict=True):
        lines.append(
            f"  {one.precision:10}{one.weight_bytes / 1e9:>9.2f}{one.planned_bytes / 1e9:>9.2f}"
            f"{one.device_bytes / 1e9:>8.2f}{one.load_seconds:>8.1f}{two.load_seconds:>8.1f}"
            f"{two.load_seconds / one.load_seconds:>7.2f}{one.segment_seconds:>11.2f}"
            f"{one.load_peak_bytes / 1e9:>12.2f}{one.peak_bytes / 1e9:>7.2f}"
            f"{one.planned_peak_bytes / 1e9:>9.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure one precision, and say it as JSON."""
    checkpoint, film, precision = sys.argv[1:]
    sys.stdout.write(json.dumps(asdict(_measure(Path(checkpoint), Path(film), precision))) + "\n")


if __name__ == "__main__":
    main()
