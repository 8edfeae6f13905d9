"""`python -m engine.training STEP --out FOLDER`: make a model, step by step, each resumable.

    fetch     get the drawn world's pictures and fonts from their packages
    vision    teach the tower to see              pool      draw scenes, let the tower see them
    svlm      make the small VLM                  decoder   school the decoder on text
    stage0    align memory and projector          stage1    films of one to four segments
    stage2    films of four to sixteen            stage3    films of hundreds of segments
    publish   write the published layout          all       everything from `vision` to `publish`, in order
    sample    draw the sample film                films     draw films, with questions as JSON lines

A step whose file lies in FOLDER is skipped; one that was broken off goes on from its last checkpoint, and ends with the
weights of a run that was not.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from engine.errors import TempoError

STEPS = ("vision", "pool", "svlm", "decoder", "stage0", "stage1", "stage2", "stage3", "publish")


def main() -> int:
    """Parse the step and run it."""
    options = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        _run(options)
    except TempoError as error:
        sys.stderr.write(f"{error.message} {error.advice}".strip() + "\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine.training", description="Make a model.")
    parser.add_argument("step", choices=["fetch", *STEPS, "all", "sample", "films"])
    parser.add_argument("--out", type=Path, default=Path("runs/nano"), help="folder of the run")
    parser.add_argument("--to", type=Path, default=None, help="where `publish`, `sample` and `films` write")
    parser.add_argument("--preset", default="nano", help="numbers of the run: nano, or micro to try the machinery")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual number of steps, to try it out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="of the processor; as many give the same weights again")
    parser.add_argument("--checkpoint-seconds", type=float, default=180.0, help="between two checkpoints")
    parser.add_argument("--films", type=int, default=8, help="how many `films` draws")
    parser.add_argument("--segments", type=int, default=16, help="how long they are")
    parser.add_argument(
        "--split", choices=["train", "validation", "test"], default="train", help="of what `films` draws"
    )
    return parser


def _run(options: argparse.Namespace) -> None:
    if options.step in OTHERS:
        OTHERS[options.step](options)
        return
    from engine.errors import QuestionError
    from engine.training.launch import launch
    from engine.training.presets import PRESETS
    from engine.training.recipe import RECIPE
    from engine.training.run import Run

    if options.preset not in PRESETS:
        raise QuestionError(f"There is no preset {options.preset}.", advice=f"There are {', '.join(PRESETS)}.")
    preset = PRESETS[options.preset]
    if options.scale != 1.0:
        preset = preset.scaled(options.scale)
    run = Run(
        options.out,
        preset,
        seed=options.seed,
        threads=options.threads,
        target=options.to,
        process=launch(),
        checkpoint_seconds=options.checkpoint_seconds,
    )
    for step in STEPS if options.step == "all" else [options.step]:
        RECIPE[step](run)


def _fetch(options: argparse.Namespace) -> None:
    from engine.training.world.fetch import fetch_world

    fetch_world()


def _sample(options: argparse.Namespace) -> None:
    from engine.training.sample import write_sample

    write_sample(options.to or Path("assets"))


def _films(options: argparse.Namespace) -> None:
    from engine.training.film_files import write_films

    write_films(
        options.to or options.out / "films", films=options.films, segments=options.segments, split=options.split,
        seed=options.seed,
    )  # fmt: skip


OTHERS: dict[str, Callable[[argparse.Namespace], None]] = {"fetch": _fetch, "sample": _sample, "films": _films}


if __name__ == "__main__":
    sys.exit(main())
