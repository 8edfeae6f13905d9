"""What is ready of the film that was asked about last, in three tiers: device memory, host memory, disk.

A segment stays as its prefix where that fits, else as vision features (a tenth in size, half of the work), else not at
all and is read again for each question. Room for the features of all segments still to come is kept free first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from engine.cancel import CancelToken
from engine.device_memory import counted
from engine.errors import StoreError
from engine.tiers import Limits, Tier

if TYPE_CHECKING:
    from engine.memory.features import Features
    from engine.memory.packing import Kept
    from engine.memory.prefix import Prefix
    from engine.memory.store import StoredIndex

log = logging.getLogger(__name__)
CHANGED = "The film was changed since it was opened: nothing more of it is kept on disk. Open it again."


class FilmShelf:
    """What is ready of one film, cut and seen in one way."""

    def __init__(self, limits: Limits, *, segments: int, device: str, eight_bit: bool = False) -> None:
        self._segments, self._eight_bit = segments, eight_bit
        self._tiers = [Tier(limits.host, "cpu")]
        if device != "cpu":
            self._tiers.insert(0, Tier(limits.device, device))
        self._disk: StoredIndex | None = None
        self._on_disk: dict[int, str] = {}
        self._unchanged: Callable[[], bool] = lambda: True
        self._unwritten: list[tuple[Kept, Features]] = []
        self.notes: list[str] = []  # what was noticed while these segments were made

    def use_disk(self, disk: StoredIndex, *, unchanged: Callable[[], bool]) -> None:
        """Read from and write to an index on disk as well, as long as the film is `unchanged`."""
        self._disk, self._on_disk, self._unchanged = disk, disk.kinds(), unchanged
        self.notes += [note for note in disk.notes() if note not in self.notes]

    def kind(self, segment: int) -> str | None:
        """ "prefix", "features", or None where the film has to be read."""
        from engine.memory.packing import kind_of

        kinds = [kind_of(tier.held[segment]) for tier in self._tiers if segment in tier.held]
        kinds += [self._on_disk[segment]] if segment in self._on_disk else []
        return "prefix" if "prefix" in kinds else kinds[0] if kinds else None

    def get(self, segment: int) -> Prefix | Features | None:
        """Return what is kept of a segment, the best of it that can still be read."""
        from engine.memory.packing import kind_of

        held = next((tier.held[segment] for tier in self._tiers if segment in tier.held), None)
        if held is None or (kind_of(held) == "features" and self._on_disk.get(segment) == "prefix"):
            held = self._from_disk(segment) or held
        return None if held is None else _whole(held)

    def put(self, prefix: Prefix, features: Features) -> Prefix:
        """Keep a segment in memory, if there is room, and on disk by `write`. Returns the prefix as it will come back:
        in 8 bits it is not exact, and the first question must not be answered otherwise than the second."""
        kept = self._small(prefix)
        if not self._take(kept, reserved=self._missing(self._in_memory()) * features.nbytes):
            self._take(features.clone())
        if self._disk is not None:
            self._unwritten.append((kept, features))
        return _restored(kept)

    def as_it_comes_back(self, prefix: Prefix) -> Prefix:
        """A prefix made from kept features, as exact as one that was kept itself."""
        return _restored(self._small(prefix))

    def write(self, cancel: CancelToken) -> None:
        """Put on disk what was put here. Raises `Cancelled`; a disk that refuses is a note."""
        while self._unwritten:
            cancel.check()
            self._to_disk(*self._unwritten.pop(0))

    def note(self, text: str) -> None:
        """Keep what was noticed, once: segments that found no room are made again for each question."""
        if text not in self.notes:
            self.notes.append(text)
            if self._disk is not None:
                self._disk.keep_notes(self.notes)

    def touch(self) -> None:
        """Count as used now."""
        if self._disk is not None:
            self._disk.touch()

    def close(self) -> None:
        """Let go of all memory, and take nothing more."""
        for tier in self._tiers:
            tier.held.clear()
            tier.limit = tier.nbytes = 0
        self._unwritten.clear()

    def nbytes_on(self, device: str) -> int:
        """Memory held on one device."""
        return sum(tier.nbytes for tier in self._tiers if tier.device == device)

    @property
    def nbytes(self) -> int:
        """Memory held, the disk not counted."""
        return sum(tier.nbytes for tier in self._tiers)

    def _small(self, prefix: Prefix) -> Kept:
        from engine.memory.eight_bit import shrink

        return shrink(prefix) if self._eight_bit else prefix

    def _in_memory(self) -> int:
        return len(set().union(*(tier.held for tier in self._tiers)))

    def _missing(self, held: int) -> int:
        """Segments still to come behind the next one."""
        return max(self._segments - held - 1, 0)

    def _take(self, kept: Kept, *, reserved: int = 0) -> bool:
        return any(tier.take(kept, reserved=reserved) for tier in self._tiers)

    def _from_disk(self, segment: int) -> Kept | None:
        if self._disk is None or segment not in self._on_disk:
            return None
        kept = self._disk.read(segment)
        if kept is None:
            del self._on_disk[segment]
        else:
            self._take(kept)
        return kept

    def _to_disk(self, kept: Kept, features: Features) -> None:
        from engine.memory.packing import kind_of

        if self._disk is None or self._on_disk.get(kept.segment) == "prefix":
            return
        if not self._unchanged():
            self._disk, self._on_disk = None, {}
            self.note(CHANGED)
            return
        try:
            reserved = self._missing(len(self._on_disk)) * features.nbytes
            for one, beside in ((kept, reserved), (features, 0)):
                if self._disk.write(one, reserved=beside):
                    self._on_disk[one.segment] = kind_of(one)
                    return
        except StoreError as error:
            log.warning("%s", error.message)
            self._disk, self._on_disk = None, {}
            self.note(f"{error.message} Questions are answered without it.")


class Shelf:
    """The one film whose prefixes are in memory; another one takes its place."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._key: Hashable = None
        self._film: FilmShelf | None = None
        counted(self)

    def of(
        self, key: Hashable, *, segments: int, device: str, eight_bit: bool = False, tier_limit: int | None = None
    ) -> tuple[FilmShelf, bool]:
        """The shelf of what `key` names, and whether it is new. Whoever still works on the one before works in vain.

        `tier_limit` bytes fit beside the model on its device, if that is less than was allowed.
        """
        if self._film is not None and key == self._key:
            return self._film, False
        self.clear()
        self._key = key
        limits = self._limits.lowered(device, tier_limit)
        self._film = FilmShelf(limits, segments=segments, device=device, eight_bit=eight_bit)
        return self._film, True

    def clear(self) -> None:
        """Let go of everything in memory; what is on disk stays there."""
        if self._film is not None:
            self._film.close()
        self._film = self._key = None

    def nbytes_on(self, device: str) -> int:
        """Memory that the film's prefixes hold on one device."""
        return self._film.nbytes_on(device) if self._film is not None else 0

    @property
    def film(self) -> FilmShelf | None:
        """What is held now."""
        return self._film


def _whole(kept: Kept) -> Prefix | Features:
    from engine.memory.features import Features

    return kept if isinstance(kept, Features) else _restored(kept)


def _restored(kept: Kept) -> Prefix:
    from engine.memory.eight_bit import SmallPrefix, restore
    from engine.memory.prefix import Prefix

    if isinstance(kept, SmallPrefix):
        return restore(kept)
    if not isinstance(kept, Prefix):
        raise TypeError(f"{type(kept).__name__} is no prefix")
    return kept
