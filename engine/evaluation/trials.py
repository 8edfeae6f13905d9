"""Films with questions that a model has never met, as files, and the judge of each answer: the world that it knows.

`world_trials` draws from the world of this program; `first_trials` from the smaller world of the first bundled model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from engine.evaluation.judging import Grid, right
from engine.records import Segment
from engine.training.asking.asked import Asked
from engine.training.asking.kinds import LOCAL, RELATIONAL

TEST_SEED = 90_000  # apart from every training seed
FRESH = 1  # films of seed 0 were looked at while the recipe was tuned
Judge = Callable[[str, Sequence[Segment]], bool]
Places = Callable[[Sequence[Segment]], set[int]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what makes an answer right. `about` is "one" segment, "many", or "none"."""

    kind: str
    text: str
    about: str
    truth: str
    judge: Judge  # as the ablations count: times within one segment
    exact: Judge  # times in the very segments
    routed: Places  # segments that bear on it, each seen by itself
    bears: Places  # segments that it takes to answer
    value: str = ""  # the truth in short: what somebody who only knows how often each is true would guess


@dataclass(frozen=True, slots=True)
class Trial:
    """A film as a file, with questions."""

    number: int
    video: Path
    segments: int
    questions: tuple[Question, ...]


def trials_for(model_folder: Path) -> Callable[..., Iterator[Trial]]:
    """How to draw films of the world that a model knows, one by one, into a folder."""
    knows = model_folder / "knows.json"
    first = knows.exists() and "places" not in json.loads(knows.read_text())
    return first_trials if first else world_trials


def world_trials(
    folder: Path, *, films: int, segments: int, each: int = 1, seed: int = FRESH, held_out_style: bool = False
) -> Iterator[Trial]:
    """The drawn world: combinations and wordings of the test, any codec."""
    from engine.training.film_files import questions
    from engine.training.world.combination import TEST
    from engine.training.world.composing import sample_film
    from engine.training.world.films import sample_coding, write_film

    for number in range(films):
        rng = np.random.default_rng((TEST_SEED, 1, seed, segments, held_out_style, number))
        film = sample_film(rng, segments=segments, split=TEST, held_out_style=held_out_style)
        coding = sample_coding(rng, plain=True)
        path = folder / f"world-{segments}-{number:04}{coding.suffix}"
        write_film(film, path, coding)
        asked = questions(rng, film, coding, each=each, held_out=True)
        yield Trial(number, path, segments, tuple(map(question_of, asked)))
        path.unlink()


def question_of(asked: Asked) -> Question:
    """A question of the drawn world."""
    kind = asked.about if asked.kind == "choice" else asked.kind
    about = "one" if kind in LOCAL else "many" if kind in RELATIONAL else "none"

    def judged(slack: int) -> Judge:
        return lambda text, segments: right(asked, text, grid_of(segments), slack=slack)

    routed = set(asked.bearing)
    return Question(
        asked.kind,
        asked.question,
        about,
        asked.answer,
        judged(1),
        judged(0),
        lambda segments: routed,
        lambda segments: set(asked.segments),
        asked.value or ", ".join(asked.names),
    )


def grid_of(segments: Sequence[Segment]) -> Grid:
    """How times become segments."""
    return Grid(
        [one.centre_seconds for one in segments], [one.start_seconds for one in segments], segments[-1].end_seconds
    )


def first_trials(folder: Path, *, films: int, segments: int, each: int = 2, seed: int = 0) -> Iterator[Trial]:
    """The world of the first bundled model: three kinds of question."""
    from engine.evaluation.drawn import Case, bearing, cases, judge, routed
    from engine.reply.grounding import ground
    from engine.training.films import sample_film, write_film

    def question(case: Case) -> Question:
        def answered(text: str, cut: Sequence[Segment]) -> SimpleNamespace:
            even = SimpleNamespace(shares=[1] * len(cut))
            citations, _ = ground(text, cut, [0.5] * len(cut), even, duration_seconds=cut[-1].end_seconds)  # type: ignore[arg-type]
            return SimpleNamespace(text=text, segments=tuple(cut), citations=citations)

        def judged(text: str, cut: Sequence[Segment]) -> bool:
            return judge(case, answered(text, cut))  # type: ignore[arg-type]

        def places(cut: Sequence[Segment]) -> set[int]:
            return routed(case, answered("", cut))  # type: ignore[arg-type]

        def bears(cut: Sequence[Segment]) -> set[int]:
            return places(cut) if case.kind == "what" else bearing(case, answered("", cut))  # type: ignore[arg-type]

        about = "none" if case.span is None else "one"
        truth = f"{', '.join(case.things)} {case.span}"
        return Question(case.kind, case.question, about, truth, judged, judged, places, bears)

    for number in range(films):
        rng = np.random.default_rng((TEST_SEED, seed, segments, number))
        film = sample_film(rng, segments=segments)
        path = folder / f"first-{segments}-{number:04}.mp4"
        write_film(film, path, scale=1 + number % 2, sound=False)
        yield Trial(number, path, segments, tuple(map(question, cases(rng, film, each=each))))
        path.unlink()
