"""The sample film's suggested questions, asked one after the other in one session, judged against what was drawn."""

from __future__ import annotations

import json
from pathlib import Path

from engine.cancel import CancelToken
from engine.evaluation.drawn import Case, bearing, judge
from engine.events import ignore
from engine.records import Answer
from engine.session import Session
from engine.settings import Settings

ASSETS = Path(__file__).parents[2] / "assets"
SAMPLE = ASSETS / "sample.mp4"


def sample_cases(folder: Path = ASSETS) -> list[Case]:
    """The questions of `sample.json` with their truth."""
    rows = json.loads((folder / "sample.json").read_text())["truth"]
    return [
        Case(row["kind"], row["question"], tuple(row["things"]), tuple(row["span"]) if row["span"] else None)
        for row in rows
    ]


def ask_sample(settings: Settings, folder: Path = ASSETS) -> list[tuple[Case, Answer]]:
    """Ask them all; the first answer pays for loading the model and indexing the film."""
    session = Session(settings)
    session.open(folder / "sample.mp4", emit=ignore)
    asked = [
        (case, session.ask(case.question, settings=settings, emit=ignore, cancel=CancelToken()))
        for case in sample_cases(folder)
    ]
    session.close()
    return asked


def cites_the_thing(case: Case, answer: Answer) -> bool:
    """Whether every segment the answer cites shows what was asked for."""
    return all(set(citation.segments) <= bearing(case, answer) for citation in answer.citations)


def table(asked: list[tuple[Case, Answer]]) -> str:
    """The result for a reader: seconds are since asking."""
    lines = [f"{'right':7}{'cites':7}{'heat':>6}{'word':>6}{'end':>6}  question -> answer"]
    for case, answer in asked:
        marks = ["yes" if fine else "no" for fine in (judge(case, answer), cites_the_thing(case, answer))]
        times = answer.seconds
        clock = "".join(f"{value:6.2f}" for value in (times.first_score, times.first_token, times.total))
        lines.append(f"{marks[0]:7}{marks[1]:7}{clock}  {case.question} -> {answer.text.strip()}")
    right = sum(judge(case, answer) and cites_the_thing(case, answer) for case, answer in asked)
    return "\n".join([*lines, f"{right} of {len(asked)} right"])
