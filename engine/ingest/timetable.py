"""When every frame is shown: an open container in, presentation times out, without decoding a picture.

The clock is the one players show: presentation time minus the start of the container (not of the video stream).
Qt 6.12's QMediaPlayer was measured to do the same for mp4, mkv and ts films that start at 5 s, and for films whose
picture starts after the sound.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from engine.cancel import CancelToken

if TYPE_CHECKING:
    from av import VideoStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

logger = logging.getLogger(__name__)

UNTIMED_FORMATS = frozenset({"avi"})  # stores the order of decoding only: FFmpeg's pts are guesses under B-frames
JITTER_SECONDS = 0.0021  # containers that count milliseconds move a frame by up to 1 ms, two frames by 2
JITTER_SHARE = 0.1  # of the usual step
MICROSECOND = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The frames a player would show, in the order it shows them."""

    pts: np.ndarray  # [frames] int64, ticks of the stream; mere frame numbers if `counted`
    seconds: np.ndarray  # [frames] float64, from the container's start
    keyframes: np.ndarray  # [keyframes] int64, positions in `pts` from which decoding can begin
    sizes: np.ndarray  # [frames] int64, bytes that each took in the file
    counted: bool  # True: the frames carry no usable times, find them by counting from the first
    start_seconds: float  # the container's own start
    last_seconds: float  # how long the last frame stays
    file_end_seconds: float  # where the last packet of any stream ends, on the container's own clock
    hidden: int  # frames the file holds but tells players not to show
    broken: bool  # reading stopped at an error


class _Row(NamedTuple):
    """One packet of the video stream."""

    pts: int | None
    dts: int | None
    keyframe: bool
    hidden: bool
    size: int


@dataclass(slots=True)
class _Packets:
    """What demuxing the whole file tells."""

    video: list[_Row] = field(default_factory=list)
    last_ticks: int = -(2**63)
    last_duration: int = 0
    end_seconds: float = 0.0
    broken: bool = False


def read_timetable(container: InputContainer, stream: VideoStream, *, cancel: CancelToken | None = None) -> Timetable:
    """Read every packet of the file. The table is empty if the stream holds no frame to show."""
    packets = _demux(container, stream, cancel)
    rows = _decodable(packets.video)
    shown = [row for row in rows if not row.hidden]
    counted = container.format.name in UNTIMED_FORMATS or any(row.pts is None for row in shown)
    start = container_start(container)
    if counted:
        pts = np.arange(len(shown), dtype=np.int64)
        seconds = _untimed_seconds(shown, stream, start)
        keyframes = np.flatnonzero([row.keyframe for row in shown])
        sizes = np.array([row.size for row in shown], np.int64)
    else:
        pts = np.unique(np.array([row.pts for row in shown], np.int64))
        seconds = _to_seconds(pts, stream) - float(start)
        keyframes = np.searchsorted(pts, sorted({row.pts for row in shown if row.keyframe and row.pts is not None}))
        sizes = np.zeros(len(pts), np.int64)
        np.add.at(sizes, np.searchsorted(pts, np.array([row.pts for row in shown], np.int64)), [r.size for r in shown])
    return Timetable(
        pts=pts,
        seconds=seconds,
        keyframes=keyframes.astype(np.int64),
        sizes=sizes,
        counted=counted,
        start_seconds=float(start),
        last_seconds=float(packets.last_duration * (stream.time_base or 0)),
        file_end_seconds=packets.end_seconds,
        hidden=len(rows) - len(shown),
        broken=packets.broken,
    )


def container_start(container: InputContainer) -> Fraction:
    """The container's first presentation time in seconds; FFmpeg rounds it to microseconds, its streams do not."""
    micros = cast("int | None", container.start_time)  # PyAV's stub forgets raw streams, which have none
    if micros is None:
        return Fraction(0)
    rounded = micros * MICROSECOND
    for stream in container.streams:
        if stream.start_time is not None and stream.time_base is not None:
            exact = stream.start_time * stream.time_base
            if abs(exact - rounded) <= MICROSECOND:
                return exact
    return rounded


def is_variable(seconds: np.ndarray) -> bool:
    """True if some step between frames differs from the usual one by more than a container's rounding."""
    if len(seconds) < 3:
        return False
    steps = np.diff(seconds)
    usual = float(np.median(steps))
    return bool(np.max(np.abs(steps - usual)) > max(JITTER_SECONDS, JITTER_SHARE * usual))


def _demux(container: InputContainer, stream: VideoStream, cancel: CancelToken | None) -> _Packets:
    from av.error import FFmpegError

    found = _Packets()
    try:
        for packet in container.demux():
            if cancel is not None:
                cancel.check()
            if packet.size:  # the last ones are empty and only flush decoders; empty ones in an avi repeat a frame
                _note_packet(found, packet, packet.stream_index == stream.index)
    except FFmpegError as error:
        logger.info("reading packets stopped: %s", error)
        found.broken = True
    return found


def _note_packet(found: _Packets, packet: Packet[Stream], is_video: bool) -> None:
    ticks = packet.pts if packet.pts is not None else packet.dts
    if is_video:
        found.video.append(_Row(packet.pts, packet.dts, packet.is_keyframe, packet.is_discard, packet.size))
        if ticks is not None and ticks > found.last_ticks:
            found.last_ticks, found.last_duration = ticks, packet.duration or 0
    if ticks is not None:
        found.end_seconds = max(found.end_seconds, float((ticks + (packet.duration or 0)) * packet.time_base))


def _decodable(rows: list[_Row]) -> list[_Row]:
    """Leave out what comes before the first keyframe, stored or shown: a film cut mid-way cannot decode that."""
    first = next((number for number, row in enumerate(rows) if row.keyframe), 0)
    start = rows[first].pts if rows else None
    return [row for row in rows[first:] if row.pts is None or start is None or row.pts >= start]


def _untimed_seconds(rows: list[_Row], stream: VideoStream, start: Fraction) -> np.ndarray:
    """The even times of decoding, moved to where the first frame is shown; else steps at the rate the stream names."""
    decoding = [row.dts for row in rows if row.dts is not None]
    showing = [row.pts for row in rows if row.pts is not None]
    if len(set(decoding)) == len(rows):
        delay = min(showing) - min(decoding) if showing else 0
        return _to_seconds(np.array(sorted(decoding), np.int64) + delay, stream) - float(start)
    rate = stream.average_rate or stream.base_rate or Fraction(25)
    return np.arange(len(rows)) / float(rate)


def _to_seconds(ticks: np.ndarray, stream: VideoStream) -> np.ndarray:
    base = stream.time_base or Fraction(1)
    seconds: np.ndarray = ticks * base.numerator / base.denominator
    return seconds
