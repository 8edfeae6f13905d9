"""Peak memory of one question, measured in a process of its own: `python -m engine.evaluation.peak WAY FILM`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.errors import QuestionError
from engine.settings import Settings

QUESTION = "When does the dog appear?"
STATUS = Path("/proc/self/status")
HOST_BYTES = 16 * 1024**2  # what the shelf may hold meanwhile, so that it is a constant


def megabytes_of(way: str, film: Path) -> float:
    """Ask about `film` in the way "ours" or "plain" and return the peak of the process that did.

    Raises `QuestionError` elsewhere than on Linux.
    """
    if not STATUS.exists():
        raise QuestionError("Peak memory is measured on Linux only.", advice="Choose other parts with --part.")
    command = [sys.executable, "-m", "engine.evaluation.peak", way, str(film)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    return float(done.stdout.split()[-1])


def _ours(film: Path, settings: Settings) -> None:
    from engine.session import Session
    from engine.shelf import Shelf
    from engine.tiers import Limits

    session = Session(settings, shelf=Shelf(Limits(device=0, host=HOST_BYTES)))
    session.open(film, emit=lambda _: None)
    session.ask(QUESTION, emit=lambda _: None)
    session.close()


def _plain(film: Path, settings: Settings) -> None:
    from engine.evaluation.plain import ask_plainly
    from engine.weights.loading import load_model

    ask_plainly(film, QUESTION, load_model(settings.model), settings)


def main() -> None:
    """Ask, then say how many megabytes that took at most."""
    way, film = sys.argv[1:]
    settings = Settings(keep_index=False, max_new_tokens=32, budget=1024)
    {"ours": _ours, "plain": _plain}[way](Path(film), settings)
    sys.stdout.write(f"{peak_megabytes()}\n")


def peak_megabytes() -> float:
    """The most this process ever held, from Linux; ru_maxrss would begin with the peak of the process before it."""
    status = STATUS.read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
