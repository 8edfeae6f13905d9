"""`python -m engine.evaluation ablations`: the paper's claims on a model of this program, condition by condition.

Every question is asked under every condition, so that conditions can be compared question by question. What a film gave
is written as soon as it is known, a file a film; a run that was broken off goes on with the next film.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import QuestionError
from engine.evaluation.conditions import EXTERNAL, NONE, ORACLE, PROMPT, Condition, parts
from engine.evaluation.probe import FilmRead, Probe
from engine.evaluation.scorers import Scorer
from engine.evaluation.sharing import Shares, adaptive, chosen, pruned, shuffled, uniform
from engine.evaluation.statistics import area
from engine.evaluation.trials import Question, Trial
from engine.fingerprint import content_hash
from engine.records import Memory
from engine.whole_file import write_whole

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger(__name__)
Kept = list["Tensor"]
Trials = Callable[..., Iterator[Trial]]
OTHER_SEED, OTHERS = 4444, 3  # of the films whose memory is given for that of others, in turn
SETUP = "setup.json"
MEASURES = ("right", "exact", "used", "areas")  # of a question, by condition or by who scored


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

    def begin(self, others: Iterable[Path]) -> None:
        """Films that are none of those to come, each read before the next is drawn: their memory must not help."""
        self._others = [self._probe.read(other) for other in others]

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
        bears = question.bears(read.segments)
        scores[ORACLE] = [float(segment.index in bears) for segment in read.segments]
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
                choices[key] = self._kept(condition, shares, weighed.memories[prompt], question, trial.number, rng)
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
            "value": question.value,
            "areas": {who: area(tuple(scores), routed) for who, scores in weighed.scores.items()},
            "shares": self._shares(Condition("adaptive", 1 / 4), weighed, np.random.default_rng(0)),
            "right": rights,
            "exact": exacts,
            "used": used,
        }

    def _shares(self, condition: Condition, weighed: Weighed, rng: np.random.Generator) -> Shares:
        most, scores = self._probe.most, weighed.scores[condition.router]
        budget = max(1, round(condition.share * most * len(scores)))
        anchors, how = condition.anchors, condition.allocation
        if anchors < 0:
            own = self._probe.model.config.sizes.k_min
            anchors = min(own, budget // (2 * len(scores)))  # else little would be left to share out
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
        if how == "matched":
            return uniform(len(scores), sum(shares), ceiling=most)
        return shuffled(shares, rng) if how == "random" else shares

    def _kept(
        self, condition: Condition, shares: Shares, memories: list[Memory], question: Question, film: int,
        rng: np.random.Generator,
    ) -> Kept:  # fmt: skip
        if condition.allocation == "foreign":
            other = self._probe.memories(self._others[film % len(self._others)], question.text)
            memories = [other[place % len(other)] for place in range(len(memories))]
        return [
            chosen(memory.tokens, share, condition.selection, rng)
            for memory, share in zip(memories, shares, strict=True)
        ]


def run(
    probe: Probe, scorer: Scorer, trials: Trials, *, sizes: dict[str, int], wanted: Sequence[str], folder: Path,
    first: int = 0,
) -> None:  # fmt: skip
    """Ask everything that `folder` does not hold yet, on the films that `trials` draws, from number `first` on. Raises
    `QuestionError` where it holds results of another model or scorer."""
    folder.mkdir(parents=True, exist_ok=True)
    setup = {"model": _weights_of(probe), "scorer": scorer.name, "each": sizes["each"], "reading": probe.reading}
    _expect_same(folder, setup)
    conditions = list(dict.fromkeys(one for part in wanted for one in parts(probe.most)[part]))
    bench, keys = Bench(probe, scorer, conditions), {condition.key for condition in conditions}
    with tempfile.TemporaryDirectory() as place:
        if any(condition.allocation == "foreign" for condition in conditions):
            others = trials(Path(place), **{**sizes, "films": OTHERS, "seed": OTHER_SEED})
            bench.begin(other.video for other in others)
        targets = [folder / f"{sizes['segments']:04}-{number:04}.json" for number in range(sizes["films"])]
        skip = {number for number, one in enumerate(targets) if number < first or keys <= _answered(one)}
        for trial in trials(Path(place), **sizes, skip=skip):
            target = targets[trial.number]
            rows = _joined(json.loads(target.read_text()) if target.exists() else [], bench.film(trial))
            write_whole(target, lambda part, rows=rows: part.write_text(json.dumps(rows)))  # type: ignore[misc]
            log.info("%s: %d questions under %d conditions", target.stem, len(rows), len(conditions))


def _answered(path: Path) -> set[str]:
    """The conditions that a film's file holds."""
    rows = json.loads(path.read_text()) if path.exists() else []
    return set(rows[0]["right"]) if rows else set()


def _weights_of(probe: Probe) -> str:
    weights = sorted(probe.model.config.folder.glob("*.safetensors"))
    return " ".join(content_hash(path)[:16] for path in weights)


def _expect_same(folder: Path, setup: dict[str, Any]) -> None:
    path = folder / SETUP
    if not path.exists():
        path.write_text(json.dumps(setup) + "\n")
    elif json.loads(path.read_text()) != setup:
        raise QuestionError(
            f"The results in {folder} are of another model, scorer, format or number of questions.",
            advice="Take another --folder, or delete this one.",
        )


def _joined(known: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was measured before and what is new, question by question."""
    if not known:
        return rows
    for before, row in zip(known, rows, strict=True):
        for measure in MEASURES:
            row[measure] = before[measure] | row[measure]
    return rows


def load(folder: Path) -> list[dict[str, Any]]:
    """All rows."""
    return [row for path in sorted(folder.glob("*-*.json")) for row in json.loads(path.read_text())]
