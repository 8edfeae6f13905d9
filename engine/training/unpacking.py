"""A published model in, a run's folder out that its training can go on from, or `further` starts at.

A published folder lacks what only the way to it needed: the small VLM before the stages, of which it keeps the rows
that the router reads, and the readers that the tower was taught with. So `svlm.pt` holds the compressor's text layers
as they are now, with those two rows, and no step before `stage3` can be made again in such a folder.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.errors import ModelError
from engine.training.architecture import DECODER, TempoNet, build, write_json
from engine.training.presets import Preset
from engine.training.publishing import published_fields, published_parts


def unpack(model: Path, run: Path, preset: Preset) -> None:
    """Write the base, `vision.pt`, `svlm.pt` and `stage3.pt` of a published folder into a new one, all or nothing.
    Raises `ModelError` where `model` is none that this recipe published, `run` holds anything, or there is no room."""
    if run.exists() and (not run.is_dir() or any(run.iterdir())):
        raise ModelError(f"{run} is not empty.", advice="Name another folder with --out.")
    run.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=run.parent, prefix=f".{run.name}.") as aside:
        made = Path(aside) / run.name
        try:
            network, rows = _published(model, made / "base", preset)
        except (OSError, KeyError, RuntimeError, TypeError, ValueError, SafetensorError) as error:
            raise ModelError(f"{model} is no model that `publish` wrote: {error}") from error
        words = PreTrainedTokenizerFast.from_pretrained(made / "base")
        small_vlm = {key: value.clone() for key, value in network.svlm.language_model.state_dict().items()}
        for word in ("Yes", "No"):
            small_vlm["embed_tokens.weight"][words.convert_tokens_to_ids(word)] = rows[word.lower()]
        tower = {f"visual.{key}": value for key, value in network.svlm.visual.state_dict().items()}
        try:
            for name, state in (("vision", tower), ("svlm", small_vlm), ("stage3", network.state_dict())):
                torch.save(state, made / f"{name}.pt")
            if run.exists():
                run.rmdir()
            made.rename(run)
        except (OSError, RuntimeError) as error:  # torch tells of a full disk as the latter
            raise ModelError(f"The run could not be written to {run}: {error}") from error


def _published(model: Path, base: Path, preset: Preset) -> tuple[TempoNet, dict[str, Tensor]]:
    """The network of a published folder, whose base is copied, and its router's rows."""
    fields = json.loads((model / "config.json").read_text())
    found, rows = load_file(model / "model.safetensors"), load_file(model / "router.safetensors")
    shutil.copytree(model / "base", base)
    published = published_fields(memory_tokens=0, width=0).keys() | {"tempo", "eos_token_id"}
    more = {"memory_tokens": fields["num_compression_tokens"], "bound_layers": preset.shape.bound_layers}
    write_json(base / DECODER, {**{key: value for key, value in fields.items() if key not in published}, **more})
    network = build(base)
    for name, own in published_parts(network).items():
        own.copy_(found.pop(name))
    if found:
        raise ValueError(f"it holds {', '.join(sorted(found)[:3])} beside what the recipe makes")
    return network, rows
