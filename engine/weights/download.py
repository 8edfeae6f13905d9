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
from pathlib import Path
from time import monotonic, sleep

from engine.cancel import CancelToken
from engine.errors import ModelError
from engine.weights.catalogue import COMPLETE, Published, models_folder
from engine.weights.checkpoint import read_json
from engine.weights.hub import BrokenOffError, RemoteFile, Repository, look_up, matrix_rows, read_from
from engine.weights.tensors import INDEX, SINGLE

WANTED = ("*.json", "model*.safetensors", "*.jinja", "*.txt", "LICENSE*", "README.md")
WANTED_OF_BASE = ("*.json", "*.jinja", "*.txt", "LICENSE*")
LEAVE_FREE = 200_000_000  # bytes of the disk
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
    if (folder / COMPLETE).is_file():
        return folder
    own, base = look_up(model.repo, model.revision), look_up(model.base, model.base_revision)
    wanted = [(own, one, folder) for one in _chosen(own, WANTED)]
    wanted += [(base, one, folder / model.base) for one in _chosen(base, WANTED_OF_BASE)]
    _expect_room(folder, wanted)
    work = _Download(tell, cancel or CancelToken(), sum(one.size for _, one, _ in wanted))
    try:
        for repository, file, place in wanted:
            work.fetch(repository, file, place)
        _fetch_router(base, folder, folder / model.base)
        told = {
            "repo": own.repo, "commit": own.commit, "base": base.repo, "base_commit": base.commit,
            "files": [asdict(one) for _, one, _ in wanted],
        }  # fmt: skip
        part = folder / f"{COMPLETE}.part"
        part.write_text(json.dumps(told, indent=1))
        part.replace(folder / COMPLETE)
    except OSError as error:
        raise _disk(error, folder) from error
    return folder


def remove(folder: Path) -> int:
    """Delete a downloaded model, finished or not; returns the bytes freed. Its mark goes first."""
    freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    (folder / COMPLETE).unlink(missing_ok=True)
    shutil.rmtree(folder)
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
            return
        part = path.with_name(f"{path.name}.part")
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
        failures = 0
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
                failures = 0 if out.tell() > before else failures + 1
                if failures == PATIENCE:
                    raise ModelError(
                        f"The connection broke off at {self._done / 1e9:.1f} of {self._total / 1e9:.1f} GB.",
                        advice="What has arrived is kept: try again.",
                    )
                sleep(min(failures, 2) * 0.2)

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
        self._marks = [mark for mark in self._marks if now - mark[0] < SPEED_SECONDS] + [(now, self._done)]
        (began, had), left = self._marks[0], self._total - self._done
        speed = (self._done - had) / (now - began) if now > began else 0.0
        self._tell(Progress(file.name, self._done, self._total, left / speed if speed else None))


def _chosen(repository: Repository, patterns: tuple[str, ...]) -> list[RemoteFile]:
    """The wanted files of a repository's top folder, the small ones first."""
    chosen = [one for one in repository.files if any(fnmatch(one.name, pattern) for pattern in patterns)]
    if not any(one.name == "config.json" for one in chosen):
        raise ModelError(f"The repository {repository.repo} holds no model.")
    return sorted((one for one in chosen if "/" not in one.name), key=lambda one: one.size)


def _expect_room(folder: Path, wanted: list[tuple[Repository, RemoteFile, Path]]) -> None:
    there = sum(
        path.stat().st_size
        for _, one, place in wanted
        for path in (place / one.name, place / f"{one.name}.part")
        if path.is_file()
    )
    needed = sum(one.size for _, one, _ in wanted) - there + LEAVE_FREE
    near = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(near).free
    if needed > free:
        raise ModelError(
            f"The download needs {needed / 1e9:.1f} GB more, and {free / 1e9:.1f} GB of the disk are free.",
            advice="Make room, or let TEMPO_DESK_MODELS name a folder on another disk.",
        )


def _fetch_router(base: Repository, folder: Path, base_folder: Path) -> None:
    """The rows of Yes and No in the base model's output embedding, which is tied to the input's."""
    import torch
    from safetensors.torch import save_file

    from engine.weights.filling import HEAD
    from engine.weights.loading import BASE_EMBEDDING, ROUTER, load_tokenizer, single_token

    tokenizer = load_tokenizer(base_folder)
    rows = tuple(single_token(tokenizer, word, base_folder) for word in ("Yes", "No"))
    file, tensor = SINGLE, BASE_EMBEDDING
    if (base_folder / INDEX).is_file():
        shard_of = read_json(base_folder / INDEX)["weight_map"]
        tensor = HEAD if HEAD in shard_of else BASE_EMBEDDING
        file = shard_of[tensor]
    found, kind, columns = matrix_rows(base, file, tensor, rows)
    kinds = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32}
    if kind not in kinds:
        raise ModelError(f"The base model {base.repo} stores numbers as {kind}, which the router cannot use.")
    tensors = [torch.frombuffer(bytearray(row), dtype=kinds[kind]).reshape(columns) for row in found]
    save_file(dict(zip(("yes", "no"), tensors, strict=True)), folder / ROUTER)


def _disk(error: OSError, folder: Path) -> ModelError:
    import errno

    if error.errno == errno.ENOSPC:
        return ModelError("The disk is full.", advice="What has arrived is kept: make room and try again.")
    return ModelError(f"The model cannot be written to {folder}: {error.strerror or error}.")
