"""Records in, JSON out that gives them back exactly: for keeping. (`record_json` is what other programs read.) Pure.

A row of records is written as a table, names once. What many answers share (how the film was cut, the film, the model)
is moved out into pieces named by their content, so that it is kept once. A name that is not known is passed over and
one that is missing takes its default: a record may gain fields that have a default, and old archives still open.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.records import ModelInfo, Segment, VideoInfo

SHARED = (VideoInfo, ModelInfo)
Record = TypeVar("Record")
Pieces = dict[str, str]
Read = Callable[[Any, "Unpacking"], Any]


def pack(record: object) -> tuple[str, Pieces]:
    """A record as JSON, and the pieces it refers to, by name. Raises `TypeError` for what is no record."""
    pieces: Pieces = {}
    return _text(_fields(record, pieces)), pieces


class Unpacking:
    """Records from JSON. What two of them share becomes one object."""

    def __init__(self, piece: Callable[[str], str]) -> None:
        self._piece = piece
        self._made: dict[str, Any] = {}

    def record(self, kind: type[Record], text: str) -> Record:
        """The record that `pack` wrote. Raises `ValueError` for anything else."""
        wanted: Any = kind
        try:
            made: Record = _reader(wanted)(json.loads(text), self)
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError(f"this is no {kind.__name__}: {error!r}") from error
        return made

    def piece(self, name: str, read: Read) -> Any:
        """What a piece holds."""
        if name not in self._made:
            self._made[name] = read(json.loads(self._piece(name)), self)
        return self._made[name]


def _text(plain: object) -> str:
    return json.dumps(plain, separators=(",", ":"))


def _plain(value: Any, pieces: Pieces) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return _row(value, pieces)
    if is_dataclass(value) and not isinstance(value, type):
        plain = _fields(value, pieces)
        return _moved_out(plain, pieces) if isinstance(value, SHARED) else plain
    if hasattr(value, "item"):  # a number of NumPy's
        return value.item()
    raise TypeError(f"{type(value).__name__} is not kept in records")


def _fields(record: Any, pieces: Pieces) -> dict[str, Any]:
    return {field.name: _plain(getattr(record, field.name), pieces) for field in fields(record)}


def _row(values: Sequence[Any], pieces: Pieces) -> Any:
    kind = type(values[0]) if values else None
    if kind is None or not is_dataclass(kind) or any(type(value) is not kind for value in values):
        return [_plain(value, pieces) for value in values]
    names = [field.name for field in fields(kind)]
    rows = [[_plain(getattr(value, name), pieces) for name in names] for value in values]
    table = {"names": names, "rows": rows}
    return _moved_out(table, pieces) if kind is Segment else table


def _moved_out(plain: Any, pieces: Pieces) -> dict[str, str]:
    text = _text(plain)
    name = hashlib.sha256(text.encode()).hexdigest()[:32]
    pieces[name] = text
    return {"piece": name}


@cache
def _reader(hint: Any) -> Read:
    """What makes a value of this type out of plain JSON."""
    if get_origin(hint) in (Union, UnionType):
        return _optional(hint)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    if hint in (int, float, str, bool, Path) or (isinstance(hint, type) and issubclass(hint, Enum)):
        return lambda plain, _: hint(plain)
    raise TypeError(f"{hint} is not kept in records")


def _optional(hint: Any) -> Read:
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    if len(kinds) != 1:
        raise TypeError(f"{hint} is not kept in records")
    return lambda plain, unpacking: None if plain is None else _reader(kinds[0])(plain, unpacking)


def _tuple(kinds: tuple[Any, ...]) -> Read:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kind = kinds[0]
        whole = _table(kind) if is_dataclass(kind) else _many(kind)
        return lambda plain, unpacking: _in_place(plain, unpacking, whole)
    return lambda plain, unpacking: tuple(_reader(kind)(one, unpacking) for kind, one in zip(kinds, plain, strict=True))


def _many(kind: Any) -> Read:
    if kind in (int, float, str):
        return lambda plain, _: tuple(map(kind, plain))
    return lambda plain, unpacking: tuple(_reader(kind)(one, unpacking) for one in plain)


def _table(kind: Any) -> Read:
    def whole(plain: Any, unpacking: Unpacking) -> Any:
        if isinstance(plain, list):  # an empty one
            return _many(kind)(plain, unpacking)
        make, names = _maker(kind), plain["names"]
        return tuple(make(dict(zip(names, row, strict=True)), unpacking) for row in plain["rows"])

    return whole


def _record(kind: Any) -> Read:
    return lambda plain, unpacking: _in_place(plain, unpacking, _maker(kind))


def _in_place(plain: Any, unpacking: Unpacking, read: Read) -> Any:
    """The value, or the piece that stands for it."""
    if isinstance(plain, dict) and plain.keys() == {"piece"}:
        return unpacking.piece(plain["piece"], read)
    return read(plain, unpacking)


@cache
def _maker(kind: Any) -> Read:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind) if field.init}
    needed = {
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    } & readers.keys()

    def make(plain: Any, unpacking: Unpacking) -> Any:
        if missing := needed - plain.keys():
            raise ValueError(f"{kind.__name__} lacks {', '.join(sorted(missing))}")
        return kind(**{name: read(plain[name], unpacking) for name, read in readers.items() if name in plain})

    return make
