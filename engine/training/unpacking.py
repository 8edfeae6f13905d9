"""A published model in, a run's folder out that its training can go on from, or `further` starts at.

A published folder lacks what only the way to it needed: the small VLM before the stages, of which it keeps the rows
that the router reads, and the readers that the tower was taught with. So `svlm.pt` holds the compressor's text layers
as they are now, with those two rows, and no step before `stage3` can be made again in such a folder.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast

from engine.errors import ModelError
from engine.training.architecture import DECODER, build, write_json
from engine.training.presets import Preset
from engine.training.publishing import published_fields, published_parts
from engine.whole_file import write_whole


def unpack(model: Path, run: Path, preset: Preset) -> None:
    """Write the base, `vision.pt`, `svlm.pt` and `stage3.pt` of a published folder. Raises `ModelError` where `model`
    is none that this recipe published, or `run` holds weights already."""
    if any(run.glob("*.pt")):
        raise ModelError(f"There are weights in {run} already.", advice="Name another folder with --out.")
    try:
        fields = json.loads((model / "config.json").read_text())
        found, rows = load_file(model / "model.safetensors"), load_file(model / "router.safetensors")
        shutil.copytree(model / "base", run / "base", dirs_exist_ok=True)
        published = published_fields(memory_tokens=0, width=0).keys() | {"tempo", "eos_token_id"}
        more = {"memory_tokens": fields["num_compression_tokens"], "bound_layers": preset.shape.bound_layers}
        decoder = {key: value for key, value in fields.items() if key not in published}
        write_json(run / "base" / DECODER, {**decoder, **more})
        network = build(run / "base")
        for name, own in published_parts(network).items():
            own.copy_(found.pop(name))
    except (OSError, KeyError, RuntimeError, ValueError) as error:
        raise ModelError(f"{model} is no model that `publish` wrote: {error}") from error
    if found:
        raise ModelError(f"{model} holds more than this recipe makes: {', '.join(sorted(found)[:3])}.")
    words = PreTrainedTokenizerFast.from_pretrained(run / "base")
    small_vlm = {key: value.clone() for key, value in network.svlm.language_model.state_dict().items()}
    for word in ("Yes", "No"):
        small_vlm["embed_tokens.weight"][words.convert_tokens_to_ids(word)] = rows[word.lower()]
    tower = {f"visual.{key}": value for key, value in network.svlm.visual.state_dict().items()}
    for name, state in (("vision", tower), ("svlm", small_vlm), ("stage3", network.state_dict())):
        write_whole(run / f"{name}.pt", lambda part, state=state: torch.save(state, part))  # type: ignore[misc]
