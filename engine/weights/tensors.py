"""Safetensors by name: one file or shards with an index in, single tensors (or rows of one) out.

Nothing is read until it is asked for, so a model never stands twice in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from engine.errors import ModelError
from engine.weights.checkpoint import read_json

if TYPE_CHECKING:
    from torch import Tensor

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"


class Tensors:
    """The tensors of a folder, or of one file. A context manager: the files stay open inside."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file_of: dict[str, Any] = {}
        self._open = ExitStack()

    def __enter__(self) -> Tensors:
        with ExitStack() as files:
            for path in _files(self._path):
                self._add(path, files)
            _expect_indexed(self._path, self._file_of)
            self._open = files.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file_of.clear()
        self._open.close()

    @property
    def names(self) -> frozenset[str]:
        """Every tensor's name."""
        return frozenset(self._file_of)

    def shape(self, name: str) -> tuple[int, ...]:
        """A tensor's shape, from the header."""
        return tuple(self._file_of[name].get_slice(name).get_shape())

    def read(self, name: str) -> Tensor:
        """A whole tensor, on the CPU, as stored."""
        tensor: Tensor = self._file_of[name].get_tensor(name)
        return tensor

    def row(self, name: str, index: int) -> Tensor:
        """One row of a matrix; the rest is not read."""
        rows: Tensor = self._file_of[name].get_slice(name)[index : index + 1]
        return rows[0]

    def _add(self, path: Path, files: ExitStack) -> None:
        from safetensors import SafetensorError, safe_open

        try:
            file = files.enter_context(safe_open(path, framework="pt", device="cpu"))
        except FileNotFoundError:
            raise ModelError(f"The model folder {path.parent} has no {path.name}.") from None
        except (SafetensorError, OSError) as error:
            raise ModelError(f"The model's file {path} is damaged: {error}.") from error
        for name in file.keys():  # noqa: SIM118  (a safetensors handle is no mapping)
            if name in self._file_of:
                raise ModelError(f"The tensor {name} stands in two files of {path.parent}.")
            self._file_of[name] = file


def weights_complete(folder: Path) -> bool:
    """Whether every file that the folder's index names is there."""
    try:
        return all(path.is_file() for path in _files(folder))
    except ModelError:
        return False


def expect_names(found: Iterable[str], wanted: Iterable[str], where: Path) -> None:
    """Raise `ModelError`, counting and naming what is missing or too much."""
    held, places = set(found), set(wanted)
    missing, extra = sorted(places - held), sorted(held - places)
    if missing:
        raise ModelError(f"{where} lacks {len(missing)} of the model's {len(places)} tensors, first {missing[0]}.")
    if extra:
        raise ModelError(f"{where} holds tensors that have no place in the model ({len(extra)}), first {extra[0]}.")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not (path / INDEX).is_file():
        return [path / SINGLE]
    return [path / name for name in sorted(set(_weight_map(path).values()))]


def _weight_map(folder: Path) -> dict[str, str]:
    found = read_json(folder / INDEX).get("weight_map")
    if not isinstance(found, dict):
        raise ModelError(f"The model's file {folder / INDEX} has no weight_map.")
    return found


def _expect_indexed(path: Path, found: Iterable[str]) -> None:
    """The index and the shards must tell the same."""
    if path.is_dir() and (path / INDEX).is_file():
        expect_names(found, _weight_map(path), path)
