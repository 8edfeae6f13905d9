"""How far a step of the recipe is: a bar in a terminal, a line a minute elsewhere, and the log that outlives both.

`log.jsonl` holds a row for every twenty steps and every check; `curves/NAME.csv` the same for a spreadsheet.
"""

from __future__ import annotations

import csv
import json
import logging
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from engine.whole_file import write_whole

LOG = "log.jsonl"
LINE_SECONDS = 60.0
log = logging.getLogger(__name__)
Row = dict[str, object]


class Watcher(AbstractContextManager["Watcher"]):
    """Shows and writes down what a step of the recipe reports. Quiet in all but one of several processes."""

    def __init__(self, folder: Path, name: str, *, steps: int, first: int, quiet: bool = False) -> None:
        self._folder, self._name, self._steps, self._quiet = folder, name, steps, quiet
        self._bar: Progress | None = None
        self._first, self._began, self._told = first, time.monotonic(), time.monotonic()
        if not quiet:
            _forget(folder, name, after=first)

    def __enter__(self) -> Watcher:
        if sys.stderr.isatty() and not self._quiet:
            from rich.console import Console

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[told]}"),
                console=Console(stderr=True),
            )
            self._bar.start()
            self._task = self._bar.add_task(self._name, total=self._steps, completed=self._first, told="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, done: int, loss: float) -> None:
        """`done` steps are made."""
        if self._quiet:
            return
        if self._bar:
            self._bar.update(self._task, completed=done, told=f"loss {loss:.3f}")
        elif time.monotonic() - self._told > LINE_SECONDS or done == self._steps:
            rate = (done - self._first) / max(time.monotonic() - self._began, 1e-9)
            log.info("%s: step %d of %d, loss %.3f, %.2f steps a second", self._name, done, self._steps, loss, rate)
            self._told = time.monotonic()

    def row(self, row: Row) -> None:
        """A row of the log."""
        if not self._quiet:
            with (self._folder / LOG).open("a") as out:
                out.write(json.dumps({"stage": self._name, **row}) + "\n")


def rows(folder: Path, name: str = "") -> list[Row]:
    """The log, of one step of the recipe if it is named."""
    path = folder / LOG
    if not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [row for row in found if not name or row["stage"] == name]


def write_table(folder: Path, name: str) -> None:
    """`curves/NAME.csv` of everything that was logged."""
    found = rows(folder, name)
    columns = list(dict.fromkeys(key for row in found for key in row))
    (folder / "curves").mkdir(exist_ok=True)
    with (folder / "curves" / f"{name}.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(found)


def _forget(folder: Path, name: str, *, after: int) -> None:
    """Drop rows about steps that will be made again, and a line that a kill cut off."""
    path = folder / LOG
    if not path.exists():
        return
    kept = []
    for line in path.read_text().splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if row["stage"] != name or int(row["step"]) <= after:
            kept.append(line)
    write_whole(path, lambda part: part.write_text("".join(f"{line}\n" for line in kept)))
