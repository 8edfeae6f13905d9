"""Relevance from outside the model under test: another model asked Yes or No, or pictures compared with words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from engine.evaluation.judging import things
from engine.evaluation.probe import FilmRead, Probe

Asked = Callable[[str], list[float]]
EMBEDDING = "language_model.embed_tokens.weight"  # of the compressor
SECOND = re.compile(r"\b(?:second (\d+)|(\d+) seconds)\b", re.I)  # any other number is a text on screen


class Scorer(Protocol):
    """Whoever scores."""

    name: str

    def of_film(self, video: Path, read: FilmRead) -> Asked:
        """A way to score the segments of one film for any question."""


class OtherModel:
    """Another checkpoint in the published layout, asked with the routing prompt."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self.name = f"the router of {probe.model.info.name}"

    def of_film(self, video: Path, read: FilmRead) -> Asked:
        """Reads the film once more, with its own eyes."""
        own = self._probe.read(video)
        return lambda question: [memory.score for memory in self._probe.memories(own, question)]


class Matcher:
    """No model at all: visual tokens against the embeddings of things that the question names, times against times.

    The small VLM begins with a thing's name opposite to its picture (`training.seeing.link_words`), so a segment that
    shows it has a visual token whose cosine with the name is low. Where a question names neither, all score alike.
    """

    name = "pictures against words"

    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def of_film(self, video: Path, read: FilmRead) -> Asked:
        """Compares with what was read already."""
        return lambda question: self._scored(read, question)

    def _scored(self, read: FilmRead, question: str) -> list[float]:
        import torch
        from torch.nn.functional import normalize

        scores = [0.0] * len(read.segments)
        seconds = [int(first or second) for first, second in SECOND.findall(question.partition("\n")[0])]
        if seconds:
            spans = [(one.start_seconds, one.end_seconds) for one in read.segments]
            scores = [float(any(start <= at < end for at in seconds)) for start, end in spans]
        named = things(question.partition("\n")[0])
        if named:
            model = self._probe.model
            ids = [model.tokenizer.encode(f" {name}", add_special_tokens=False) for name in named]
            table = model.network.tower.vlm.get_parameter(f"model.{EMBEDDING}")
            words = normalize(torch.stack([table[one].float().mean(0) for one in ids]), dim=1)
            for place, seen in enumerate(read.features):
                lowest = float((normalize(seen.tokens.float(), dim=1) @ words.T).min())
                scores[place] = max(scores[place], (1 - lowest) / 2)
        return scores
