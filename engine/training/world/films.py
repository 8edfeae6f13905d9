"""Film files: a `Film` in, a video made by a real codec out, at any size and rate, with a soft chord a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from engine.drawn_world import DRAWN_MARK
from engine.training.world.painting import paint
from engine.training.world.plan import Film

AUDIO_RATE = 44100
PENTATONIC = (0, 2, 4, 7, 9, 12, 14, 16)
TICKS = 90_000  # a second, where the rate varies


@dataclass(frozen=True, slots=True)
class Coding:
    """How a film becomes a file."""

    codec: str = "libx264"
    suffix: str = ".mp4"
    options: tuple[tuple[str, str], ...] = (("crf", "21"), ("preset", "veryfast"))
    width: int = 320
    height: int = 192
    rate: int = 25  # pictures a second
    varying: bool = False  # pictures at uneven times
    sound: bool = False


CODECS = (
    ("libx264", ".mp4", (("crf", "21"), ("preset", "veryfast"))),
    ("libx264", ".mkv", (("crf", "27"), ("preset", "veryfast"))),
    ("libx265", ".mp4", (("crf", "25"), ("preset", "ultrafast"), ("x265-params", "log-level=none"))),
    ("libvpx-vp9", ".webm", (("crf", "32"), ("b", "0"), ("deadline", "realtime"), ("cpu-used", "8"))),
    ("mpeg4", ".avi", (("b", "900000"),)),
)
SIZES = ((320, 192), (384, 216), (480, 288), (640, 384), (640, 360), (854, 480))
RATES = (8, 10, 12, 15, 24, 25, 30, 50, 60)


def sample_coding(rng: np.random.Generator, *, plain: bool = False) -> Coding:
    """Any codec, size and rate; `plain` keeps to small and slow ones, for tests of many films."""
    codec, suffix, options = CODECS[int(rng.integers(len(CODECS)))]
    width, height = SIZES[int(rng.integers(2 if plain else len(SIZES)))]
    rate = RATES[int(rng.integers(3 if plain else len(RATES)))]
    varying = suffix in (".mp4", ".mkv", ".webm") and codec != "mpeg4" and bool(rng.random() < 0.2)
    return Coding(codec, suffix, options, width, height, rate, varying)


def write_film(film: Film, path: Path, coding: Coding | None = None) -> None:
    """Encode. Raises `av.FFmpegError` if the file cannot be written."""
    import av

    coding = coding or Coding()
    options = {"movflags": "+faststart"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as container:
        container.metadata["comment"] = DRAWN_MARK
        video = container.add_stream(coding.codec, rate=coding.rate)
        video.width, video.height, video.pix_fmt = coding.width, coding.height, "yuv420p"
        video.options = dict(coding.options)
        if coding.varying:
            video.codec_context.time_base = Fraction(1, TICKS)
        audio = container.add_stream("aac", rate=AUDIO_RATE, layout="mono") if coding.sound else None
        for ticks, seconds in _moments(film, coding):
            scene, start = film.at(min(int(seconds), film.seconds - 1))[0], _start(film, seconds)
            picture = paint(scene, seconds - start, width=coding.width, height=coding.height)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if coding.varying:
                frame.pts, frame.time_base = ticks, Fraction(1, TICKS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            for block in _melody(film):
                container.mux(audio.encode(block))
            container.mux(audio.encode(None))


def _start(film: Film, seconds: float) -> int:
    return film.starts[film.scene_of[min(int(seconds), film.seconds - 1)]]


def _moments(film: Film, coding: Coding) -> Iterator[tuple[int, float]]:
    """Presentation times, in ticks and seconds."""
    count = film.seconds * coding.rate
    rng = np.random.default_rng(film.scenes[0].seed)
    for number in range(count):
        uneven = rng.uniform(-0.35, 0.35) if coding.varying and 0 < number < count - 1 else 0.0
        seconds = (number + uneven) / coding.rate
        yield round(seconds * TICKS), seconds


def _melody(film: Film) -> Iterator[object]:
    """One soft chord a second, new with each scene, so that a player's sound and cuts can be judged."""
    import av

    clock = np.arange(AUDIO_RATE) / AUDIO_RATE
    envelope = np.exp(-3 * clock) * np.minimum(1, clock * 200)
    for second in range(film.seconds):
        seed = film.at(second)[0].seed
        notes = [PENTATONIC[(seed >> (3 * n)) % 8] for n in range(2)]
        wave = sum(np.sin(2 * np.pi * 220 * 2 ** ((note + 2 * (second % 2)) / 12) * clock) for note in notes)
        samples = (0.12 * envelope * wave * 32767).astype(np.int16)[None]
        block = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        block.sample_rate, block.pts, block.time_base = AUDIO_RATE, second * AUDIO_RATE, Fraction(1, AUDIO_RATE)
        yield block
