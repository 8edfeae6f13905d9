"""Measure the model.

python -m engine.evaluation drawn     how often it is right about unseen drawn films
python -m engine.evaluation sample    the sample film's six questions, and how long each took
"""

from __future__ import annotations

import argparse
import sys

from engine.settings import Settings


def main() -> int:
    """Parse, evaluate, print."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation", description="Measure the model.")
    parser.add_argument("what", choices=["drawn", "sample"])
    parser.add_argument("--model", default="nano")
    parser.add_argument("--budget", type=int, default=None, help="memory tokens for the whole film")
    parser.add_argument("--films", type=int, default=25, help="how many films (drawn)")
    parser.add_argument("--segments", type=int, default=16, help="how long they are (drawn)")
    parser.add_argument("--wrong", action="store_true", help="list the wrong answers (drawn)")
    options = parser.parse_args()
    settings = Settings(model=options.model, budget=options.budget)
    report = _sample(settings) if options.what == "sample" else _drawn(settings, options)
    sys.stdout.write(report + "\n")
    return 0


def _sample(settings: Settings) -> str:
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
