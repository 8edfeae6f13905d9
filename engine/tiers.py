"""Memory that keeps segments, bounded: on the device, on the host."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.settings import MEGABYTE
from engine.surprises import is_out_of_memory

if TYPE_CHECKING:
    from engine.memory.packing import Kept
    from engine.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the tiers in memory may hold, in bytes."""

    device: int = 1000 * MEGABYTE
    host: int = 2000 * MEGABYTE

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        return cls(settings.device_megabytes * MEGABYTE, settings.host_megabytes * MEGABYTE)

    def lowered(self, device: str, most: int | None) -> Limits:
        """No more than `most` bytes on the device."""
        if most is None:
            return self
        return (
            Limits(self.device, min(self.host, most)) if device == "cpu" else Limits(min(self.device, most), self.host)
        )


@dataclass(slots=True)
class Tier:
    """Segments in one kind of memory."""

    limit: int
    device: str
    held: dict[int, Kept] = field(default_factory=dict)
    nbytes: int = 0

    def take(self, kept: Kept, *, reserved: int = 0) -> bool:
        """Keep it if it fits beside `reserved` bytes. Where memory is short in spite of the limit, the limit sinks."""
        self.drop(kept.segment)
        if self.nbytes + kept.nbytes + reserved > self.limit:
            return False
        try:
            self.held[kept.segment] = kept.to(self.device)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            log.warning("%s holds less than its limit: %s", self.device, error)
            self.limit = self.nbytes
            return False
        self.nbytes += kept.nbytes
        return True

    def drop(self, segment: int) -> None:
        """Let go of a segment, if it is here."""
        gone = self.held.pop(segment, None)
        self.nbytes -= gone.nbytes if gone is not None else 0
