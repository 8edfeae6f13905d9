"""Which packets the wanted pictures need: all packets in stored order in, those the decoder must have out.

Left out are pictures nobody refers to and, ahead of a fresh start, all that came after the last wanted picture.
Leaving out packets beats the decoder's own `skip_frame`: a skipped packet still takes a turn of its threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.ingest.bitstream import Bitstream, Role

if TYPE_CHECKING:
    from av import VideoStream
    from av.packet import Packet

MOST_WAITING = 32_000_000  # bytes of packets held back in the hope of a fresh start


class Gate:
    """Lets through what the pictures at the times `wanted` (ticks) need, given every packet of the stream in turn."""

    def __init__(self, bitstream: Bitstream, wanted: Iterable[int]) -> None:
        self._bitstream = bitstream
        self._wanted = frozenset(wanted)
        self._missing = set(self._wanted)
        self._waiting: list[Packet[VideoStream]] = []
        self._waiting_bytes = 0

    @property
    def satisfied(self) -> bool:
        """Everything wanted is through: the decoder may be drained."""
        return not self._missing

    def admit(self, packet: Packet[VideoStream]) -> list[Packet[VideoStream]]:
        """The packets to decode now, in order."""
        if packet.has_sidedata("new_extradata"):
            self._bitstream.distrust()
        role = self._bitstream.role(bytes(packet))
        if role is Role.START:
            self._release()
        if packet.pts is None or packet.pts in self._wanted:
            if packet.pts is not None:
                self._missing.discard(packet.pts)
            return self._release(packet)
        if role is Role.DISPOSABLE:
            return []
        self._waiting.append(packet)
        self._waiting_bytes += packet.size
        return self._release() if role is Role.OTHER or self._waiting_bytes > MOST_WAITING else []

    def _release(self, *last: Packet[VideoStream]) -> list[Packet[VideoStream]]:
        released = [*self._waiting, *last]
        self._waiting, self._waiting_bytes = [], 0
        return released
