"""Measure the model.

python -m engine.evaluation sample    the sample film's six questions, and how long each took
python -m engine.evaluation drift     what 8-bit prefixes change
python -m engine.evaluation world     how often it is right about unseen films of the drawn world, kind by kind
python -m engine.evaluation ablations the paper's claims, condition by condition; `--part` for one of them
python -m engine.evaluation precisions what fewer bits cost, on drawn films
python -m engine.evaluation footprint what each precision takes at the size of Tempo-6B, random weights
python -m engine.evaluation speed     first and follow-up question, memory, reading; `--part` for one of them
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from engine.errors import QuestionError, TempoError
from engine.settings import Settings

PARTS = ("bundled", "real", "memory", "reading")
FILMS, SEGMENTS = 25, 16
LONG_FILMS = {64: 75, 256: 25}  # of the ablations, by their segments
WHAT = ("world", "ablations", "sample", "speed", "drift", "precisions", "footprint")


def main() -> int:
    """Parse, evaluate, print."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation", description="Measure the model.")
    parser.add_argument("what", choices=WHAT)
    parser.add_argument("--model", default="nano")
    parser.add_argument("--budget", type=int, default=None, help="memory tokens for the whole film")
    parser.add_argument("--films", type=int, default=None, help="how many films (world, drift, precisions, ablations)")
    parser.add_argument(
        "--first",
        type=int,
        default=0,
        help="leave out those before this number, which another process asks about (ablations)",
    )
    parser.add_argument("--segments", type=int, default=None, help="how long they are (the same)")
    parser.add_argument("--each", type=int, default=1, help="questions of a kind about each film (world, ablations)")
    parser.add_argument("--seed", type=int, default=None, help="of the films (world)")
    parser.add_argument("--wrong", action="store_true", help="list the wrong answers (world)")
    parser.add_argument("--unseen-style", action="store_true", help="drawn by an artist kept for the test (world)")
    parser.add_argument("--scorer", default="", help="a model that routes in the place of the prompt (ablations)")
    parser.add_argument(
        "--reading", choices=("fp32", "bf16"), default="fp32", help="what the decoder reads contexts in (ablations)"
    )
    parser.add_argument("--report", type=Path, default=None, metavar="FILE", help="write the table there too (world)")
    parser.add_argument("--part", action="append", help="only this part (speed, ablations); may be given again")
    parser.add_argument("--runs", type=int, default=5, help="runs after the warm-up (speed)")
    parser.add_argument("--plain", action="store_true", help="the plain way beside ours, at real size too (speed)")
    parser.add_argument(
        "--folder", type=Path, help="where the full-size checkpoint (footprint) or results (ablations) are"
    )
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
    if options.what == "ablations":
        _ablations(options)
        return
    options.films, options.segments = options.films or FILMS, options.segments or SEGMENTS
    settings = Settings(model=options.model, budget=options.budget, keep_index=False)
    report = {"sample": _sample, "world": _world, "drift": _drift, "precisions": _precisions}[options.what]
    sys.stdout.write(report(settings, options) + "\n")


def _speed(options: argparse.Namespace) -> None:
    """Print each part as soon as it is measured."""
    from engine.evaluation.speed import MEASURE

    found = {}
    for part in _parts(options, PARTS):
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


def _ablations(options: argparse.Namespace) -> None:
    """Ask what is not asked yet, then tell of all that is there."""
    from engine.evaluation.ablation_report import report
    from engine.evaluation.ablations import load, run
    from engine.evaluation.conditions import PARTS as ALL
    from engine.evaluation.probe import Probe
    from engine.evaluation.scorers import Matcher, OtherModel
    from engine.evaluation.trials import unseen_trials
    from engine.weights.loading import load_model

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    wanted = _parts(options, ALL)
    probe = Probe(load_model(options.model, device="cpu", precision="fp32"), reading=options.reading)
    other = load_model(options.scorer, device="cpu", precision="fp32") if options.scorer else None
    scorer = OtherModel(Probe(other)) if other else Matcher(probe)
    folder = options.folder or Path("runs/ablations") / probe.model.info.name
    for segments, films in _films_of(options).items():
        sizes = {"films": films, "segments": segments, "each": options.each}
        run(probe, scorer, unseen_trials, sizes=sizes, wanted=wanted, folder=folder, first=options.first)
    text, told = report(load(folder), most=probe.most, scorer=scorer.name)
    (folder / "report.md").write_text(text)
    (folder / "report.json").write_text(json.dumps(told, indent=1) + "\n")
    sys.stdout.write(text + "\n")


def _films_of(options: argparse.Namespace) -> dict[int, int]:
    """How many films of each length the ablations ask about: by default more than 2,000 questions."""
    if options.segments is None:
        return {segments: options.films or films for segments, films in LONG_FILMS.items()}
    return {options.segments: options.films or FILMS}


def _parts(options: argparse.Namespace, known: Sequence[str]) -> Sequence[str]:
    wrong = [part for part in options.part or () if part not in known]
    if wrong:
        raise QuestionError(f"There is no part {wrong[0]}.", advice=f"There are {', '.join(known)}.")
    return options.part or known


def _world(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.trials import FRESH
    from engine.evaluation.world import evaluate, table, wrong

    style, seed = options.unseen_style, FRESH if options.seed is None else options.seed
    outcomes = evaluate(
        settings, films=options.films, segments=options.segments, each=options.each, seed=seed, held_out_style=style
    )
    by = "an artist and a font kept for the test" if style else "artists that training knows"
    head = f"{options.films} unseen films of {options.segments} segments by {by}, unseen combinations and wordings"
    text = f"{head}\n\n{table(outcomes)}"
    if options.report is not None:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(text + "\n")
    return "\n".join([text, *(wrong(outcomes) if options.wrong else ())])


def _drift(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.drift import measure_drift, table

    return table(measure_drift(settings, films=options.films, segments=options.segments))


def _sample(settings: Settings, options: argparse.Namespace) -> str:
    from engine.evaluation.sample import ask_sample, table

    return table(ask_sample(settings))


if __name__ == "__main__":
    sys.exit(main())
