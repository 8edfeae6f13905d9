"""Reading pictures: a film and a sample plan in, upright RGB frames out, one at a time and in order.

Frames are found by their presentation times in ticks, never by counting (but for containers that store no times).
Pictures that no planned one needs are not decoded where the stream proves it; the pixels are those of a plain reading.
Conversion is swscale's plain one: bit for bit what decord 0.6 gives the published code (measured on two films).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from engine.cancel import CancelToken
from engine.errors import VideoError
from engine.ingest.bitstream import open_bitstream
from engine.ingest.geometry import Geometry, limit_longer_edge
from engine.ingest.needed import Gate
from engine.ingest.sampling import SamplePlan
from engine.ingest.shown import as_shown
from engine.ingest.video import Film, open_container
from engine.records import Frame

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.packet import Packet
    from av.video.reformatter import VideoReformatter

logger = logging.getLogger(__name__)

# Frames saved. A seek empties the decoder's threads: 11 ms at 1080p on two cores, 1.5 frames. Where keyframes
# are fresh starts, going straight through leaves out as much and saves that; where they are not, a seek does far more.
WORTH_A_SEEK = 24
UNSEEKABLE_FORMATS = frozenset({"mpeg"})  # program streams: FFmpeg's times are half a frame off after a seek


def read_frames(
    film: Film,
    plan: SamplePlan,
    *,
    cancel: CancelToken,
    geometry: Geometry | None = None,
    note: Callable[[str], None] | None = None,
    for_people: bool = False,
) -> Generator[Frame, None, None]:
    """Yield the planned frames; with `geometry`, already through its first resize. Closing it closes the file.

    `for_people`: in the colours that players show; the model gets those of the published code.

    A picture that cannot be decoded is replaced by the one before it (by the next one at the film's start) and keeps
    its own time; `note` is told at the end, or on closing, how many were. Raises `VideoError` if nothing decodes and
    `Cancelled` within one decoded frame.
    """
    from av.video.reformatter import VideoReformatter

    reformatter, replaced, read = VideoReformatter(), 0, 0
    try:
        with closing(_Reader(film, plan.indices, cancel)) as reader:
            for index, seconds in zip(plan.indices, plan.seconds, strict=True):
                decoded, exact = reader.find(index)
                replaced, read = replaced + (not exact), read + 1
                picture = _upright(film, decoded, reformatter, for_people=for_people)
                yield Frame(seconds, limit_longer_edge(picture, geometry) if geometry else picture)
    finally:  # also where the reading is stopped: what was read so far may be kept
        if replaced:
            logger.warning("%s: %d pictures did not decode", film.info.path, replaced)
            if note:
                note(f"{replaced} of {read} pictures could not be decoded; the one before stands in.")


def read_frame_at(
    film: Film,
    seconds: float,
    *,
    geometry: Geometry | None = None,
    cancel: CancelToken | None = None,
    for_people: bool = False,
) -> Frame:
    """The frame a player shows at a time: the last one that began by then. Raises `Cancelled` within one packet."""
    index = film.frame_at(seconds)
    moment = float(film.seconds[index])
    plan = SamplePlan((index,), (moment,), 1.0, moment, moment)
    cancel = cancel or CancelToken()
    with closing(read_frames(film, plan, cancel=cancel, geometry=geometry, for_people=for_people)) as frames:
        return next(frames)


class _DamageError(Exception):
    """A packet does not decode."""


class _Reader:
    """Moves forward through one open film, seeking where that saves decoding."""

    def __init__(self, film: Film, indices: Sequence[int], cancel: CancelToken) -> None:
        self._film = film
        self._indices = np.array(indices, np.int64)  # [samples] what will be asked for, in order
        self._cancel = cancel
        self._spares = not film.counted  # leaves out what nobody needs
        self._seeks = not film.counted
        self._held: tuple[int, VideoFrame] | None  # the last frame at or before the wanted one
        self._ahead: tuple[int, VideoFrame] | None  # decoded, but later than wanted
        self._open(0)

    def close(self) -> None:
        """Let go of the file, and of the decoder at once: a circle of references would keep its pictures for long."""
        self._frames.close()
        self._held = self._ahead = None
        self._container.close()

    def find(self, index: int) -> tuple[VideoFrame, bool]:
        """The frame `index`, or its stand-in and False. Indices may not go back."""
        wanted = int(self._film.pts[index])
        try:
            self._advance(index)
        except _DamageError:
            self._held = None
        if self._gate and (self._held is None or self._held[0] != wanted):
            # Damage: what stands in may be a picture left out so far, and FFmpeg mends broken ones from neighbours.
            self._spares = False
            self.close()
            self._open(index)
            self._advance(index)
        decoded = self._held or self._ahead
        if decoded is None:
            raise VideoError(f"{self._film.info.path.name} is damaged: its pictures cannot be decoded.")
        return decoded[1], decoded[0] == wanted

    def _advance(self, index: int) -> None:
        if self._seeks:
            self._seek_towards(index)
        self._decode_until(int(self._film.pts[index]))
        if self._held is None and self._sought:
            # A seek that landed late (transport streams do that): begin again and decode straight through.
            self._seeks = False
            self.close()
            self._open(index)
            self._decode_until(int(self._film.pts[index]))

    def _open(self, index: int) -> None:
        self._container = open_container(self._film.info.path)
        self._stream: VideoStream = self._container.streams.video[self._film.stream_number]
        self._stream.codec_context.thread_type = "AUTO"  # several times faster than the default, slices only
        context = self._stream.codec_context
        self._bitstream = open_bitstream(context.name, context.extradata) if self._spares else None
        if self._bitstream:
            context.options = {"err_detect": "explode"}  # damage must show: it is then read again, sparing nothing
        self._seeks = self._seeks and self._container.format.name not in UNSEEKABLE_FORMATS
        self._restart(index, sought=False)

    def _restart(self, index: int, *, sought: bool) -> None:
        self._gate = self._new_gate(index)
        self._frames = self._ticked()
        self._held = self._ahead = None
        self._sought = sought

    def _new_gate(self, index: int) -> Gate | None:
        """For what is read from here on without a seek; None where everything must be decoded."""
        if self._bitstream is None:
            return None
        wanted = self._indices[np.searchsorted(self._indices, index) :]
        legs = range(1, len(wanted))
        end = next((n for n in legs if self._landing(int(wanted[n - 1]), int(wanted[n])) is not None), None)
        return Gate(self._bitstream, self._film.pts[wanted[:end]].tolist())

    def _landing(self, reached: int, index: int) -> int | None:
        """The keyframe to seek to on the way from one frame to another; None where that does not pay."""
        keyframes = self._film.keyframes
        number = int(np.searchsorted(keyframes, index, side="right")) - 1
        if not self._seeks or number < 0 or keyframes[number] - reached < WORTH_A_SEEK:
            return None
        return int(keyframes[number])

    def _seek_towards(self, index: int) -> None:
        pts = self._film.pts
        reached = 0 if self._held is None else int(np.searchsorted(pts, self._held[0]))
        landing = self._landing(reached, index)
        if landing is not None:
            self._container.seek(int(pts[landing]), stream=self._stream, backward=True)
            self._restart(index, sought=True)

    def _decode_until(self, wanted: int) -> None:
        while self._held is None or self._held[0] < wanted:
            following = self._ahead or next(self._frames, None)
            if following is None or following[0] > wanted:
                self._ahead = following
                return
            self._held, self._ahead = following, None

    def _ticked(self) -> Generator[tuple[int, VideoFrame], None, None]:
        for count, frame in enumerate(_decode(self._stream, self._packets(), self._cancel, strict=bool(self._gate))):
            if self._film.counted:
                yield count, frame
            elif frame.pts is not None:
                yield frame.pts, frame

    def _packets(self) -> Iterator[Packet[VideoStream] | None]:
        """What the decoder gets; None drains it."""
        gate = self._gate
        for packet in self._container.demux(self._stream):
            self._cancel.check()
            if gate is None or not packet.size:
                yield packet
                continue
            yield from gate.admit(packet)
            if gate.satisfied:
                yield None
                return


def _decode(
    stream: VideoStream, packets: Iterator[Packet[VideoStream] | None], cancel: CancelToken, *, strict: bool
) -> Iterator[VideoFrame]:
    """Every frame that decodes; broken packets are passed over, what they should have held is missed by `find`.

    If `strict`, a broken packet raises `_DamageError`.
    """
    from av.error import FFmpegError

    try:
        for packet in packets:
            try:
                frames = stream.decode(packet)
            except FFmpegError as error:
                if strict:
                    raise _DamageError from error
                logger.info("a packet does not decode: %s", error)
                continue
            for frame in frames:
                cancel.check()
                yield frame
    except FFmpegError as error:
        logger.info("reading stopped: %s", error)


def _upright(film: Film, frame: VideoFrame, reformatter: VideoReformatter, *, for_people: bool) -> np.ndarray:
    """RGB, the film's own size (some streams change theirs midway), turned as a player would."""
    width, height = film.stored_size
    if for_people:
        stored = as_shown(frame, width, height, reformatter)
    else:
        stored = reformatter.reformat(frame, width, height, "rgb24", interpolation="BICUBIC").to_ndarray()
    return np.ascontiguousarray(np.rot90(stored, -film.info.rotation_degrees // 90))
