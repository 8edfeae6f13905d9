"""Films and questions of one's own: JSON lines of `{"video", "question", "answer"}` in, batches for the stages out.

A video's path is absolute or relative to the file. Its lines are asked together. Frames are read, cut and fitted as the
program itself does when a question is asked. Which lines a batch holds is a pure function of its number, so that a run
that goes on sees what it would have seen.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.cancel import CancelToken
from engine.errors import QuestionError, VideoError
from engine.ingest.geometry import PUBLISHED, Geometry, fit
from engine.training.batches import Films
from engine.training.clips import Clip, Example
from engine.training.presets import Mix
from engine.training.stages import system_of

FIELDS = ("video", "question", "answer")


@dataclass(frozen=True, slots=True)
class Reading:
    """How films are read: the sizes that the finished model will carry."""

    geometry: Geometry = PUBLISHED
    frames: int = 8  # a segment
    sample_fps: float = 2.0
    fewest: int = 4  # frames of a film


class OwnFilms:
    """The films of a file of JSON lines."""

    def __init__(self, path: Path, reading: Reading, *, seed: int = 0) -> None:
        self._reading, self._seed = reading, seed
        self.videos = _by_video(path)

    def films(
        self, rng: np.random.Generator, mix: Mix, *, number: int, seed: tuple[int, ...], length: int = 0
    ) -> Films:
        """Videos in an order that is new in every pass, none twice in one; films longer than the mix allows are
        thinned. A batch of long films takes fewer than the most that one may hold, and leaves the rest to later passes.
        """
        segments = length or int(rng.choice(mix.segments))
        most, count = (max(1, mix.budget // each) for each in (min(mix.segments), segments))
        examples = []
        for position in range(number * most, number * most + count):
            around, place = divmod(position, len(self.videos))
            order = np.random.default_rng((self._seed, around)).permutation(len(self.videos))
            video, lines = self.videos[int(order[place])]
            asked = tuple(lines[int(n)] for n in rng.choice(len(lines), mix.asks, replace=len(lines) < mix.asks))
            examples.append(Example(read_clip(video, self._reading, most=segments), asked))
        return Films(tuple(examples), system_of(rng, mix), mix.keeping, seed)


def read_clip(video: Path, reading: Reading, *, most: int) -> Clip:
    """A film as at most `most` segments. Raises `VideoError`."""
    import torch

    from engine.ingest.frames import read_frames
    from engine.ingest.sampling import plan_samples
    from engine.ingest.segments import cut_segments
    from engine.ingest.video import open_video
    from engine.memory.prompt import pair_seconds

    film = open_video(video)
    plan = plan_samples(
        film,
        sample_fps=reading.sample_fps,
        min_frames=min(reading.fewest, most * reading.frames),
        max_frames=most * reading.frames,
    )
    with closing(read_frames(film, plan, cancel=CancelToken(), geometry=reading.geometry)) as frames:
        read = [frame.picture for frame in frames]
    segments = cut_segments(plan, frames_per_segment=reading.frames)
    parts, start = [], 0
    for segment in segments:
        pictures = read[start : start + len(segment.frame_seconds)]
        start += len(pictures)
        parts.append(fit([*pictures, pictures[-1]] if len(pictures) % 2 else pictures, reading.geometry))
    stack = torch.cat(parts)  # [frames, 3, height, width]
    height, width = stack.shape[2:]
    return Clip(
        pair_times=tuple(tuple(f"{seconds:.1f}" for seconds in pair_seconds(segment)) for segment in segments),
        centre_times=tuple(f"{segment.centre_seconds:.1f}" for segment in segments),
        pictures=stack.permute(0, 2, 3, 1).reshape(-1, 2, height, width, 3).contiguous(),
        rows=height // reading.geometry.token_edge,
        columns=width // reading.geometry.token_edge,
    )


def _by_video(path: Path) -> list[tuple[Path, list[tuple[str, str]]]]:
    """Videos in the file's order, with their questions and answers. Raises `QuestionError` naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"The file {path} cannot be read: {error}.") from None
    found: dict[Path, list[tuple[str, str]]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            video, question, answer = _parsed(line, path, number)
            found.setdefault(path.parent / video, []).append((question, answer))
    if not found:
        raise QuestionError(f"The file {path} holds no line.", advice=f"A line is an object of {', '.join(FIELDS)}.")
    missing = next((video for video in found if not video.is_file()), None)
    if missing is not None:
        raise VideoError(f"There is no video {missing}, which {path.name} names.")
    return list(found.items())


def _parsed(line: str, path: Path, number: int) -> tuple[str, str, str]:
    try:
        told = json.loads(line)
        values = [told[field] for field in FIELDS]
    except (ValueError, KeyError, TypeError):
        values = []
    if len(values) != len(FIELDS) or not all(isinstance(value, str) and value.strip() for value in values):
        raise QuestionError(
            f"Line {number} of {path.name} is not a film with a question and its answer.",
            advice=f"Each line is an object with {', '.join(FIELDS)}, all of them text.",
        )
    return values[0], values[1], values[2]
