"""Right answers on films of the drawn world that no model has met, through real files and the whole program.

Combinations, wordings and nouns are those of the test; with `held_out_style` artist and font are too. Any codec, size
and rate. Prints a table with 95 % intervals, films drawn anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.cancel import CancelToken
from engine.evaluation.statistics import area, estimate, mean_area, mean_over_kinds
from engine.evaluation.trials import FRESH, Question, Trial, unseen_trials
from engine.events import ignore
from engine.session import Session
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.weights.loading import LoadedModel


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what came of it."""

    film: int
    question: Question
    text: str
    right: bool
    exact: bool  # times in the very segments
    auc: float  # relevance of bearing segments above the others; nan if none or all bear
    seconds: float
    scores: tuple[float, ...] = ()


def evaluate(
    settings: Settings, *, films: int, segments: int, each: int = 1, seed: int = FRESH, held_out_style: bool = False,
    model: LoadedModel | None = None,
) -> list[Outcome]:  # fmt: skip
    """Ask about `films` unseen films; a `model` that is given must be as the settings say."""
    session = Session(settings)
    if model is not None:
        session.use(model)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as place:
        drawn = unseen_trials(
            Path(place), films=films, segments=segments, each=each, seed=seed, held_out_style=held_out_style
        )
        for trial in drawn:
            session.open(trial.video, emit=ignore)
            outcomes += [_asked(session, settings, trial, question) for question in trial.questions]
    session.close()
    return outcomes


def _asked(session: Session, settings: Settings, trial: Trial, question: Question) -> Outcome:
    answer = session.ask(question.text, settings=settings, emit=ignore, cancel=CancelToken())
    routed = question.routed(answer.segments)
    return Outcome(
        trial.number,
        question,
        answer.text,
        question.judge(answer.text, answer.segments),
        question.exact(answer.text, answer.segments),
        area(answer.scores, routed),
        answer.seconds.total,
        answer.scores,
    )


def table(outcomes: Sequence[Outcome]) -> str:
    """The result for a reader, as Markdown."""
    lines = ["| kind | questions | right (95 % interval) | times in the very segments | relevance AUC |"]
    lines.append("|---|---:|---:|---:|---:|")
    kinds = list(dict.fromkeys(row.question.kind for row in outcomes))
    for kind in [*kinds, "all"]:
        rows = [row for row in outcomes if kind in (row.question.kind, "all")]
        films = [row.film for row in rows]
        found = estimate([float(row.right) for row in rows], films)
        exact = estimate([float(row.exact) for row in rows], films)
        auc = mean_area([row.auc for row in rows], films).told(".4f")
        lines.append(f"| {kind} | {found.count} | {found} | {exact} | {auc} |")
    mean = mean_over_kinds(
        [float(row.right) for row in outcomes],
        [row.question.kind for row in outcomes],
        [row.film for row in outcomes],
    )
    seconds = np.median([row.seconds for row in outcomes])
    return "\n".join([*lines, "", f"Mean over kinds: {mean}. An answer took {seconds:.2f} s (median)."])


def wrong(outcomes: Sequence[Outcome]) -> list[str]:
    """What was not right, for a reader."""
    return [
        f"  {row.question.kind}: {row.question.text!r} -> {row.text!r} (truth: {row.question.truth})"
        for row in outcomes
        if not row.right
    ]
