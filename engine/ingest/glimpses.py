"""A film in, pictures of 32 x 18 pixels out: single keyframes or all pictures from one on, decoded with little care."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.cancel import CancelToken
from engine.ingest.frames import UNSEEKABLE_FORMATS
from engine.ingest.steps import Small
from engine.ingest.video import Film, open_container

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer

logger = logging.getLogger(__name__)

UNINDEXED = UNSEEKABLE_FORMATS | {"mpegts"}  # a seek may land late
WIDTH, HEIGHT = 32, 18


class Glimpses:
    """Reads small pictures of one film, with one thread and little care for detail."""

    def __init__(self, film: Film, cancel: CancelToken) -> None:
        from av.video.reformatter import VideoReformatter

        self._film, self._cancel = film, cancel
        self._reformatter = VideoReformatter()
        self._container: InputContainer = open_container(film.info.path)
        self._stream = self._container.streams.video[film.stream_number]
        context = self._stream.codec_context
        context.thread_count = 1
        context.options = {"skip_loop_filter": "all"}
        self.seeks = not film.counted and self._container.format.name not in UNINDEXED

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def look(self, keyframe: int) -> Small | None:
        """One keyframe; None if it does not decode by itself."""
        from av.error import FFmpegError

        wanted, context = int(self._film.pts[keyframe]), self._stream.codec_context
        try:
            self._container.seek(wanted, stream=self._stream, backward=True)
            context.flush_buffers()
            for packet in self._container.demux(self._stream):
                self._cancel.check()
                if packet.pts is None or packet.pts > wanted:
                    return None
                if packet.pts == wanted:
                    frames = [*context.decode(packet), *context.decode(None)]
                    context.flush_buffers()
                    return self._small(frames[0]) if frames else None
        except FFmpegError as error:
            logger.info("a keyframe does not decode: %s", error)
        return None

    def pictures(self, first: int, last: int) -> Iterator[tuple[int, Small]]:
        """Pictures from the keyframe `first` on, with their numbers, as far as they decode."""
        from av.error import FFmpegError

        film, context = self._film, self._stream.codec_context
        if self.seeks:
            self._container.seek(int(film.pts[first]), stream=self._stream, backward=True)
            context.flush_buffers()
        count = 0
        for packet in self._container.demux(self._stream):
            self._cancel.check()
            if not packet.size and packet.dts is not None:
                continue  # in an avi: the picture before stays
            try:
                frames = context.decode(packet if packet.size else None)
            except FFmpegError as error:
                logger.info("a packet does not decode: %s", error)
                continue
            for frame in frames:
                number = self._number(frame, count)
                count += 1
                if number is not None and number >= first:
                    yield number, self._small(frame)
                if number is not None and number >= last:
                    return

    def _number(self, frame: VideoFrame, count: int) -> int | None:
        if self._film.counted:
            return count
        if frame.pts is None:
            return None
        place = int(np.searchsorted(self._film.pts, frame.pts))
        return place if place < len(self._film.pts) and self._film.pts[place] == frame.pts else None

    def _small(self, frame: VideoFrame) -> Small:
        picture = self._reformatter.reformat(
            frame, 2 * WIDTH, 2 * HEIGHT, "rgb24", interpolation="FAST_BILINEAR"
        ).to_ndarray()
        halved: Small = (picture.reshape(HEIGHT, 2, WIDTH, 2, 3).sum(axis=(1, 3), dtype=np.int16) >> 2).astype(np.int16)
        return halved
