"""Right answers on drawn films the model has never met, through real files and the whole engine.

Films are encoded as H.264, read back by the engine, asked in wordings held out from training. Prints a table with
95 % Wilson intervals.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.cancel import CancelToken
from engine.evaluation.statistics import area
from engine.events import ignore
from engine.records import Answer
from engine.session import Session
from engine.settings import Settings
from engine.training.films import SEGMENT_SECONDS, DrawnFilm, sample_film, write_film
from engine.training.questions import KINDS, wording
from engine.training.things import NAMES

if TYPE_CHECKING:
    from engine.weights.loading import LoadedModel

TEST_SEED = 90_000  # apart from every training seed


@dataclass(frozen=True, slots=True)
class Case:
    """One question on one film. `span` is when the asked thing is on screen, None if never."""

    kind: str
    question: str
    things: tuple[str, ...]
    span: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with what came of it."""

    case: Case
    text: str
    right: bool
    auc: float  # relevance of bearing segments above the others; nan if none or all bear
    scores: tuple[float, ...] = ()


def cases(rng: np.random.Generator, film: DrawnFilm, *, each: int = 2) -> Iterator[Case]:
    """`each` questions of every kind; a quarter of "when" and half of "whether" ask about what is not there."""
    spans = film.spans
    absent = [name for name in NAMES if name not in spans]
    for kind in KINDS:
        for _ in range(each):
            if kind == "what":
                at = int(rng.integers(int(film.seconds)))
                things = film.scene_at(at).things
                yield Case(kind, wording(rng, kind, held_out=True, t=at), things, spans[things[0]])
                continue
            missing = rng.random() < (0.25 if kind == "when" else 0.5)
            name = str(rng.choice(absent if missing else list(spans)))
            yield Case(kind, wording(rng, kind, held_out=True, x=name), (name,), spans.get(name))


def judge(case: Case, answer: Answer) -> bool:
    """Whether the answer is right in full: the times' segments and nothing else, or exactly the things shown."""
    said = answer.text.lower()
    if case.kind == "what":
        return named(said) == set(case.things)
    denied = "not appear" in said
    if case.kind == "whether" and not said.startswith("no" if case.span is None else "yes"):
        return False
    if case.span is None:
        return denied
    if denied:
        return False
    if case.kind == "whether":
        return True
    cited = {index for citation in answer.citations for index in citation.segments}
    return cited == bearing(case, answer)


def bearing(case: Case, answer: Answer) -> set[int]:
    """Segments that show the asked thing."""
    if case.span is None:
        return set()
    start, end = case.span
    return {one.index for one in answer.segments if start <= (one.frame_seconds[0] + one.frame_seconds[-1]) / 2 < end}


def named(text: str) -> set[str]:
    """Things of the world that a text names."""
    words = set(re.findall(r"[a-z]+", text))
    return {name for name in NAMES if name in words}


def evaluate(
    settings: Settings, *, films: int, segments: int, seed: int = 0, model: LoadedModel | None = None
) -> list[Outcome]:
    """Ask about `films` unseen films; a `model` that is given must be as the settings say."""
    outcomes = []
    session = Session(settings)
    if model is not None:
        session.use(model)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(films):
            rng = np.random.default_rng((TEST_SEED, seed, segments, number))
            film = sample_film(rng, segments=segments)
            path = Path(folder) / f"{number}.mp4"
            write_film(film, path, scale=1 + number % 2, sound=False)
            session.open(path, emit=ignore)
            for case in cases(rng, film):
                answer = session.ask(case.question, settings=replace(settings), emit=ignore, cancel=CancelToken())
                right = judge(case, answer)
                area_here = area(answer.scores, routed(case, answer))
                outcomes.append(Outcome(case, answer.text, right, area_here, answer.scores))
    session.close()
    return outcomes


def routed(case: Case, answer: Answer) -> set[int]:
    """What the router should find: for a time, its one segment; for a thing, all segments that show it."""
    at = re.search(r"\d+", case.question)
    if case.kind != "what" or at is None:
        return bearing(case, answer)
    return {int(int(at[0]) // SEGMENT_SECONDS)}


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if total == 0:
        return math.nan, math.nan
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


def table(outcomes: list[Outcome]) -> str:
    """The result for a reader."""
    lines = [f"{'kind':10}{'questions':>10}{'right':>8}{'95 % interval':>18}{'relevance AUC':>16}"]
    for kind in (*KINDS, "all"):
        rows = [row for row in outcomes if kind in (row.case.kind, "all")]
        right = sum(row.right for row in rows)
        low, high = wilson(right, len(rows))
        areas = [row.auc for row in rows if not math.isnan(row.auc)]
        auc = f"{np.mean(areas):.3f}" if areas else "-"
        lines.append(
            f"{kind:10}{len(rows):>10}{right / max(len(rows), 1):>8.1%}{f'{low:.1%} to {high:.1%}':>18}{auc:>16}"
        )
    return "\n".join(lines)
