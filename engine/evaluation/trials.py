"""Films with questions that a model has never met, as files, and the judge of each answer."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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


def unseen_trials(
    folder: Path, *, films: int, segments: int, each: int = 1, seed: int = FRESH, held_out_style: bool = False,
    skip: Container[int] = (),
) -> Iterator[Trial]:  # fmt: skip
    """Films drawn one by one into a folder, but for those that `skip` holds: combinations and wordings of the test,
    any codec."""
    from engine.training.film_files import questions
    from engine.training.world.combination import TEST
    from engine.training.world.composing import sample_film
    from engine.training.world.films import sample_coding, write_film

    for number in range(films):
        if number in skip:
            continue
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
