"""`python -m engine.evaluation drawn`: how often the bundled model is right about unseen drawn films."""

from __future__ import annotations

import argparse
import sys

from engine.evaluation.drawn import evaluate, table
from engine.settings import Settings


def main() -> int:
    """Parse, evaluate, print."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation", description="Measure the model.")
    parser.add_argument("what", choices=["drawn"])
    parser.add_argument("--model", default="nano")
    parser.add_argument("--films", type=int, default=25)
    parser.add_argument("--segments", type=int, default=16)
    parser.add_argument("--budget", type=int, default=None)
    parser.add_argument("--wrong", action="store_true", help="list the wrong answers")
    options = parser.parse_args()
    settings = Settings(model=options.model, budget=options.budget)
    outcomes = evaluate(settings, films=options.films, segments=options.segments)
    out = [
        f"{options.films} unseen films of {options.segments} segments, wordings held out from training",
        table(outcomes),
    ]
    if options.wrong:
        out += [
            f"  {row.case.question}  -> {row.text}  (truth {row.case.things} {row.case.span})"
            for row in outcomes
            if not row.right
        ]
    sys.stdout.write("\n".join(out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
