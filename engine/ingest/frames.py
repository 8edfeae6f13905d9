"""Reading pictures: a film and a sample plan in, upright RGB frames out, one at a time and in order.

Frames are found by their presentation times in ticks, never by counting (but for containers that store no times).
Conversion is swscale's plain one: bit for bit what decord 0.6 gives the published code (measured on two films).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from engine.cancel import CancelToken
from engine.errors import VideoError
from engine.ingest.geometry import Geometry, limit_longer_edge
from engine.ingest.sampling import SamplePlan
from engine.ingest.video import Film, open_container
from engine.records import Frame

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.packet import Packet
    from av.video.reformatter import VideoReformatter

logger = logging.getLogger(__name__)

WORTH_A_SEEK = 24  # frames saved; a seek empties the decoder's threads, about a frame each
UNSEEKABLE_FORMATS = frozenset({"mpeg"})  # program streams: FFmpeg's times are half a frame off after a seek


def read_frames(
    film: Film,
    plan: SamplePlan,
    *,
    cancel: CancelToken,
    geometry: Geometry | None = None,
    note: Callable[[str], None] | None = None,
) -> Generator[Frame, None, None]:
    """Yield the planned frames; with `geometry`, already through its first resize. Closing it closes the file.

    A picture that cannot be decoded is replaced by the one before it (by the next one at the film's start) and keeps
    its own time; `note` is told at the end, or on closing, how many were. Raises `VideoError` if nothing decodes and
    `Cancelled` within one decoded frame.
    """
    from av.video.reformatter import VideoReformatter

    reformatter, replaced, read = VideoReformatter(), 0, 0
    try:
        with closing(_Reader(film, cancel)) as reader:
            for index, seconds in zip(plan.indices, plan.seconds, strict=True):
                decoded, exact = reader.find(index)
                replaced, read = replaced + (not exact), read + 1
                picture = _upright(film, decoded, reformatter)
                yield Frame(seconds, limit_longer_edge(picture, geometry) if geometry else picture)
    finally:  # also where the reading is stopped: what was read so far may be kept
        if replaced:
            logger.warning("%s: %d pictures did not decode", film.info.path, replaced)
            if note:
                note(f"{replaced} of {read} pictures could not be decoded; the one before stands in.")


def read_frame_at(film: Film, seconds: float, *, geometry: Geometry | None = None) -> Frame:
    """The frame a player shows at a time: the last one that began by then."""
    index = film.frame_at(seconds)
    moment = float(film.seconds[index])
    plan = SamplePlan((index,), (moment,), 1.0, moment, moment)
    with closing(read_frames(film, plan, cancel=CancelToken(), geometry=geometry)) as frames:
        return next(frames)


class _Reader:
    """Moves forward through one open film, seeking where that saves decoding."""

    def __init__(self, film: Film, cancel: CancelToken) -> None:
        self._film = film
        self._cancel = cancel
        self._open()
        self._seeks = not film.counted and self._container.format.name not in UNSEEKABLE_FORMATS

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def find(self, index: int) -> tuple[VideoFrame, bool]:
        """The frame `index`, or its stand-in and False. Indices may not go back."""
        if self._seeks:
            self._seek_towards(index)
        wanted = int(self._film.pts[index])
        self._decode_until(wanted)
        if self._held is None and self._sought:
            # A seek that landed late (transport streams do that): begin again and decode straight through.
            self._seeks = False
            self.close()
            self._open()
            self._decode_until(wanted)
        decoded = self._held or self._ahead
        if decoded is None:
            raise VideoError(f"{self._film.info.path.name} is damaged: its pictures cannot be decoded.")
        return decoded[1], decoded[0] == wanted

    def _open(self) -> None:
        self._container = open_container(self._film.info.path)
        self._stream: VideoStream = self._container.streams.video[self._film.stream_number]
        self._stream.codec_context.thread_type = "AUTO"  # several times faster than the default, slices only
        self._restart(sought=False)

    def _restart(self, *, sought: bool) -> None:
        self._frames = self._ticked()
        self._held: tuple[int, VideoFrame] | None = None  # the last frame at or before the wanted one
        self._ahead: tuple[int, VideoFrame] | None = None  # decoded, but later than wanted
        self._sought = sought

    def _seek_towards(self, index: int) -> None:
        keyframes, pts = self._film.keyframes, self._film.pts
        number = int(np.searchsorted(keyframes, index, side="right")) - 1
        if number < 0:
            return
        reached = 0 if self._held is None else int(np.searchsorted(pts, self._held[0]))
        if keyframes[number] - reached >= WORTH_A_SEEK:
            self._container.seek(int(pts[keyframes[number]]), stream=self._stream, backward=True)
            self._restart(sought=True)

    def _decode_until(self, wanted: int) -> None:
        while self._held is None or self._held[0] < wanted:
            following = self._ahead or next(self._frames, None)
            if following is None or following[0] > wanted:
                self._ahead = following
                return
            self._held, self._ahead = following, None

    def _ticked(self) -> Iterator[tuple[int, VideoFrame]]:
        for count, frame in enumerate(_decode(self._container.demux(self._stream), self._cancel)):
            if self._film.counted:
                yield count, frame
            elif frame.pts is not None:
                yield frame.pts, frame


def _decode(packets: Iterator[Packet[VideoStream]], cancel: CancelToken) -> Iterator[VideoFrame]:
    """Every frame that decodes; broken packets are passed over, what they should have held is missed by `find`."""
    from av.error import FFmpegError

    try:
        for packet in packets:
            cancel.check()
            try:
                frames = packet.decode()
            except FFmpegError as error:
                logger.info("a packet does not decode: %s", error)
                continue
            for frame in frames:
                cancel.check()
                yield frame
    except FFmpegError as error:
        logger.info("reading stopped: %s", error)


def _upright(film: Film, frame: VideoFrame, reformatter: VideoReformatter) -> np.ndarray:
    """RGB, the film's own size (some streams change theirs midway), turned as a player would."""
    width, height = film.stored_size
    stored = reformatter.reformat(frame, width, height, "rgb24", interpolation="BICUBIC").to_ndarray()
    return np.ascontiguousarray(np.rot90(stored, -film.info.rotation_degrees // 90))
