"""`python -m engine.evaluation ablations`: the paper's claims on a model of this program, condition by condition.

Every question is asked under every condition, so that conditions can be compared question by question. What a film gave
is written as soon as it is known, a file a film; a run that was broken off goes on with the next film.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.evaluation.conditions import EXTERNAL, NONE, ORACLE, PROMPT, Condition, parts
from engine.evaluation.probe import FilmRead, Probe
from engine.evaluation.scorers import Scorer
from engine.evaluation.sharing import Shares, adaptive, chosen, pruned, shuffled, uniform
from engine.evaluation.statistics import area
from engine.evaluation.trials import Question, Trial
from engine.records import Memory
from engine.whole_file import write_whole

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger(__name__)
Kept = list["Tensor"]
Trials = Callable[..., Iterator[Trial]]
OTHER_SEED = 4444  # of the film whose memory is given for every other


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's memory and scores, by whoever gave them."""

    memories: dict[str, list[Memory]]  # with the routing prompt, and without
    scores: dict[str, list[float]]


class Bench:
    """A model under test, under all conditions."""

    def __init__(self, probe: Probe, scorer: Scorer, conditions: Sequence[Condition]) -> None:
        self._probe, self._scorer, self._conditions = probe, scorer, conditions
        routers = {condition.router for condition in conditions}
        self._prompts = [PROMPT, *([NONE] if NONE in routers else [])]

    def begin(self, other: Path) -> None:
        """A film that is none of those to come: its memory must not help."""
        self._other = self._probe.read(other)

    def film(self, trial: Trial) -> list[dict[str, Any]]:
        """A row for each question: what it was, the scores' areas, the shares, and whether each condition was right."""
        read = self._probe.read(trial.video, prompts=self._prompts)
        external = self._scorer.of_film(trial.video, read)
        found = []
        for number, question in enumerate(trial.questions):
            weighed = self._weighed(read, question, external(question.text))
            found.append(self._row(trial, number, read, question, weighed))
        return found

    def _weighed(self, read: FilmRead, question: Question, external: list[float]) -> Weighed:
        memories = {prompt: self._probe.memories(read, question.text, prompt=prompt) for prompt in self._prompts}
        scores = {prompt: [memory.score for memory in found] for prompt, found in memories.items()}
        routed = question.routed(read.segments)
        scores[ORACLE] = [float(segment.index in routed) for segment in read.segments]
        scores[EXTERNAL] = external
        return Weighed(memories, scores)

    def _row(self, trial: Trial, number: int, read: FilmRead, question: Question, weighed: Weighed) -> dict[str, Any]:
        routed = question.routed(read.segments)
        choices: dict[tuple[object, ...], Kept] = {}
        chosen_by, used = {}, {}
        for condition in self._conditions:
            rng = np.random.default_rng((trial.number, number))
            shares = self._shares(condition, weighed, rng)
            prompt = NONE if condition.router == NONE else PROMPT
            key = (prompt, condition.selection, condition.allocation == "foreign", *shares)
            if key not in choices:
                choices[key] = self._kept(condition, shares, weighed.memories[prompt], question, rng)
            chosen_by[condition.key], used[condition.key] = key, sum(shares)
        texts = self._probe.answers(read, question.text, list(choices.values()))
        said = dict(zip(choices, texts, strict=True))
        rights = {name: bool(question.judge(said[key], read.segments)) for name, key in chosen_by.items()}
        exacts = {name: bool(question.exact(said[key], read.segments)) for name, key in chosen_by.items()}
        return {
            "film": trial.number,
            "segments": trial.segments,
            "number": number,
            "kind": question.kind,
            "about": question.about,
            "question": question.text,
            "truth": question.truth,
            "areas": {who: area(tuple(scores), routed) for who, scores in weighed.scores.items()},
            "shares": self._shares(Condition("adaptive", 1 / 4), weighed, np.random.default_rng(0)),
            "right": rights,
            "exact": exacts,
            "used": used,
        }

    def _shares(self, condition: Condition, weighed: Weighed, rng: np.random.Generator) -> Shares:
        most, scores = self._probe.most, weighed.scores[condition.router]
        budget = max(1, round(condition.share * most * len(scores)))
        anchors = self._probe.model.config.sizes.k_min if condition.anchors < 0 else condition.anchors
        how = condition.allocation
        if how in ("full", "foreign"):
            return [most] * len(scores)
        if how == "blind":
            return [0] * len(scores)
        if how == "kept":
            return [condition.kept] * len(scores)
        if how == "uniform":
            return uniform(len(scores), budget, ceiling=most)
        if how == "pruned":
            return pruned(scores, budget, ceiling=most)
        shares = adaptive(scores, budget, anchors=anchors, ceiling=most)
        return shuffled(shares, rng) if how == "random" else shares

    def _kept(
        self, condition: Condition, shares: Shares, memories: list[Memory], question: Question, rng: np.random.Generator
    ) -> Kept:
        if condition.allocation == "foreign":
            other = self._probe.memories(self._other, question.text)
            memories = [other[place % len(other)] for place in range(len(memories))]
        return [
            chosen(memory.tokens, share, condition.selection, rng)
            for memory, share in zip(memories, shares, strict=True)
        ]


def run(
    probe: Probe, scorer: Scorer, trials: Trials, *, sizes: dict[str, int], wanted: Sequence[str], folder: Path
) -> None:
    """Ask everything that `folder` does not hold yet, on the films that `trials` draws."""
    folder.mkdir(parents=True, exist_ok=True)
    conditions = list(dict.fromkeys(one for part in wanted for one in parts(probe.most)[part]))
    bench, keys = Bench(probe, scorer, conditions), {condition.key for condition in conditions}
    with tempfile.TemporaryDirectory() as place:
        for other in trials(Path(place), **{**sizes, "films": 1, "seed": OTHER_SEED}):
            bench.begin(other.video)
        for trial in trials(Path(place), **sizes):
            target = folder / f"{trial.segments:04}-{trial.number:04}.json"
            if target.exists() and keys <= set(json.loads(target.read_text())[0]["right"]):
                continue
            rows = bench.film(trial)
            write_whole(target, lambda part, rows=rows: part.write_text(json.dumps(rows)))  # type: ignore[misc]
            log.info("%s: %d questions under %d conditions", target.stem, len(rows), len(conditions))


def load(folder: Path) -> list[dict[str, Any]]:
    """All rows."""
    return [row for path in sorted(folder.glob("*-*.json")) for row in json.loads(path.read_text())]
