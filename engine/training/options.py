"""What `python -m engine.training` can be told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from engine.weights.catalogue import ASSETS

BUNDLED = ASSETS / "nano"


def training_parser(steps: Sequence[str]) -> argparse.ArgumentParser:
    """Understands the command line."""
    parser = argparse.ArgumentParser(prog="python -m engine.training", description="Make a model.")
    parser.add_argument("step", choices=steps)
    parser.add_argument("--out", type=Path, default=Path("runs/nano"), help="folder of the run")
    parser.add_argument(
        "--model", type=Path, default=BUNDLED, help="what `unpack` reads: a folder that `publish` wrote"
    )
    parser.add_argument("--shards", type=int, default=0, help="of the pool, instead of as many as the preset has")
    parser.add_argument("--to", type=Path, default=None, help="where `publish`, `sample`, `films` and `bases` write")
    parser.add_argument("--preset", default="nano", help="numbers of the run: nano, or micro to try the machinery")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual number of steps, to try it out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="of the processor; as many give the same weights again")
    parser.add_argument("--processes", type=int, default=1, help="on this machine, each with a share of every step")
    parser.add_argument("--checkpoint-seconds", type=float, default=180.0, help="between two checkpoints")
    parser.add_argument("--films", type=int, default=8, help="how many `films` draws")
    parser.add_argument("--segments", type=int, default=0, help="how long they are; at most, for films of your own")
    parser.add_argument(
        "--split", choices=["train", "validation", "test"], default="train", help="of what `films` and `eyesight` draw"
    )
    parser.add_argument("--layers", type=int, default=2, help="of what `bases` writes")
    parser.add_argument(
        "--narrow", action="store_true", help="`bases` as small as can be, not in their published width"
    )
    own = parser.add_argument_group("a Tempo of your own, on real base models and films")
    own.add_argument("--compressor", type=Path, help="folder of a Qwen3-VL")
    own.add_argument("--decoder", type=Path, help="folder of a Qwen3")
    own.add_argument("--data", type=Path, help='JSON lines of {"video", "question", "answer"}')
    own.add_argument("--random", action="store_true", help="draw the base models' weights instead of reading them")
    own.add_argument("--steps", type=int, default=0, help="of each stage")
    own.add_argument("--rate", type=float, default=0.0, help="of learning")
    own.add_argument("--asks", type=int, default=0, help="questions a film")
    own.add_argument("--memory-tokens", type=int, default=128, help="of a segment")
    own.add_argument("--frames", type=int, default=8, help="of a segment")
    own.add_argument("--frame-tokens", type=int, nargs=2, metavar=("FEWEST", "MOST"), help="visual tokens of a frame")
    own.add_argument("--device", default="cpu", help="cpu or cuda; accelerate chooses for itself")
    own.add_argument("--weights", choices=["fp32", "bf16"], default="fp32", help="how weights are held")
    own.add_argument("--precision", choices=["fp32", "bf16"], help="how they are multiplied; by default the faster")
    own.add_argument("--frugal", action="store_true", help="gradient checkpointing: compute layers again, keep little")
    own.add_argument("--at-once", type=int, default=8, help="segments compressed in one go")
    return parser
