"""Prefixes of the film that was asked about last, in host memory, so that a second question reads nothing again."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.memory.prefix import Prefix

LIMIT_BYTES = 2 * 1024**3


class Shelf:
    """Holds prefixes of one film cut one way, up to `limit_bytes`; those that do not fit are read again each time."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._key: Hashable = None
        self._prefixes: dict[int, Prefix] = {}
        self._nbytes = 0
        self.notes: list[str] = []  # what was noticed while these prefixes were made

    def label(self, key: Hashable) -> None:
        """Say what is wanted; everything that belongs to another key goes."""
        if key != self._key:
            self.clear()
            self._key = key

    def put(self, prefix: Prefix) -> None:
        """Keep a copy in host memory, if there is room."""
        if prefix.segment not in self._prefixes and self._nbytes + prefix.nbytes <= self._limit_bytes:
            self._prefixes[prefix.segment] = prefix.to("cpu")
            self._nbytes += prefix.nbytes

    def get(self, segment: int) -> Prefix | None:
        """Return the prefix of a segment, or None if it has to be computed."""
        return self._prefixes.get(segment)

    def note(self, text: str) -> None:
        """Keep what was noticed, once: prefixes that found no room are made again for each question."""
        if text not in self.notes:
            self.notes.append(text)

    def clear(self) -> None:
        """Let go of everything."""
        self._prefixes.clear()
        self.notes.clear()
        self._key, self._nbytes = None, 0

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return self._nbytes
