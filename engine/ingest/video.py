"""What a film is: a path in, a `Film` out, with the exact presentation time of every frame, or one plain `VideoError`.

Nothing but the first picture is decoded; the times come from the packets, so opening costs one pass over the file.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from engine.cancel import CancelToken
from engine.errors import VideoError
from engine.fingerprint import file_stamp
from engine.records import VideoInfo

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

    from engine.ingest.timetable import Timetable

logger = logging.getLogger(__name__)

# FFmpeg opens these too, as one picture or as a terminal that types the text.
PICTURE_FORMATS = frozenset({"image2", "apng", "ico"})
TEXT_FORMATS = frozenset({"tty", "bin", "xbin", "adf", "idf"})
CONVERT = "Convert it to MP4 (H.264) and open that."


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A film that can be read: what probing told, and where and when its frames are."""

    info: VideoInfo
    pts: np.ndarray  # [frames] int64, ticks of the stream in the order shown; frame numbers if `counted`
    seconds: np.ndarray  # [frames] float64, on the clock a player shows
    keyframes: np.ndarray  # [keyframes] int64, frames from which decoding can begin
    stream_number: int  # among the file's video streams
    stored_size: tuple[int, int]  # width and height before turning upright
    stamp: tuple[int, int]  # the file's size and modification time when it was opened
    counted: bool  # the container stores no usable times: frames are found by counting from the first
    sizes: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # [frames] bytes each took in the file

    def frame_at(self, seconds: float) -> int:
        """The frame on show at a time: the last that began by then; the first before it began."""
        return max(0, int(np.searchsorted(self.seconds, seconds, side="right")) - 1)


def open_video(path: Path | str, *, cancel: CancelToken | None = None) -> Film:
    """Probe a film. Raises `VideoError` with one sentence for anything that cannot be read."""
    from engine.ingest.timetable import read_timetable

    path = Path(path)
    with open_container(path) as container:
        stamp = file_stamp(path)
        stream = film_stream(path, container)
        table = read_timetable(container, stream, cancel=cancel)
        if not len(table.pts):
            raise VideoError(f"{path.name} holds no picture that can be shown.")
        first = _first_picture(path, cancel)
        info = _describe(path, container, stream, table, first)
        return Film(
            info=info,
            pts=table.pts,
            seconds=table.seconds,
            keyframes=table.keyframes,
            stream_number=container.streams.video.index(stream),
            stored_size=(first.width, first.height),
            stamp=stamp,
            counted=table.counted,
            sizes=table.sizes,
        )


def check_video(path: Path | str, *, cancel: CancelToken | None = None) -> None:
    """Raise the `VideoError` that `open_video` would, as far as the first picture tells: no pass over the file."""
    _first_picture(Path(path), cancel)


def open_container(path: Path) -> InputContainer:
    """Open a file for demuxing; the caller closes it. Raises `VideoError`."""
    import av

    _check_file(path)
    try:
        # Only local files: a playlist or reference film must not make the program fetch anything.
        container: InputContainer = av.open(
            str(path.resolve()), options={"protocol_whitelist": "file"}, metadata_errors="replace"
        )
    except PermissionError as error:
        raise VideoError(f"{path.name} may not be read: permission denied.") from error
    except (av.error.FFmpegError, OSError, ValueError) as error:
        _explain_failed_open(path, error)
    if container.format.name in TEXT_FORMATS:
        container.close()
        raise VideoError(f"{path.name} is a text file, not a film.")
    if container.format.name in PICTURE_FORMATS or container.format.name.endswith("_pipe"):
        container.close()
        raise VideoError(f"{path.name} is a single picture, not a film.")
    return container


def film_stream(path: Path, container: InputContainer) -> VideoStream:
    """The stream with the film's pictures; the cover of a song is none."""
    from av.stream import Disposition

    videos = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not videos:
        what = "sound but no picture" if container.streams.audio else "no picture"
        raise VideoError(f"{path.name} holds {what}.")
    best = container.streams.best("video")
    stream = best if best in videos else videos[0]
    if stream.codec_context is None:
        raise VideoError(f"{path.name} is coded in a way this program cannot decode.", advice=CONVERT)
    return stream


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise VideoError(f"{path.name or path} is a folder, not a film.")
        if not path.exists():
            raise VideoError(f"There is no file at {path}.")
        if not path.is_file():
            raise VideoError(f"{path.name} is not a file.")
        if path.stat().st_size == 0:
            raise VideoError(f"{path.name} is empty.")
        with path.open("rb"):
            pass
    except PermissionError as error:
        raise VideoError(f"{path.name} may not be read: permission denied.") from error
    except (OSError, ValueError) as error:  # a name too long, or with a zero byte in it
        raise VideoError(f"{path} cannot be opened.") from error


def _explain_failed_open(path: Path, error: Exception) -> NoReturn:
    logger.info("cannot open %s: %s", path, error)
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        raise VideoError(
            f"{path.name} is incomplete: its end, which holds the index, is missing.", advice="Copy it again."
        ) from error
    raise VideoError(f"{path.name} is not a film, or it is damaged.") from error


def _first_picture(path: Path, cancel: CancelToken | None) -> VideoFrame:
    """The first picture that decodes: only a picture tells how far to turn it."""
    from av.error import FFmpegError

    with open_container(path) as container:
        try:
            for packet in container.demux(film_stream(path, container)):
                if cancel is not None:
                    cancel.check()
                try:
                    for frame in packet.decode():
                        return frame
                except FFmpegError as error:
                    logger.info("a packet of %s does not decode: %s", path, error)
        except FFmpegError as error:
            logger.info("reading %s stopped: %s", path, error)
    raise VideoError(f"{path.name} is damaged: none of its pictures can be decoded.")


def _describe(
    path: Path, container: InputContainer, stream: VideoStream, table: Timetable, first: VideoFrame
) -> VideoInfo:
    from engine.ingest.film_notes import picture_notes, time_notes
    from engine.ingest.timetable import is_variable

    variable = is_variable(table.seconds)
    rate, duration = _rate_and_duration(stream, table, variable)
    turn = round(-first.rotation / 90) * 90 % 360  # FFmpeg counts counterclockwise
    width, height = (first.width, first.height) if turn % 180 == 0 else (first.height, first.width)
    return VideoInfo(
        path=path,
        duration_seconds=duration,
        frame_count=len(table.pts),
        frame_rate=rate,
        width=width,
        height=height,
        rotation_degrees=turn,
        start_seconds=table.start_seconds,
        codec=stream.codec_context.codec.canonical_name,
        variable_rate=variable,
        has_audio=bool(container.streams.audio),
        notes=(*time_notes(container, stream, table, variable), *picture_notes(stream, first)),
        comment=container.metadata.get("comment", ""),
    )


def _rate_and_duration(stream: VideoStream, table: Timetable, variable: bool) -> tuple[float, float]:
    """Mean rate R and the moment the last picture ends; at a constant rate that is first + N / R, as published."""
    seconds, count = table.seconds, len(table.seconds)
    first, last = float(seconds[0]), float(seconds[-1])
    nominal = float(stream.average_rate or stream.base_rate or Fraction(25))
    if count == 1:
        stay = table.last_seconds or 1 / nominal
        return 1 / stay, first + stay
    if variable:
        duration = last + (table.last_seconds or float(np.median(np.diff(seconds))))
        return count / (duration - first), duration
    measured = (count - 1) / (last - first)
    rounding = 0.0021 / (last - first)  # what milliseconds in the container can hide
    rate = nominal if abs(nominal / measured - 1) <= max(rounding, 1e-4) else measured
    return rate, first + count / rate
