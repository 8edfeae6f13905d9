"""A stretch of a film in, a film of its own out: its packets copied as they are, so nothing is lost and it is quick.

A decoder can begin at a keyframe only, so a clip begins at the last one that is not behind the wanted start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cancel import CancelToken
from engine.errors import VideoError
from engine.ingest.video import Film, open_container

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

FORMATS = {
    ".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".ts": "mpegts", ".avi": "avi",
}  # fmt: skip
ANY = ".mkv"  # takes whatever FFmpeg knows
INTERLEAVED = 10.0  # seconds that sound may lie behind the pictures in a file


@dataclass(frozen=True, slots=True)
class Clip:
    """What was written, in the film's seconds."""

    start_seconds: float  # at or before the wanted one
    end_seconds: float


def write_clip(
    film: Film, start_seconds: float, end_seconds: float, to: Path, *, suffix: str, cancel: CancelToken | None = None
) -> Clip:
    """Copy pictures and sound from the keyframe at or before a start up to an end into the file `to`, in the container
    that `suffix` names. Subtitles and chapters stay behind.

    Raises `VideoError` where the film's times are unknown, the stretch holds no picture, or the container does not
    take its streams; `Cancelled` within one packet."""
    import av

    name = film.info.path.name
    if film.counted:
        raise VideoError(f"{name} stores no times, so nothing can be copied out of it.")
    span = _Span.of(film, start_seconds, end_seconds)
    cancel = cancel or CancelToken()
    with open_container(film.info.path) as container:
        pictures = container.streams.video[film.stream_number]
        streams: list[VideoStream | AudioStream] = [pictures, *container.streams.audio]
        try:
            with av.open(str(to), "w", format=FORMATS[suffix]) as out:
                _copy(container, pictures, streams, out, span, cancel)
        except (av.error.FFmpegError, ValueError) as error:
            advice = "" if suffix == ANY else f"Save it as {ANY}, which takes everything."
            raise VideoError(f"The streams of {name} cannot be put into a {suffix} file.", advice=advice) from error
    return Clip(span.start_seconds, span.end_seconds)


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch in ticks of the film's pictures and in the film's seconds."""

    first: int  # of the keyframe
    end: int  # of the first picture behind it
    start_seconds: float
    end_seconds: float

    @classmethod
    def of(cls, film: Film, start: float, end: float) -> _Span:
        behind = int(np.searchsorted(film.seconds, end, side="left"))
        keys = film.keyframes[film.keyframes <= film.frame_at(start)]
        first = int(keys[-1]) if len(keys) else 0
        if end <= start or behind <= first:
            raise VideoError(f"There is no picture of {film.info.path.name} in that stretch.")
        last = behind == len(film.pts)
        after = int(film.pts[-1]) + 1 if last else int(film.pts[behind])
        until = film.info.duration_seconds if last else float(film.seconds[behind])
        return cls(int(film.pts[first]), after, float(film.seconds[first]), until)


def _copy(
    container: InputContainer, pictures: VideoStream, streams: list[VideoStream | AudioStream], out: OutputContainer,
    span: _Span, cancel: CancelToken,
) -> None:  # fmt: skip
    """Packets of the stretch, with times that begin at 0."""
    outs = {stream.index: out.add_stream_from_template(stream) for stream in streams}
    begin = span.first * _base(pictures)  # seconds on the container's own clock
    end = begin + Fraction(span.end_seconds - span.start_seconds)
    for packet in _from(container, pictures, streams, span, cancel):
        base = _base(packet)
        if packet.stream is not pictures and not begin <= _shown(packet) * base < end:
            continue
        shift = round(begin / base)
        packet.pts = None if packet.pts is None else packet.pts - shift
        packet.dts = None if packet.dts is None else packet.dts - shift
        packet.stream = outs[packet.stream.index]
        out.mux(packet)


def _from(
    container: InputContainer, pictures: VideoStream, streams: list[VideoStream | AudioStream], span: _Span,
    cancel: CancelToken,
) -> Iterator[Packet[Any]]:  # fmt: skip
    """Packets of the stretch; of pictures those that it shows, from the keyframe on, and those they are made from."""
    for place in (span.first, pictures.start_time or 0):  # a seek in a transport stream may land late
        container.seek(place, stream=pictures)
        found = _Found(pictures, span)
        for packet in container.demux(streams):
            cancel.check()
            if packet.size:  # at the end of a stream comes one without content
                yield from found.take(packet)
            if found.over or found.late:
                break
        if found.begun:
            return
    raise VideoError("That stretch cannot be copied: its keyframe was not found.")


class _Found:
    """What of the packets read so far belongs to a stretch."""

    def __init__(self, pictures: VideoStream, span: _Span) -> None:
        self.begun = self.late = self.over = False
        self._pictures, self._span = pictures, span
        self._latest = span.end * _base(pictures) + INTERLEAVED  # seconds
        self._waiting: list[Packet[Any]] = []  # until a later picture of the stretch shows that they are needed
        self._sound: list[Packet[Any]] = []  # that stands before the keyframe in the file

    def take(self, packet: Packet[Any]) -> list[Packet[Any]]:
        """Those that are known to belong to it now that this one is there."""
        shown = _shown(packet)
        decoded = packet.dts if packet.dts is not None else shown
        self.over = decoded * _base(packet) >= self._latest
        if packet.stream is not self._pictures:
            self._sound.append(packet)
        elif not self.begun and packet.is_keyframe:
            self.begun, self.late = shown == self._span.first, shown > self._span.first
        if not self.begun:
            return []
        ready, self._sound = self._sound, []
        if packet.stream is self._pictures and decoded < self._span.end and shown >= self._span.first:
            self._waiting.append(packet)
            if shown < self._span.end:
                ready, self._waiting = [*ready, *self._waiting], []
        return ready


def _shown(packet: Packet[Any]) -> int:
    """When it is shown, in ticks; a container that stores one time a packet has no other."""
    return packet.pts if packet.pts is not None else packet.dts or 0


def _base(timed: Packet[Any] | VideoStream) -> Fraction:
    """Seconds a tick."""
    return timed.time_base or Fraction(1)
