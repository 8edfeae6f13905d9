"""A model of the catalogue in, its folder in the published layout out, fetched file by file.

    models/NAME/                    the repository's files
    models/NAME/BASE-REPO/          what is needed of the base model: configuration, processor, tokenizer
    models/NAME/router.safetensors  two rows of the base model's embedding, fetched by range
    models/NAME/complete.json       commits, sizes and hashes; written last, so a folder without it counts as unfinished

An interrupted file stays as NAME.part and goes on from its length. Every file's hash is compared with the hub's before
it gets its name.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath, PureWindowsPath
from time import monotonic, sleep

from engine.cancel import CancelToken
from engine.errors import ModelError
from engine.weights.catalogue import COMPLETE, ROUTER, Published, is_complete, models_folder
from engine.weights.disk import alone, disk_error, take
from engine.weights.hub import (
    BrokenOffError,
    RemoteFile,
    Repository,
    WholeOnlyError,
    cached,
    look_up,
    read_from,
)
from engine.weights.quantised_copy import copies_of
from engine.weights.router_rows import fetch_router

WANTED = ("*.json", "model*.safetensors", "*.jinja", "*.txt", "LICENSE*", "README.md")
WANTED_OF_BASE = ("*.json", "*.jinja", "*.txt", "LICENSE*")
LEAVE_FREE = 200_000_000  # bytes of the disk
MARK_SECONDS = 0.1
PATIENCE = 5  # broken connections in a row without a new byte
SPEED_SECONDS = 10.0  # over which the speed is averaged


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is."""

    file: str
    done: int  # bytes
    total: int  # bytes
    seconds_left: float | None  # None until the speed is known


def download(
    model: Published,
    *,
    tell: Callable[[Progress], None] = lambda _: None,
    cancel: CancelToken | None = None,
    folder: Path | None = None,
) -> Path:
    """Fetch what is missing of a model. Raises `ModelError`, or `Cancelled`: what has arrived is kept either way."""
    folder = folder or models_folder() / model.name
    if is_complete(folder):
        return folder
    cancel = cancel or CancelToken()
    with alone(folder):
        _fetch_all(model, folder, tell, cancel)
    return folder


def _fetch_all(model: Published, folder: Path, tell: Callable[[Progress], None], cancel: CancelToken) -> None:
    cancel.check()
    own, base = look_up(model.repo, model.revision), look_up(model.base, model.base_revision)
    cancel.check()
    wanted = [(own, one, folder) for one in _chosen(own, WANTED)]
    wanted += [(base, one, folder / model.base) for one in _chosen(base, WANTED_OF_BASE)]
    _expect_room(folder, wanted)
    work = _Download(tell, cancel, sum(one.size for _, one, _ in wanted))
    try:
        for repository, file, place in wanted:
            work.fetch(repository, file, place)
        fetch_router(base, folder, folder / model.base)
        told = {
            "repo": own.repo, "commit": own.commit, "base": base.repo, "base_commit": base.commit,
            "files": [
                {**asdict(one), "place": (place / one.name).relative_to(folder).as_posix()} for _, one, place in wanted
            ],
        }  # fmt: skip
        part = folder / f"{COMPLETE}.part"
        part.write_text(json.dumps(told, indent=1))
        part.replace(folder / COMPLETE)
    except OSError as error:
        raise disk_error(error, folder) from error


def remove(folder: Path) -> int:
    """Delete a downloaded model, finished or not, and its quantised copies; returns the bytes freed. Its mark goes
    first. Raises `ModelError`."""
    with alone(folder):
        freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        freed += sum(copy.remove() for copy in copies_of(folder))
        try:
            (folder / COMPLETE).unlink(missing_ok=True)
            shutil.rmtree(folder)
        except OSError as error:
            raise ModelError(
                f"The model in {folder} cannot be removed: {error.strerror or error}.", advice="Perhaps it is in use."
            ) from error
    return freed


