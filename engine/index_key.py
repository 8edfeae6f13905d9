"""What the index of a film depends on, as one name: film, samples, picture size, model and how it computes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from engine.fingerprint import fingerprint, fingerprint_of_all
from engine.weights.device import kind_of

if TYPE_CHECKING:
    from engine.ingest.geometry import Geometry
    from engine.ingest.sampling import SamplePlan
    from engine.ingest.video import Film
    from engine.weights.loading import LoadedModel

SUFFIXES = frozenset({".json", ".safetensors", ".jinja"})  # of a model's files
LAYOUT = 2  # of what is stored; a higher number leaves older indexes to eviction


def index_key(film: Film, plan: SamplePlan, geometry: Geometry, model: LoadedModel, *, prefix_bits: int) -> str:
    """Name an index. Raises `OSError` if the film or the model is gone from the disk."""
    import torch
    import transformers

    from engine.memory.prompt import SYSTEM

    parts = {
        "layout": LAYOUT,
        "film": fingerprint(film.info.path),
        "samples": [plan.indices, plan.seconds, plan.start_seconds, plan.end_seconds],
        "frames_per_segment": model.config.sizes.frames_per_segment,
        "geometry": asdict(geometry),
        "model": _model_fingerprint(model.config.folder, model.config.base_folder),
        "precision": model.info.precision,
        "device": kind_of(model.info.device),
        "prefix_bits": prefix_bits,
        "prompt": SYSTEM,
        "libraries": [str(torch.__version__), transformers.__version__],
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def _model_fingerprint(folder: Path, base_folder: Path) -> str:
    files = [path for place in {folder, base_folder} for path in place.iterdir() if path.suffix in SUFFIXES]
    return fingerprint_of_all(files)
