"""A stretch of a film in, a film of its own out: its packets copied as they are, so nothing is lost and it is quick.

A decoder can begin at a keyframe only. MP4 and its kin can say that a player shall not show what lies before the wanted
start (an edit list, which FFmpeg's muxer writes where times are negative); in other containers a clip begins at the
keyframe.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
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
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    Stream = VideoStream | AudioStream

FORMATS = {
    ".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".3gp": "3gp", ".mkv": "matroska", ".webm": "webm", ".ts": "mpegts",
    ".m2ts": "mpegts", ".mts": "mpegts", ".flv": "flv", ".wmv": "asf", ".asf": "asf",
}  # fmt: skip
ANY = ".mkv"  # takes most of what FFmpeg knows
EXACT = frozenset({"mp4", "mov", "3gp"})
INTERLEAVED = 10  # seconds that sound may lie behind the pictures in a file
BACK = (1, 10)  # seconds to seek to before the keyframe: some containers seek by times of decoding, which are earlier
KEPT = ("language", "title")  # of what a stream says of itself


@dataclass(frozen=True, slots=True)
class Clip:
    """What was written, in the film's seconds."""

    start_seconds: float  # where a player begins: at or before the wanted start
    end_seconds: float
    left_out: int  # sound tracks that nobody can read


def write_clip(
    film: Film, start_seconds: float, end_seconds: float, to: Path, *, suffix: str, cancel: CancelToken | None = None
) -> Clip:
    """Copy pictures and sound of a stretch into the file `to`, in the container that `suffix` names. Subtitles and
    chapters stay behind.

    Raises `VideoError` where the film's times are unknown, the stretch holds no picture, or the container does not
    take its streams; `OSError` where `to` cannot be written; `Cancelled` within one packet."""
    import av

    name = film.info.path.name
    if film.counted:
        raise VideoError(f"{name} stores no times, so nothing can be copied out of it.")
    exact = FORMATS[suffix] in EXACT
    span = _Span.of(film, start_seconds, end_seconds, exact=exact)
    found = _Packets(film, span, cancel or CancelToken())
    with open_container(film.info.path) as container:
        pictures = container.streams.video[film.stream_number]
        sounds = [stream for stream in container.streams.audio if stream.codec_context is not None]
        try:
            with av.open(str(to), "w", format=FORMATS[suffix]) as out:
                streams: list[Stream] = [pictures, *sounds]
                outs = {stream.index: _like(out, stream, tagged=exact) for stream in streams}
                found.copy(out, outs)
        except (av.error.FFmpegError, ValueError) as error:
            if isinstance(error, OSError):  # of the file to write: reading tells its own errors
                raise
            advice = "" if suffix == ANY else f"{ANY} takes more kinds."
            raise VideoError(f"The streams of {name} cannot be put into a {suffix} file.", advice=advice) from error
        start = span.start_seconds if exact else span.start_seconds - found.hidden_seconds
        return Clip(start, span.end_seconds, len(container.streams.audio) - len(sounds))


