"""Drawn films: a list of scenes with its truth, and the file a codec makes of it.

`sample_film(rng, segments=16)` draws a plan, `write_film(film, path)` encodes it with sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from engine.drawn_world import DRAWN_MARK
from engine.training.drawing import HEIGHT, WIDTH, Scene, draw, sample_scene
from engine.training.things import NAMES

SEGMENT_SECONDS = 2.0  # four frames at two a second; scenes are cut on this grid
AUDIO_RATE = 44100
PENTATONIC = (0, 2, 4, 7, 9, 12, 14, 16)


@dataclass(frozen=True, slots=True)
class DrawnFilm:
    """Scenes in order. The truth about the film is all here."""

    scenes: tuple[Scene, ...]
    frame_rate: int

    @property
    def seconds(self) -> float:
        """Length of the film."""
        return sum(scene.seconds for scene in self.scenes)

    @property
    def spans(self) -> dict[str, tuple[float, float]]:
        """When each thing is on screen; every thing has one span."""
        spans, start = {}, 0.0
        for scene in self.scenes:
            for thing in scene.things:
                spans[thing] = (start, start + scene.seconds)
            start += scene.seconds
        return spans

    def scene_at(self, seconds: float) -> Scene:
        """What is on screen at a moment of the film."""
        return self._locate(seconds)[0]

    def picture_at(self, seconds: float, *, scale: int = 1) -> np.ndarray:
        """The picture at a moment of the film: [192 * scale, 320 * scale, 3] uint8."""
        scene, start = self._locate(seconds)
        return draw(scene, seconds - start, scale=scale)

    def _locate(self, seconds: float) -> tuple[Scene, float]:
        start = 0.0
        for scene in self.scenes:
            if seconds < start + scene.seconds:
                return scene, start
            start += scene.seconds
        return self.scenes[-1], start - self.scenes[-1].seconds


def sample_film(rng: np.random.Generator, *, segments: int) -> DrawnFilm:
    """A film of `segments` two-second segments; scenes last one to three of them, no thing comes twice."""
    unused = list(rng.permutation(NAMES))
    scenes: list[Scene] = []
    left = segments
    while left:
        length = min(left, int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2])))
        count = min(len(unused), int(rng.choice([1, 2, 3], p=[0.45, 0.45, 0.1])))
        things = [str(unused.pop()) for _ in range(count)]
        scenes.append(sample_scene(rng, things, length * SEGMENT_SECONDS))
        left -= length
    return DrawnFilm(scenes=tuple(scenes), frame_rate=int(rng.choice([24, 25, 30])))


def write_film(film: DrawnFilm, path: Path, *, scale: int = 1, crf: int = 20, sound: bool = True) -> None:
    """Encode as H.264 and AAC in MP4. Raises `av.FFmpegError` if the file cannot be written."""
    import av

    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["comment"] = DRAWN_MARK
        video = container.add_stream("libx264", rate=film.frame_rate)
        video.width, video.height, video.pix_fmt = WIDTH * scale, HEIGHT * scale, "yuv420p"
        video.options = {"crf": str(crf), "preset": "medium"}
        audio = container.add_stream("aac", rate=AUDIO_RATE, layout="mono") if sound else None
        for index in range(round(film.seconds * film.frame_rate)):
            picture = film.picture_at(index / film.frame_rate, scale=scale)
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None:
            for block in _melody(film):
                container.mux(audio.encode(block))
            container.mux(audio.encode(None))


def _melody(film: DrawnFilm) -> Iterator[object]:
    """One soft chord a second, new with each scene, so that a player's sound and cuts can be judged."""
    import av

    clock = np.arange(AUDIO_RATE) / AUDIO_RATE
    envelope = np.exp(-3 * clock) * np.minimum(1, clock * 200)
    for second in range(round(film.seconds)):
        scene = film.scene_at(second)
        notes = [PENTATONIC[(scene.pattern_seed >> (3 * n)) % 8] for n in range(2)]
        wave = sum(np.sin(2 * np.pi * 220 * 2 ** ((note + 2 * (second % 2)) / 12) * clock) for note in notes)
        samples = (0.12 * envelope * wave * 32767).astype(np.int16)[None]
        block = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        block.sample_rate, block.pts, block.time_base = AUDIO_RATE, second * AUDIO_RATE, Fraction(1, AUDIO_RATE)
        yield block
