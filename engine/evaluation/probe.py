"""A model opened up: its memory and scores of a film for a question, and its answer from any choice of that memory.

The rooms are the program's own; only what lies between memory and context is chosen from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cancel import CancelToken
from engine.records import Context, Memory, Segment

if TYPE_CHECKING:
    from torch import Tensor

    from engine.memory.compressor import Compressor
    from engine.memory.features import Features
    from engine.memory.prefix import Prefix
    from engine.weights.loading import LoadedModel

BATCH = 32  # segments
AT_ONCE = 64  # answers
LONGEST_ANSWER = 96  # tokens


@dataclass(frozen=True, slots=True)
class FilmRead:
    """A film cut into segments and read, once for each prompt."""

    segments: tuple[Segment, ...]
    prefixes: dict[str, list[Prefix]]
    features: list[Features]


class Probe:
    """One model under test, with the routing prompt and without it."""

    def __init__(self, model: LoadedModel, *, reading: str = "fp32") -> None:
        """`reading` is what the decoder multiplies contexts in; its answers are written in the model's own format."""
        from engine.memory.compressor import Compressor
        from engine.memory.prompt import PLAIN_SYSTEM, Prompt
        from engine.weights.loading import load_tokenizer

        self.model, self.reading = model, reading
        plain = Prompt(load_tokenizer(model.config.base_folder), system=PLAIN_SYSTEM)
        tower = model.network.tower
        self._compressors: dict[str, Compressor] = {
            "prompt": model.compressor,
            "none": Compressor(
                tower.vlm.model,
                memory_tokens=tower.compression_tokens,
                direction=model.compressor._direction,
                prompt=plain,
            ),
        }

    @property
    def most(self) -> int:
        """Memory tokens of a segment."""
        return self.model.config.memory_tokens

    def read(self, video: Path, *, prompts: Sequence[str] = ("prompt",)) -> FilmRead:
        """Read a film as the program does."""
        from engine.indexing import geometry_of
        from engine.ingest.frames import read_frames
        from engine.ingest.geometry import fit
        from engine.ingest.sampling import plan_samples
        from engine.ingest.segments import cut_segments
        from engine.ingest.video import open_video

        film, sizes, geometry = open_video(video), self.model.config.sizes, geometry_of(self.model.config)
        plan = plan_samples(film, sample_fps=sizes.sample_fps, min_frames=sizes.min_frames, max_frames=sizes.max_frames)
        segments = cut_segments(plan, frames_per_segment=sizes.frames_per_segment)
        features: list[Features] = []
        with closing(read_frames(film, plan, cancel=CancelToken(), geometry=geometry)) as frames:
            waiting = []
            for segment in segments:
                pictures = [next(frames).picture for _ in segment.frame_seconds]
                waiting.append((segment, fit(pictures, geometry)))
                if len(waiting) == BATCH or segment is segments[-1]:
                    features += self.model.compressor.look(waiting)
                    waiting = []
        pairs = list(zip(segments, features, strict=True))
        prefixes = {
            name: [
                prefix
                for first in range(0, len(pairs), BATCH)
                for prefix in self._compressors[name].prefill(pairs[first : first + BATCH])
            ]
            for name in prompts
        }
        return FilmRead(segments, prefixes, features)

    def memories(self, film: FilmRead, question: str, *, prompt: str = "prompt") -> list[Memory]:
        """All memory tokens and the score of every segment."""
        prefixes, compressor = film.prefixes[prompt], self._compressors[prompt]
        return [
            memory
            for first in range(0, len(prefixes), BATCH)
            for memory in compressor.distil(prefixes[first : first + BATCH], question)
        ]

    def answers(self, film: FilmRead, question: str, choices: Sequence[Sequence[Tensor]]) -> list[str]:
        """What the decoder says of each choice of tokens, a row of them a segment."""
        from engine.evaluation.together import answers
        from engine.weights.device import dtype_of

        said = []
        for first in range(0, len(choices), AT_ONCE):
            contexts = [self._context(film, question, kept) for kept in choices[first : first + AT_ONCE]]
            said += answers(self.model.decoder, contexts, longest=LONGEST_ANSWER, reading=dtype_of(self.reading))
        return said

    def _context(self, film: FilmRead, question: str, kept: Sequence[Tensor]) -> Context:
        from engine.recall.context import build_context

        memories = [Memory(segment.index, 0.0, tokens) for segment, tokens in zip(film.segments, kept, strict=True)]
        shares = [len(tokens) for tokens in kept]
        return build_context(self.model.tokenizer, film.segments, memories, shares, question)
