"""`main.py models`: list the known models, download one, say whether it fits, remove it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import QuestionError
from engine.terminal.index import amount
from engine.terminal.options import settings_of
from engine.weights.catalogue import BUNDLED, PUBLISHED, Published, downloaded, locate, models_folder

if TYPE_CHECKING:
    from engine.weights.download import Progress
    from engine.weights.plan import Plan

GIGABYTE = 10**9


def models(options: argparse.Namespace) -> int:
    """Do what the options say. Raises `TempoError`."""
    if options.action == "list":
        sys.stdout.write(listing())
    elif options.action == "plan":
        sys.stdout.write(_planned(options))
    elif options.action == "download":
        _download(_known(options.model), accepted=options.accept_licence)
    else:
        _remove(_known(options.model))
    return 0


def listing() -> str:
    """One line a model: name, state, size, licence."""
    rows = [(name, "bundled", amount(_size(locate(name).folder)), "Apache-2.0") for name in BUNDLED]
    for model in PUBLISHED.values():
        folder = downloaded(model)
        size = amount(_size(folder)) if folder else f"about {model.gigabytes:.0f} GB"
        rows.append((model.name, "downloaded" if folder else _unfinished(model), size, model.licence.name))
    return "".join(f"{name:16}  {state:14}  {size:>12}  {licence}\n" for name, state, size, licence in rows)


def _unfinished(model: Published) -> str:
    return "unfinished" if (models_folder() / model.name).is_dir() else "not here"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _known(name: str) -> Published:
    if name in BUNDLED:
        raise QuestionError(f"{name} comes with the program: there is nothing to download or remove.")
    if name not in PUBLISHED:
        raise QuestionError(f"{name} is not a model that can be downloaded.", advice=f"Known: {', '.join(PUBLISHED)}.")
    return PUBLISHED[name]


def _download(model: Published, *, accepted: bool) -> None:
    from engine.weights.download import download

    if folder := downloaded(model):
        sys.stdout.write(f"{model.title} is here already, in {folder}.\n")
        return
    sys.stderr.write(f"{model.licence.text}\n{model.source}\n")
    if not accepted and not _agreed():
        raise QuestionError(
            "Nothing was downloaded.", advice="Accept the licence by typing yes, or by --accept-licence."
        )
    with _Bar() as tell:
        folder = download(model, tell=tell)
    sys.stdout.write(f"{model.title} is in {folder}. Ask with --model {model.name}.\n")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stderr.write("Do you accept this? Type yes: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def _remove(model: Published) -> None:
    from engine.weights.download import remove

    folder = models_folder() / model.name
    if not folder.is_dir():
        raise QuestionError(f"{model.title} was not downloaded by this program.")
    sys.stdout.write(f"{amount(remove(folder))} freed.\n")


def _planned(options: argparse.Namespace) -> str:
    from engine.device_memory import free_bytes
    from engine.ingest.video import open_video
    from engine.planning import config_of, plan_for, work_of
    from engine.weights.device import PRECISIONS, choose_device, choose_precision

    settings = settings_of(options)
    config = config_of(settings.model)
    device = choose_device(settings.device).value
    film = open_video(Path(options.video)).info if options.video else None
    work = work_of(config, film, device, settings)
    wishes: tuple[str, ...] = PRECISIONS
    if settings.precision != "auto":
        wishes = (choose_precision(settings.precision, device).value,)
    free = free_bytes(device)
    plans = [plan_for(config, film, precision=one, device=device, settings=settings, free=free) for one in wishes]
    which = "" if film else "the longest film it reads, in full HD: "
    about = f"{which}{work.segments} segments of {work.tokens} visual tokens, {work.budget} memory tokens"
    return f"{settings.model} on {device}, {free / GIGABYTE:.1f} GB free; {about}; in GB:\n{plan_table(plans)}"


def plan_table(plans: list[Plan]) -> str:
    """A line a precision, in GB, and below it what would be less than asked for."""
    lines = [
        f"{'':6}{'compressor':>11}{'decoder':>9}{'host':>7}{'work':>7}{'cache':>7}{'prefixes':>9}{'batch':>6}{'peak':>7}"
    ]
    for plan in plans:
        sizes = (
            (plan.weights.compressor, 11), (plan.weights.decoder, 9), (plan.weights.host, 7),
            (plan.activations, 7), (plan.cache, 7), (plan.prefixes, 9),
        )  # fmt: skip
        cells = "".join(f"{size / GIGABYTE:>{width}.2f}" for size, width in sizes)
        lines.append(f"{plan.precision:6}{cells}{plan.micro_batch:>6}{plan.peak / GIGABYTE:>7.2f}  {plan.verdict}")
        lines += [f"        {sentence}" for sentence in plan.changed]
    return "\n".join(lines) + "\n"


class _Bar:
    """Bytes, speed and time left on stderr, if that is a terminal."""

    def __init__(self) -> None:
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> _Bar:
        if sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            self._progress = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.DownloadColumn(),
                progress.TransferSpeedColumn(),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, progress: Progress) -> None:
        if self._progress is not None:
            self._progress.update(self._task, description=progress.file, completed=progress.done, total=progress.total)
