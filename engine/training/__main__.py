"""`python -m engine.training STEP --out FOLDER`: make a model, step by step, each resumable.

    fetch     get the drawn world's pictures and fonts from their packages
    vision    teach the tower to see              pool      draw scenes, let the tower see them
    svlm      make the small VLM                  decoder   school the decoder on text
    stage0    align memory and projector          stage1    films of one to eight segments
    stage2    films of two to sixteen             stage3    films of hundreds of segments
    publish   write the published layout          all       everything from `vision` to `publish`, in order
    further   a router and an end of memory learned from a reward, on a finished run
    sample    draw the sample film                films     draw films, with questions as JSON lines
    bases     folders that stand for real base models, to try the machinery
    hand-on   copy a run to the folder `--to`, smaller, for another machine to go on from
    eyesight  how often the tower of a run names what it sees, in scenes of `--split`
    unpack    make a run's folder of the published `--model`, to go on with it or for `further`

A step whose file lies in FOLDER is skipped; one that was broken off goes on from its last checkpoint, and ends with the
weights of a run that was not. With `--compressor`, `--decoder` and `--data` the four stages and `publish` work on real
base models and films of your own; `accelerate launch -m engine.training ...` spreads them over several GPUs.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import QuestionError, TempoError
from engine.training.options import training_parser
from engine.training.processes import run_several

if TYPE_CHECKING:
    from engine.training.presets import Preset
    from engine.training.run import Run

STEPS = ("vision", "pool", "svlm", "decoder", "stage0", "stage1", "stage2", "stage3", "publish")
AFTERWARDS = ("further",)
ONE_PROCESS = ("pool", "publish", *AFTERWARDS)  # where others wait


def main() -> int:
    """Parse the step and run it."""
    options = training_parser([*STEPS, "all", *AFTERWARDS, *OTHERS]).parse_args()
    if options.processes > 1 and "WORLD_SIZE" not in os.environ:
        # On two cores two processes of one thread did a batch of stage 2 in two thirds of the time of one with two.
        return run_several(options.processes, ["-m", "engine.training", *sys.argv[1:]])
    # Before torch is loaded: its threads wait for each other awake, but not for long, or the process that draws the
    # next batch would get no core.
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        _run(options)
    except TempoError as error:
        sys.stderr.write(f"{error.message} {error.advice}".strip() + "\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _run(options: argparse.Namespace) -> None:
    if options.step in OTHERS:
        OTHERS[options.step](options)
        return
    own = [options.compressor, options.decoder, options.data]
    if any(own) and not all(own):
        raise QuestionError("A model of your own takes --compressor, --decoder and --data, all three.")
    run, steps = _own_run(options) if all(own) else _drawn_run(options)
    if run.process.first:
        run.write_base()  # which the others read
    run.process.together()
    for name in [name for name in STEPS if name in steps] if options.step == "all" else [options.step]:
        if name not in steps:
            raise QuestionError(f"A model of your own has no step {name}.", advice=f"It has {', '.join(steps)}.")
        if name not in ONE_PROCESS or run.process.first:
            steps[name](run)
        run.process.together()


def _drawn_run(options: argparse.Namespace) -> tuple[Run, dict[str, Callable[[Run], None]]]:
    from engine.training.launch import launch
    from engine.training.recipe import RECIPE
    from engine.training.reinforcing import further
    from engine.training.run import Run

    preset = _preset(options.preset)
    if options.scale != 1.0:
        preset = preset.scaled(options.scale)
    if options.shards > 0:
        preset = replace(preset, shards=options.shards)
    run = Run(
        options.out,
        preset,
        seed=options.seed,
        threads=options.threads,
        target=options.to,
        process=launch(cards=False),  # what the frozen tower saw lies in memory, and pictures are drawn there
        checkpoint_seconds=options.checkpoint_seconds,
    )
    return run, {**RECIPE, "further": further}


def _preset(name: str) -> Preset:
    from engine.training.presets import PRESETS

    if name not in PRESETS:
        raise QuestionError(f"There is no preset {name}.", advice=f"There are {', '.join(PRESETS)}.")
    return PRESETS[name]


def _own_run(options: argparse.Namespace) -> tuple[Run, dict[str, Callable[[Run], None]]]:
    import torch

    from engine.ingest.geometry import PUBLISHED, Geometry
    from engine.training import stages
    from engine.training.launch import launch
    from engine.training.own import Bases, OwnRun, preset_of, publish_own
    from engine.training.video_data import Reading
    from engine.weights.device import choose_device

    dtypes = {"fp32": torch.float32, "bf16": torch.bfloat16}
    if options.weights == "bf16":
        if options.precision == "fp32":
            raise QuestionError("Weights held in bf16 are not multiplied in fp32.", advice="Leave --precision out.")
        logging.getLogger(__name__).warning(
            "Weights held in bf16 round small steps away: at the rates of stages 1 to 3 most stay as they are. "
            "Give --weights fp32 where memory allows."
        )
    few, many = options.frame_tokens or (PUBLISHED.frame_min_tokens, PUBLISHED.frame_max_tokens)
    multiple = PUBLISHED.image_multiple if few >= PUBLISHED.frame_min_tokens else PUBLISHED.token_edge
    geometry = Geometry(image_multiple=multiple, frame_min_tokens=few, frame_max_tokens=many)
    bases = Bases(
        options.compressor,
        options.decoder,
        options.data,
        random=options.random,
        weights=dtypes[options.weights],
        precision=dtypes.get(options.precision),
        frugal=options.frugal,
        at_once=options.at_once,
        memory_tokens=options.memory_tokens,
        reading=Reading(geometry, frames=options.frames),
    )
    run = OwnRun(
        options.out,
        preset_of(bases, steps=options.steps, rate=options.rate, segments=options.segments, asks=options.asks),
        seed=options.seed,
        threads=options.threads,
        target=options.to,
        process=launch(choose_device(options.device).value),
        checkpoint_seconds=options.checkpoint_seconds,
        bases=bases,
    )
    steps = {name: getattr(stages, name) for name in stages.STAGES}
    return run, {**steps, "publish": lambda one: publish_own(run)}


def _fetch(options: argparse.Namespace) -> None:
    from engine.training.world.fetch import fetch_world

    fetch_world()


def _sample(options: argparse.Namespace) -> None:
    from engine.training.sample import write_sample

    write_sample(options.to or Path("assets"))


def _films(options: argparse.Namespace) -> None:
    from engine.training.film_files import write_films

    write_films(
        options.to or options.out / "films",
        films=options.films,
        segments=options.segments or 16,
        split=options.split,
        seed=options.seed,
    )


def _bases(options: argparse.Namespace) -> None:
    from engine.training.stand_in_bases import write_bases

    write_bases(options.to or options.out / "bases", layers=options.layers, wide=not options.narrow)


def _hand_on(options: argparse.Namespace) -> None:
    from engine.training.handing_on import hand_on

    if options.to is None:
        raise QuestionError("Hand on to which folder?", advice="Name it with --to.")
    for path in hand_on(options.out, options.to):
        logging.info("%s: %.1f MB", path, path.stat().st_size / 1e6)


def _eyesight(options: argparse.Namespace) -> None:
    from engine.training.eyesight import eyesight, table
    from engine.training.run import Run

    sys.stdout.write(table(eyesight(Run(options.out, _preset(options.preset)), split=options.split)) + "\n")


def _unpack(options: argparse.Namespace) -> None:
    from engine.training.unpacking import unpack

    unpack(options.model, options.out, _preset(options.preset))


OTHERS: dict[str, Callable[[argparse.Namespace], None]] = {
    "fetch": _fetch, "sample": _sample, "films": _films, "bases": _bases, "hand-on": _hand_on,
    "eyesight": _eyesight, "unpack": _unpack,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
