"""Films to measure reading on: moving textures with a camera's grain, encoded as people encode them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream

RATE = 25  # frames a second of the made films
LOOP_FRAMES = 250  # as many are encoded; a longer film repeats them


@dataclass(frozen=True, slots=True)
class MadeFilm:
    """A film to measure on."""

    name: str
    codec: str
    gop: int  # frames
    options: tuple[tuple[str, str], ...]


FILMS = (
    MadeFilm("H.264 1080p, GOP 250", "libx264", 250, (("preset", "medium"), ("crf", "23"))),
    MadeFilm("H.264 1080p, GOP 12", "libx264", 12, (("preset", "medium"), ("crf", "23"))),
    MadeFilm(
        "HEVC 1080p, GOP 250", "libx265", 250, (("preset", "fast"), ("crf", "28"), ("x265-params", "log-level=none"))
    ),
)


def make_film(path: Path, made: MadeFilm, *, seconds: float, size: tuple[int, int]) -> Path:
    """Encode `LOOP_FRAMES` (or fewer) moving pictures and repeat them to the film's length without encoding again."""
    import av

    frames = max(1, round(seconds * RATE))
    with av.open(str(path), "w") as output:
        stream = output.add_stream(made.codec, rate=RATE, options=dict(made.options))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, RATE)
        stream.codec_context.gop_size = made.gop
        loop: list[Packet[VideoStream]] = []
        for number, picture in enumerate(_pictures(min(frames, LOOP_FRAMES), size)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            loop += stream.encode(frame)
        loop += stream.encode()
        stored = [(bytes(packet), packet.pts or 0, packet.dts or 0, packet.is_keyframe) for packet in loop]
        for start in range(0, frames, LOOP_FRAMES):
            for content, pts, dts, keyframe in stored:
                packet = av.Packet(content)
                packet.pts, packet.dts, packet.time_base = pts + start, dts + start, Fraction(1, RATE)
                packet.is_keyframe, packet.stream = keyframe, stream
                output.mux(packet)
    return path


def _pictures(count: int, size: tuple[int, int]) -> Iterable[np.ndarray]:
    """A panned texture, four pieces of it moving on their own, and a camera's grain. Shape [height, width, 3] uint8."""
    width, height = size
    rng = np.random.default_rng(0)
    canvas = np.sum([_texture(rng, height + 128, width + 512, step) for step in (4, 16, 64)], axis=0)
    grain = rng.normal(0, 2, (8, height, width, 1))
    for number in range(count):
        left, top = number * 2 % 512, number // 4 % 128
        picture = canvas[top : top + height, left : left + width].copy()
        for piece in range(4):
            side = height // 5
            row, column = side * piece + number % 16, (number * (5 + 3 * piece)) % (width - side)
            picture[row : row + side, column : column + side] = canvas[-side:, piece * side : piece * side + side]
        yield np.clip(picture + grain[number % 8], 0, 255).astype(np.uint8)


def _texture(rng: np.random.Generator, height: int, width: int, step: int) -> np.ndarray:
    """Smooth noise with features of about `step` pixels, 0-85."""
    from PIL import Image

    coarse = rng.integers(0, 86, (height // step + 1, width // step + 1, 3), np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC), np.float32)
