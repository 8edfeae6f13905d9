"""A run in its folder in, a copy for another machine to go on from out: half as large, without what can be made again.

Weights and what the optimisers remember are kept in bfloat16, everything else to the bit, so that a run that was handed
on ends with other weights than one that was not. Pools stay behind, `pool` draws them again; so do steps of which a
later one holds everything.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import ModelError
from engine.training.run import passed
from engine.whole_file import write_whole

TOLD = ("*.json", "*.jsonl", "*.svg", "*.md")


def hand_on(run: Path, to: Path) -> list[Path]:
    """Copy what a run has so far, and say which files of weights that is. Raises `ModelError` if it has none."""
    weights = [path for path in sorted(run.glob("*.pt")) if not passed(run, path.stem)]
    if not weights:
        raise ModelError(f"There is no run in {run}.", advice="Name the folder that a step wrote to, with --out.")
    to.mkdir(parents=True, exist_ok=True)
    for pattern in TOLD:
        for path in run.glob(pattern):
            shutil.copyfile(path, to / path.name)
    if (run / "base").exists():
        shutil.copytree(run / "base", to / "base", dirs_exist_ok=True)
    for path in weights:
        state = halved(torch.load(path, weights_only=True))
        write_whole(to / path.name, lambda part, state=state: torch.save(state, part))  # type: ignore[misc]
    for path in set(to.glob("*.pt")) - {to / path.name for path in weights}:
        path.unlink()  # of a step that was finished meanwhile
    return [to / path.name for path in weights]


def halved(state: Any) -> Any:
    """The same with its float32 tensors in bfloat16; counters stay what they are, and what was tied stays tied."""
    done: dict[tuple[int, torch.Size], Tensor] = {}

    def half(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: half(value) for key, value in part.items()}
        if isinstance(part, list):
            return [half(value) for value in part]
        if not isinstance(part, Tensor) or part.dtype != torch.float32 or not part.ndim:
            return part
        return done.setdefault((part.data_ptr(), part.shape), part.to(torch.bfloat16))

    return half(state)