class _Download:
    """Counts bytes over all files."""

    def __init__(self, tell: Callable[[Progress], None], cancel: CancelToken, total: int) -> None:
        self._tell, self._cancel, self._total = tell, cancel, total
        self._done = 0
        self._marks: list[tuple[float, int]] = []

    def fetch(self, repository: Repository, file: RemoteFile, folder: Path) -> None:
        """Fetch one file, unless it is there."""
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.stat().st_size == file.size and self._digest(path, file) == file.digest:
            self._count(file, file.size)
            self._marks.clear()  # what was on disk says nothing of the network's speed
            return
        part = path.with_name(f"{path.name}.part")
        if (elsewhere := cached(repository, file)) and self._digest(elsewhere, file) == file.digest:
            take(elsewhere, part)
            self._count(file, file.size)
            self._marks.clear()
        else:
            self._fill(repository, file, part)
            if self._digest(part, file) != file.digest:
                part.unlink()
                raise ModelError(
                    f"{file.name} arrived damaged: its checksum is not the one the hub tells.", advice="Try again."
                )
        part.replace(path)

    def _fill(self, repository: Repository, file: RemoteFile, part: Path) -> None:
        start = part.stat().st_size if part.is_file() else 0
        if start > file.size:
            part.unlink()
            start = 0
        self._count(file, start)
        self._marks.clear()
        failures = restarts = 0
        with part.open("ab") as out:
            while out.tell() < file.size:
                self._cancel.check()
                before = out.tell()
                try:
                    for piece in read_from(repository, file.name, before):
                        out.write(piece)
                        self._count(file, len(piece))
                        self._cancel.check()
                except BrokenOffError:
                    out.flush()
                except WholeOnlyError:
                    out.truncate(out.seek(0))
                    self._count(file, -before)
                    self._marks.clear()
                    restarts += 1
                failures = 0 if out.tell() > before else failures + 1
                if PATIENCE in (failures, restarts):
                    raise ModelError(
                        f"The connection broke off at {self._done / 1e9:.1f} of {self._total / 1e9:.1f} GB.",
                        advice="What has arrived is kept: try again.",
                    )
                self._wait(0.2 * 2**failures if failures else 0.0)

    def _wait(self, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            self._cancel.check()
            sleep(0.05)

    def _digest(self, path: Path, file: RemoteFile) -> str:
        """Hash as the hub does: sha256, or git's sha1."""
        sha256 = len(file.digest) == 64
        digest = hashlib.sha256() if sha256 else hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
        with path.open("rb") as content:
            while piece := content.read(1 << 22):
                self._cancel.check()
                digest.update(piece)
        return digest.hexdigest()

    def _count(self, file: RemoteFile, more: int) -> None:
        self._done += more
        now = monotonic()
        if not self._marks or now - self._marks[-1][0] >= MARK_SECONDS:
            self._marks = [mark for mark in self._marks if now - mark[0] < SPEED_SECONDS] + [(now, self._done)]
        (began, had), left = self._marks[0], self._total - self._done
        speed = (self._done - had) / (now - began) if now > began else 0.0
        self._tell(Progress(file.name, self._done, self._total, left / speed if speed else None))


def _chosen(repository: Repository, patterns: tuple[str, ...]) -> list[RemoteFile]:
    """The wanted files of a repository's top folder, the small ones first."""
    chosen = [one for one in repository.files if any(fnmatch(one.name, pattern) for pattern in patterns)]
    if not any(one.name == "config.json" for one in chosen):
        raise ModelError(f"The repository {repository.repo} holds no model.")
    return sorted((one for one in chosen if _is_plain(one.name)), key=lambda one: one.size)


def _is_plain(name: str) -> bool:
    """A file of the top folder, on every system, that is not one of ours."""
    return PurePosixPath(name).name == PureWindowsPath(name).name == name and name not in (COMPLETE, ROUTER)


def _expect_room(folder: Path, wanted: list[tuple[Repository, RemoteFile, Path]]) -> None:
    there = sum(
        path.stat().st_size
        for _, one, place in wanted
        for path in (place / one.name, place / f"{one.name}.part")
        if path.is_file()
    )
    linked = sum(one.size for repository, one, _ in wanted if cached(repository, one))
    needed = sum(one.size for _, one, _ in wanted) - there - linked + LEAVE_FREE
    near = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(near).free
    if needed > free:
        raise ModelError(
            f"The download needs {needed / 1e9:.1f} GB more, and {free / 1e9:.1f} GB of the disk are free.",
            advice="Make room, or let TEMPO_DESK_MODELS name a folder on another disk.",
        )
