"""Measure the model.

python -m engine.evaluation drawn     how often it is right about unseen drawn films
python -m engine.evaluation sample    the sample film's six questions, and how long each took
python -m engine.evaluation drift     what 8-bit prefixes change
python -m engine.evaluation precisions what fewer bits cost, on drawn films
python -m engine.evaluation footprint what each precision takes at the size of Tempo-6B, random weights
python -m engine.evaluation speed     first and follow-up question, memory, reading; `--part` for one of them
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from engine.errors import QuestionError, TempoError
from engine.settings import Settings

PARTS = ("bundled", "real", "memory", "reading")


def main() -> int:
    """Parse, evaluate, print."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation", description="Measure the model.")
    parser.add_argument("what", choices=["drawn", "sample", "speed", "drift", "precisions", "footprint"])
    parser.add_argument("--model", default="nano")
    parser.add_argument("--budget", type=int, default=None, help="memory tokens for the whole film")
    parser.add_argument("--films", type=int, default=25, help="how many films (drawn)")
    parser.add_argument("--segments", type=int, default=16, help="how long they are (drawn)")
    parser.add_argument("--wrong", action="store_true", help="list the wrong answers (drawn)")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part (speed); may be given again")
    parser.add_argument("--runs", type=int, default=5, help="runs after the warm-up (speed)")
    parser.add_argument("--plain", action="store_true", help="the plain way beside ours, at real size too (speed)")
    parser.add_argument("--folder", type=Path, help="where the full-size checkpoint is, or will be (footprint)")
    parser.add_argument("--precision", action="append", help="only this one (footprint); may be given again")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write the figures there too (speed)")
    options = parser.parse_args()
    try:
        _measure(options)
    except TempoError as error:
        sys.stderr.write(f"{error.message} {error.advice}".strip() + "\n")
        return error.exit_code
    return 0


def _measure(options: argparse.Namespace) -> None:
    if options.what == "speed":
        _speed(options)
        return
    if options.what == "footprint":
        _footprint(options)
        return
    settings = Settings(model=options.model, budget=options.budget, keep_index=False)
    report = {"sample": _sample, "drawn": _drawn, "drift": _drift, "precisions": _precisions}[options.what]
    sys.stdout.write(report(settings, options) + "\n")


def _speed(options: argparse.Namespace) -> None:
    """Print each part as soon as it is measured."""
    from engine.evaluation.speed import MEASURE

    found = {}
    for part in options.part or PARTS:
        records, text = MEASURE[part](options.runs, options.plain)
        found[part] = [asdict(record) for record in records]
        sys.stdout.write(f"{text}\n\n")
        sys.stdout.flush()
        if options.json is not None:  # after each part: a later one may run out of memory
            options.json.write_text(json.dumps(found, indent=1) + "\n")


def _precisions(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.precisions import measure_precisions, table

    return table(measure_precisions(settings, films=options.films, segments=options.segments))


def _footprint(options: argparse.Namespace) -> None:
    """Load each precision twice: the second time from the quantised copy, where there is one."""
    from engine.evaluation.footprint import SEGMENTS, footprint_table, measure_footprint
    from engine.evaluation.full_size import write_full_size
    from engine.evaluation.real_size import film_of
    from engine.weights.checkpoint import read_config
    from engine.weights.quantised_copy import copy_of

    if options.folder is None:
        raise QuestionError("Measure where?", advice="Give --folder, with 20 GB of room.")
    write_full_size(options.folder)
    film = film_of(options.folder, segments=SEGMENTS)
    for precision in options.precision or ("nf4", "int8", "bf16"):
        if copy := copy_of(read_config(options.folder), precision):
            copy.remove()
        twice = [measure_footprint(options.folder, film, precision) for _ in range(2)]
        sys.stdout.write(footprint_table(twice[:1], twice[1:]) + "\n")
        sys.stdout.flush()


def _drift(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.drift import measure_drift, table

    return table(measure_drift(settings, films=options.films, segments=options.segments))


def _sample(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.sample import ask_sample, table

    return table(ask_sample(settings))


def _drawn(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.drawn import evaluate, table

    outcomes = evaluate(settings, films=options.films, segments=options.segments)
    head = f"{options.films} unseen films of {options.segments} segments, wordings held out from training"
    wrong = [
        f"  {row.case.question} -> {row.text} (truth: {', '.join(row.case.things)} {row.case.span})"
        for row in outcomes
        if options.wrong and not row.right
    ]
    return "\n".join([head, table(outcomes), *wrong])


if __name__ == "__main__":
    sys.exit(main())