def _like(out: OutputContainer, stream: Stream, *, tagged: bool) -> Stream:
    """A stream of the clip for one of the film, with its language and its place among the others."""
    made: Stream = out.add_stream_from_template(stream, opaque=True)  # no encoder is looked for
    for key in KEPT:
        if key in stream.metadata:
            made.metadata[key] = stream.metadata[key]
    made.disposition = stream.disposition
    if tagged and stream.container.format.name.startswith("mov"):  # Apple's players want hvc1, not hev1
        made.codec_context.codec_tag = stream.codec_context.codec_tag
    return made


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch in ticks of the film's pictures and in the film's seconds."""

    key: int  # of the picture that decoding begins with, if it is shown at all; else of the first one shown
    hidden: bool  # it is not: the film's own edit list hides it
    first: int  # of the picture that a player begins with
    end: int  # of the first picture behind it
    start_seconds: float
    end_seconds: float

    @classmethod
    def of(cls, film: Film, start: float, end: float, *, exact: bool) -> _Span:
        behind, wanted = int(np.searchsorted(film.seconds, end, side="left")), film.frame_at(start)
        if end <= start or behind <= wanted:
            raise VideoError(f"There is no picture of {film.info.path.name} in that stretch.")
        keys = film.keyframes[film.keyframes <= wanted]
        key = int(keys[-1]) if len(keys) else 0
        first, last = wanted if exact else key, behind == len(film.pts)
        return cls(
            key=int(film.pts[key]),
            hidden=not len(keys),
            first=int(film.pts[first]),
            end=int(film.pts[-1]) + 1 if last else int(film.pts[behind]),
            start_seconds=float(film.seconds[first]),
            end_seconds=film.info.duration_seconds if last else float(film.seconds[behind]),
        )


class _Packets:
    """The packets of a stretch: what it shows and sounds, and of pictures what that is made from."""

    def __init__(self, film: Film, span: _Span, cancel: CancelToken) -> None:
        self._film, self._span, self._cancel = film, span, cancel
        self.hidden_seconds = 0.0  # before the first picture of the film, once they are copied

    def copy(self, out: OutputContainer, outs: dict[int, Stream]) -> None:
        """Write them, with times that begin at 0 where a player begins."""
        with closing(self._found(outs)) as packets:
            for packet, begin in packets:
                shift = round(begin / _base(packet))
                packet.pts = None if packet.pts is None else packet.pts - shift
                packet.dts = None if packet.dts is None else packet.dts - shift
                packet.stream = outs[packet.stream.index]
                out.mux(packet)

    def _found(self, wanted: dict[int, Stream]) -> Generator[tuple[Packet[Any], Fraction]]:
        """Each with the moment a player begins at, in seconds of the container. Raises `VideoError`."""
        import av

        path = self._film.info.path
        for back in (*BACK, None):
            with open_container(path) as container:
                pictures = container.streams.video[self._film.stream_number]
                base = _base(pictures)
                filtered = _Filter(pictures.index, self._span, base)
                try:
                    if back is not None:
                        container.seek(self._span.key - round(back / base), stream=pictures)
                    for packet in container.demux([container.streams[number] for number in wanted]):
                        self._cancel.check()
                        if packet.size:  # at the end of a stream comes one without content
                            for one in filtered.take(packet):
                                yield one, self._span.first * base
                        if filtered.over or filtered.late:
                            break
                except av.error.FFmpegError as error:
                    if back is None or filtered.begun:
                        raise VideoError(f"{path.name} cannot be read there: it is damaged.") from error
            if filtered.begun:
                self.hidden_seconds = float((self._span.key - filtered.key) * base)
                return
        raise VideoError(f"{path.name} has no keyframe for that stretch.")


class _Filter:
    """What of the packets read so far belongs to a stretch."""

    def __init__(self, pictures: int, span: _Span, base: Fraction) -> None:
        """`pictures` is the number of their stream, `base` the seconds of its ticks."""
        self.begun = self.late = self.over = False
        self._pictures, self._span, self._base = pictures, span, base
        self.key = self._decoded = span.key  # of the keyframe; of the last picture
        self._waiting: list[Packet[Any]] = []  # until a later picture of the stretch shows that they are needed
        self._sound: list[Packet[Any]] = []  # that stands before the keyframe in the file

    def take(self, packet: Packet[Any]) -> list[Packet[Any]]:
        """Those that are known to belong to it now that this one is there."""
        if packet.stream.index != self._pictures:
            self._hear(packet)
        else:
            self._see(packet)
        if not self.begun:
            return []
        ready, self._sound = self._sound, []
        if self._waiting and _shown(self._waiting[-1]) < self._span.end:
            ready, self._waiting = [*ready, *self._waiting], []
        return ready

    def _hear(self, packet: Packet[Any]) -> None:
        seconds = _shown(packet) * _base(packet)
        self.over = seconds >= self._span.end * self._base + INTERLEAVED
        if self._span.key * self._base <= seconds < self._span.end * self._base:
            self._sound.append(packet)

    def _see(self, packet: Packet[Any]) -> None:
        shown = _shown(packet)
        if packet.dts is not None:  # after a seek some containers know none for a while
            self._decoded = packet.dts
        self.over = (self._decoded - self._span.end) * self._base >= INTERLEAVED
        if packet.is_keyframe and self._is_first(shown):
            self.begun, self.key, self._waiting = True, shown, []
        elif packet.is_keyframe and not self.begun:
            self.late = shown > self._span.key
        if self.begun and self._decoded < self._span.end and (self._span.hidden or shown >= self._span.key):
            self._waiting.append(packet)

    def _is_first(self, shown: int) -> bool:
        """Whether decoding can begin with a keyframe; of hidden ones the last will be the one."""
        return shown <= self._span.key if self._span.hidden else shown == self._span.key


def _shown(packet: Packet[Any]) -> int:
    """When it is shown, in ticks; a container that stores one time a packet has no other."""
    return packet.pts if packet.pts is not None else packet.dts or 0


def _base(timed: Packet[Any] | VideoStream) -> Fraction:
    """Seconds a tick."""
    return timed.time_base or Fraction(1)
