"""What keeping prefixes in 8 bits changes: relevance scores, shares and answers on drawn films, against 16 bits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.evaluation.ranks import rank_correlation
from engine.evaluation.trials import unseen_trials
from engine.events import ignore
from engine.session import Session
from engine.settings import Settings

SEED = 8  # films apart from those that right answers are counted on


@dataclass(frozen=True, slots=True)
class Drift:
    """One question, asked of an exact and of an 8-bit index."""

    rank_correlation: float  # Spearman's, over the segments
    same_top: bool  # whether the same segment scores highest
    largest: float  # difference of a score
    same_shares: bool
    same_answer: bool


def measure_drift(settings: Settings, *, films: int, segments: int) -> list[Drift]:
    """Ask the same questions of both."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for trial in unseen_trials(Path(folder), films=films, segments=segments, seed=SEED):
            questions = [question.text for question in trial.questions]
            exact, small = (_asked(replace(settings, prefix_bits=bits), trial.video, questions) for bits in (16, 8))
            found += [_compared(one, other) for one, other in zip(exact, small, strict=True)]
    return found


def _asked(settings: Settings, path: Path, questions: list[str]) -> list[tuple[np.ndarray, tuple[int, ...], str]]:
    session = Session(settings)
    session.open(path, emit=ignore)
    answers = [session.ask(question, emit=ignore) for question in questions]
    session.close()
    return [(np.array(one.scores), one.allocation.shares, one.text) for one in answers]


def _compared(exact: tuple[np.ndarray, tuple[int, ...], str], small: tuple[np.ndarray, tuple[int, ...], str]) -> Drift:
    (one, shares, text), (other, other_shares, other_text) = exact, small
    return Drift(
        rank_correlation=rank_correlation(one, other),
        same_top=bool(one.argmax() == other.argmax()),
        largest=float(np.abs(one - other).max()),
        same_shares=shares == other_shares,
        same_answer=text == other_text,
    )


def table(found: Iterable[Drift]) -> str:
    """For a reader."""
    rows = list(found)
    return "\n".join(
        [
            f"{len(rows)} questions, prefixes in 8 bits against 16:",
            f"  rank correlation of the scores   mean {np.mean([row.rank_correlation for row in rows]):.4f}, "
            f"least {min(row.rank_correlation for row in rows):.4f}",
            f"  same highest segment             {np.mean([row.same_top for row in rows]):.1%}",
            f"  largest change of a score        {max(row.largest for row in rows):.4f}",
            f"  same shares                      {np.mean([row.same_shares for row in rows]):.1%}",
            f"  same answer, word for word       {np.mean([row.same_answer for row in rows]):.1%}",
        ]
    )
