"""What is ready of the film that was asked about last, in three tiers: device memory, host memory, disk.

A segment stays as its prefix where that fits, else as vision features (a tenth in size, half of the work), else not at
all and is read again for each question. Room for the features of all segments still to come is kept free first.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from engine.errors import StoreError

if TYPE_CHECKING:
    from engine.memory.eight_bit import SmallPrefix
    from engine.memory.features import Features
    from engine.memory.packing import Kept
    from engine.memory.prefix import Prefix
    from engine.memory.store import StoredIndex

log = logging.getLogger(__name__)
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """What the tiers in memory may hold, in bytes."""

    device: int = 1 * GIB
    host: int = 2 * GIB


@dataclass(slots=True)
class Tier:
    """Segments in one kind of memory."""

    limit: int
    device: str
    held: dict[int, Kept] = field(default_factory=dict)
    nbytes: int = 0

    def take(self, kept: Kept, *, reserved: int = 0) -> bool:
        """Keep it if it fits beside `reserved` bytes."""
        if self.nbytes + kept.nbytes + reserved > self.limit:
            return False
        self.drop(kept.segment)
        self.held[kept.segment] = kept.to(self.device)
        self.nbytes += kept.nbytes
        return True

    def drop(self, segment: int) -> None:
        """Let go of a segment, if it is here."""
        gone = self.held.pop(segment, None)
        self.nbytes -= gone.nbytes if gone is not None else 0


class Shelf:
    """Holds what is ready of one film, cut and seen in one way (`label`)."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._key: Hashable = None
        self._tiers: list[Tier] = []
        self._disk: StoredIndex | None = None
        self._on_disk: dict[int, str] = {}
        self._segments, self._eight_bit = 0, False
        self.notes: list[str] = []  # what was noticed while these segments were made

    def label(self, key: Hashable, *, segments: int, device: str, eight_bit: bool = False) -> bool:
        """Say what is wanted. True if it is something new: then everything in memory is gone."""
        if key == self._key:
            return False
        self.clear()
        self._key, self._segments, self._eight_bit = key, segments, eight_bit
        self._tiers = [Tier(self._limits.host, "cpu")]
        if device != "cpu":
            self._tiers.insert(0, Tier(self._limits.device, device))
        return True

    def use_disk(self, disk: StoredIndex) -> None:
        """Read from and write to an index on disk as well."""
        self._disk, self._on_disk = disk, disk.kinds()

    def kind(self, segment: int) -> str | None:
        """ "prefix", "features", or None where the film has to be read."""
        from engine.memory.packing import kind_of

        kinds = [kind_of(tier.held[segment]) for tier in self._tiers if segment in tier.held]
        kinds += [self._on_disk[segment]] if segment in self._on_disk else []
        return "prefix" if "prefix" in kinds else kinds[0] if kinds else None

    def get(self, segment: int) -> Prefix | Features | None:
        """Return what is kept of a segment, the best of it."""
        for tier in self._tiers:
            if segment in tier.held and not (self._is_features(tier, segment) and self._better_on_disk(segment)):
                return self._whole(tier.held[segment])
        kept = self._from_disk(segment)
        return None if kept is None else self._whole(kept)

    def put(self, prefix: Prefix, features: Features) -> Prefix:
        """Keep a segment wherever there is room. Returns the prefix as it will come back: in 8 bits it is not exact,
        and the first question must not be answered otherwise than the second."""
        kept = self._small(prefix)
        if not self._take(kept, reserved=self._missing(self._in_memory()) * features.nbytes):
            self._take(features.clone())
        self._to_disk(kept, features)
        return prefix if kept is prefix else self._whole(kept)

    def note(self, text: str) -> None:
        """Keep what was noticed, once: segments that found no room are made again for each question."""
        if text not in self.notes:
            self.notes.append(text)

    def clear(self) -> None:
        """Let go of everything in memory; what is on disk stays there."""
        self._tiers, self._on_disk, self._disk = [], {}, None
        self.notes.clear()
        self._key, self._segments = None, 0

    @property
    def nbytes(self) -> int:
        """Memory held, the disk not counted."""
        return sum(tier.nbytes for tier in self._tiers)

    def _small(self, prefix: Prefix) -> Prefix | SmallPrefix:
        from engine.memory.eight_bit import shrink

        return shrink(prefix) if self._eight_bit else prefix

    @overload
    def _whole(self, kept: Prefix | SmallPrefix) -> Prefix: ...
    @overload
    def _whole(self, kept: Kept) -> Prefix | Features: ...
    def _whole(self, kept: Kept) -> Prefix | Features:
        from engine.memory.eight_bit import SmallPrefix, restore

        return restore(kept) if isinstance(kept, SmallPrefix) else kept

    def _is_features(self, tier: Tier, segment: int) -> bool:
        from engine.memory.packing import kind_of

        return kind_of(tier.held[segment]) == "features"

    def _better_on_disk(self, segment: int) -> bool:
        return self._on_disk.get(segment) == "prefix"

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

    def _to_disk(self, prefix: Prefix | SmallPrefix, features: Features) -> None:
        from engine.memory.packing import kind_of

        if self._disk is None or self._on_disk.get(prefix.segment) == "prefix":
            return
        try:
            reserved = self._missing(len(self._on_disk)) * features.nbytes
            for kept, beside in ((prefix, reserved), (features, 0)):
                if self._disk.write(kept, reserved=beside):
                    self._on_disk[kept.segment] = kind_of(kept)
                    return
        except StoreError as error:
            log.warning("%s", error.message)
            self.note(f"{error.message} Questions are answered without it.")
            self._disk = None
