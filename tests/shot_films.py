"""Small films of several shots, made on the spot: soft blobs of colour, the camera moving in every second shot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import av
import numpy as np

RATE = 25
SIZE = (192, 108)
LENGTHS = (30, 55, 14, 80, 41, 120, 9, 60, 75)  # pictures a shot
CUTS = tuple(number / RATE for number in accumulate(LENGTHS[:-1]))
FIXED = {"x264-params": "scenecut=0:keyint=40:min-keyint=40", "preset": "veryfast"}
AS_PEOPLE_ENCODE = {"preset": "veryfast"}


def scene(seed: int) -> np.ndarray:
    """[216, 384, 3] soft coloured blobs, wider and higher than a picture, to move over."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 256, (7, 12, 3)).astype(np.float32)
    rows, columns = np.linspace(0, 5.99, 216), np.linspace(0, 10.99, 384)
    r, c = rows.astype(int), columns.astype(int)
    fr, fc = (rows - r)[:, None, None], (columns - c)[None, :, None]
    top = coarse[r][:, c] * (1 - fc) + coarse[r][:, c + 1] * fc
    low = coarse[r + 1][:, c] * (1 - fc) + coarse[r + 1][:, c + 1] * fc
    return (top * (1 - fr) + low * fr).astype(np.uint8)


def view(picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """What the camera sees of a scene."""
    return np.ascontiguousarray(picture[int(y) : int(y) + SIZE[1], int(x) : int(x) + SIZE[0]])


def shots(lengths: Sequence[int] = LENGTHS, *, speed: float = 1.0) -> Iterator[np.ndarray]:
    """Pictures of one shot after the other, the camera moving in every second one."""
    for number, length in enumerate(lengths):
        place = scene(number)
        for at in range(length):
            yield view(place, min(at * speed * (number % 2), 190), 40)


def write(
    path: Path,
    pictures: Iterable[np.ndarray],
    *,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    gop: int = 250,
    b_frames: int = 2,
    times: Sequence[float] | None = None,
) -> Path:
    """Write pictures at `times`, or `RATE` a second, and return `path`."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, 1000) if times is not None else Fraction(1, RATE)
        context.gop_size, context.max_b_frames, context.thread_count = gop, b_frames, 1
        context.options = options or {}
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=stream.pix_fmt)
            frame.time_base = context.time_base
            frame.pts = number if times is None else round(times[number] * 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path
