"""`python -m engine.training STEP --out FOLDER`: make the bundled model, step by step, each resumable.

    pool      draw two pools of scenes        vision    teach the tower to see one of them
    svlm      make the small VLM              decoder   school the decoder on text
    stage0    align memory and projector      stage1    films of one to four segments
    stage2    films of four to sixteen        stage3    films of up to 32 segments
    publish   write the published layout      all       everything up to `publish`, in order
    sample    draw the sample film
    fetch     get the drawn world's pictures and fonts from their packages

A step whose file lies in FOLDER is skipped.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from pathlib import Path

from engine.training.recipe import RECIPE
from engine.training.run import Run


def main() -> None:
    """Parse the step and run it."""
    parser = argparse.ArgumentParser(prog="python -m engine.training", description="Make the bundled model.")
    parser.add_argument("step", choices=[*RECIPE, "sample", "fetch", "all"])
    parser.add_argument("--out", type=Path, default=Path("runs/nano"), help="folder of the run")
    parser.add_argument("--to", type=Path, default=None, help="where `publish` and `sample` write")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual number of steps, to try it out")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.step == "sample":
        from engine.training.sample import write_sample

        write_sample(options.to or Path("assets"))
        return
    if options.step == "fetch":
        from engine.training.world.fetch import fetch_world

        fetch_world()
        return
    run = Run(options.out, scale=options.scale, target=options.to, threads=options.threads)
    steps: list[Callable[[Run], None]] = list(RECIPE.values()) if options.step == "all" else [RECIPE[options.step]]
    for step in steps:
        step(run)


if __name__ == "__main__":
    main()
