"""Checkpoints for tests, made from the tiny one of the parity data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

SMALL = {"frames_per_segment": 4, "frame_min_tokens": 4, "frame_max_tokens": 18}


def altered(checkpoint: Path, name: str, **config) -> Path:
    """A checkpoint that differs from another in its config.json only, beside it."""
    folder = checkpoint.with_name(name)
    shutil.copytree(checkpoint, folder)
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    return folder
