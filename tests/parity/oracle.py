"""The parity data unpacked once a test run: checkpoint folder, loaded model, published numbers, segments of a case."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.ingest.geometry import fit
from engine.records import Memory, Segment
from engine.weights.loading import LoadedModel, load_model
from tests.parity.packing import SEGMENT, load_golden, unpack_checkpoint

CASES = ("landscape", "portrait_tail5", "single_frame_tail", "tight", "starved")
Case = dict[str, np.ndarray]


@cache
def tempo_folder() -> Path:
    """The tiny checkpoint, beside its base model."""
    folder = Path(tempfile.mkdtemp(prefix="tempo-parity-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return unpack_checkpoint(folder)


@cache
def tiny_model() -> LoadedModel:
    """The tiny checkpoint, loaded in float32."""
    return load_model(tempo_folder(), device="cpu", precision="fp32")


@cache
def golden() -> dict[str, Case]:
    """Published numbers by case."""
    return load_golden()


def segments_of(case: Case) -> list[Segment]:
    """The segments as the published code cuts them: every time is an index divided by the rate."""
    count, fps = int(case["frame_count"]), float(case["fps"])
    return [
        Segment(
            index=first // SEGMENT,
            start_seconds=first / fps,
            end_seconds=min(first + SEGMENT, count) / fps,
            centre_seconds=(first + SEGMENT // 2) / fps,
            frame_seconds=tuple(index / fps for index in range(first, min(first + SEGMENT, count))),
        )
        for first in range(0, count, SEGMENT)
    ]


@cache
def batch_of(name: str) -> list[tuple[Segment, Tensor]]:
    """The segments of a case whose frames are kept, with their fitted pictures."""
    case = golden()[name]
    frames = list(case["frames"])
    pieces = [frames[first : first + SEGMENT] for first in range(0, len(frames), SEGMENT)]
    return [(segment, fit(piece)) for segment, piece in zip(segments_of(case), pieces, strict=False)]


def all_memories(case: Case, computed: Sequence[Memory]) -> list[Memory]:
    """What was computed, and for segments whose frames are not kept the published tokens."""
    memories = list(computed)
    unseen = torch.from_numpy(case["memory_unseen"])
    shares, scores = case["allocation"].tolist(), case["relevance"].tolist()
    for segment in range(len(memories), len(shares)):
        memories.append(Memory(segment, scores[segment], unseen[: shares[segment]]))
        unseen = unseen[shares[segment] :]
    return memories


def variant(
    folder: Path,
    *,
    config: Callable[[dict], object] | None = None,
    tensors: Callable[[dict[str, Tensor]], object] | None = None,
    base: Callable[[dict], object] | None = None,
) -> Path:
    """Copy the checkpoint into an empty folder, with its JSON and tensors changed by the given functions."""
    copy = shutil.copytree(tempo_folder().parent, folder / "models") / "tiny-tempo"
    for path, edit in ((copy / "config.json", config), (copy.parent / "tiny-qwen3-vl" / "config.json", base)):
        if edit is not None:
            content = json.loads(path.read_text())
            edit(content)
            path.write_text(json.dumps(content))
    if tensors is not None:
        held = load_file(copy / "model.safetensors")
        tensors(held)
        save_file(held, copy / "model.safetensors", {"format": "pt"})
    return copy
