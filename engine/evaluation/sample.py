"""The sample film's suggested questions, asked one after the other in one session, judged against what was drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.cancel import CancelToken
from engine.evaluation.trials import Question, question_of
from engine.events import ignore
from engine.records import Answer
from engine.session import Session
from engine.settings import Settings
from engine.training.asking.asked import Asked

ASSETS = Path(__file__).parents[2] / "assets"
SAMPLE = ASSETS / "sample.mp4"


def sample_truth(film: Path = SAMPLE) -> list[Asked]:
    """The questions that lie beside the film, with what makes an answer right."""
    rows = json.loads(film.with_suffix(".json").read_text())["truth"]
    return [Asked(**{name: _frozen(value) for name, value in row.items()}) for row in rows]


def ask_sample(settings: Settings, film: Path = SAMPLE) -> list[tuple[Question, Answer]]:
    """Ask them all; the first answer pays for loading the model and indexing the film."""
    session = Session(settings)
    session.open(film, emit=ignore)
    answered = [
        (one, session.ask(one.text, settings=settings, emit=ignore, cancel=CancelToken()))
        for one in map(question_of, sample_truth(film))
    ]
    session.close()
    return answered


def table(asked: list[tuple[Question, Answer]]) -> str:
    """The result for a reader: seconds are since asking."""
    lines = [f"{'right':7}{'heat':>6}{'word':>6}{'end':>6}  question -> answer"]
    right = 0
    for question, answer in asked:
        fine = question.judge(answer.text, answer.segments)
        right += fine
        times = answer.seconds
        clock = "".join(f"{value:6.2f}" for value in (times.first_score, times.first_token, times.total))
        lines.append(f"{'yes' if fine else 'no':7}{clock}  {question.text} -> {answer.text.strip()}")
    return "\n".join([*lines, f"{right} of {len(asked)} right"])


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
