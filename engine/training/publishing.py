"""From a trained network to a folder in the published layout: `config.json`, `model.safetensors`, tokenizer, the base
model's files under `base/`, the router's two rows, the list of what the model knows, and its card."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.training.architecture import DECODER, TempoNet, read_decoder, write_json
from engine.training.asking.wordings import CHOICES, HELD_OUT, HELD_OUT_CHOICES, TRAINED
from engine.training.binding import level_words
from engine.training.card import write_card
from engine.training.keeping import anchors
from engine.training.run import Run
from engine.training.starting import restore_numbers
from engine.training.world.language import plural
from engine.training.world.lettering import WORDS
from engine.training.world.palette import NAMED
from engine.training.world.places import PLACES, WHERE
from engine.training.world.things import ALL_THINGS
from engine.weights.checkpoint import ONCE_FIELD

COMPRESSOR_KEY = "model.vision_tower_aux_list.0"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json")
SIZES = {
    "frames_per_segment": 4,
    "sample_fps": 2.0,
    "min_frames": 4,
    "max_frames": 1024,
    "longer_edge": 512,
    "image_multiple": 32,
    "image_min_tokens": 4,
    "frame_min_tokens": 4,
    "frame_max_tokens": 18,
    "budget": 2048,
    "knows": "knows.json",
}
SUMMARY = (
    "A drawn world: pictures of things in front of colours and places, one to four at a time, that move, grow and "
    "turn, with words and numbers on screen."
)
CAN = (
    "when, where, how often and whether a thing appears",
    "texts on screen, colours, movements",
    "which is shown earlier or longer",
)
CANNOT = (
    "name anything in a real film",
    "say reliably what came just before or after, or all that is shown at once",
    "name what is not in its list",
)
SUGGESTED = ("When does the dog appear?", "What is written on screen at 12 seconds?", "In what place is the train?")


def publish_run(run: Run) -> None:
    """Write the checkpoint of a run, as it left the last of the four stages that is done, with a card of the run's own
    numbers; and beside the run the small VLM as it was before the stages, whose router the ablations compare with
    (`--scorer`). Raises `ModelError` if no stage is done."""
    small_vlm, latest = run.weights("svlm"), run.latest
    run.network.load_state_dict(run.weights(latest))
    level_words(run.network.decoder, run.words, run.network.bound_layers)
    restore_numbers(run.network, small_vlm, run.words)
    target = run.target or run.folder / "model"
    write_checkpoint(run.network, small_vlm, run.base, target)
    write_json(target / "knows.json", knowledge())
    write_card(run.folder, target, latest)
    run.network.svlm.language_model.load_state_dict(small_vlm)
    write_checkpoint(run.network, small_vlm, run.base, run.folder / "scorer")
    write_json(run.folder / "scorer" / "knows.json", knowledge())


def write_checkpoint(network: TempoNet, small_vlm: dict[str, Tensor], base: Path, target: Path) -> None:
    """Everything but the card; `small_vlm` holds the text weights before the four stages, for the router's rows."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(base, target / "base", dirs_exist_ok=True, ignore=shutil.ignore_patterns(DECODER))
    for name in TOKENIZER_FILES:
        shutil.copy(base / name, target / name)
    save_file(published_names(network), target / "model.safetensors", metadata={"format": "pt"})
    save_file(router_rows(small_vlm, target), target / "router.safetensors", metadata={"format": "pt"})
    generation = json.loads((target / "generation_config.json").read_text())
    write_json(target / "generation_config.json", {**generation, ONCE_FIELD: names(target)})
    stop_token = generation["eos_token_id"]
    decoder, more = read_decoder(base)
    write_json(
        target / "config.json",
        config(decoder, stop_token, memory_tokens=more["memory_tokens"], width=network.memory.shape[2]),
    )


def names(folder: Path) -> list[int]:
    """Tokens that name a thing, one or several of them, a colour or a place: no answer about this world says one twice,
    but for what is both a thing and a colour."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    forms = {form for name in ALL_THINGS for form in (name, plural(name))} ^ set(NAMED)
    forms |= {place.split()[-1] for place in WHERE.values()}
    return sorted(tokenizer.encode(f" {form}", add_special_tokens=False)[0] for form in forms)


def knowledge() -> dict[str, object]:
    """What the window shows as known."""
    return {
        "things": sorted(ALL_THINGS),
        "colours": list(NAMED),
        "places": list(PLACES),
        "words": sorted(WORDS),
        "asking": asking_words(),
        "can": list(CAN),
        "cannot": list(CANNOT),
        "summary": SUMMARY,
        "questions": list(SUGGESTED),
    }


def asking_words() -> list[str]:
    """The words of all questions around what they ask about."""
    wordings = [text for known in (TRAINED, HELD_OUT) for texts in known.values() for text in texts]
    texts = " ".join(re.sub(r"\{\w+\}", "", text) for text in (*wordings, *CHOICES, *HELD_OUT_CHOICES))
    return sorted(set(re.findall(r"[a-z]+", texts.lower())))


def published_parts(network: TempoNet) -> dict[str, Tensor]:
    """The network's own weights by their published names; the output head is tied and therefore absent."""
    named = {f"{COMPRESSOR_KEY}.vlm.model.{key}": value for key, value in network.svlm.state_dict().items()}
    named[f"{COMPRESSOR_KEY}.compression_tokens"] = network.memory.data
    named |= {f"model.mm_projector.{key}": value for key, value in network.projector.state_dict().items()}
    return named | {f"model.{key}": value for key, value in network.decoder.model.state_dict().items()}


def published_names(network: TempoNet) -> dict[str, Tensor]:
    """Copies of them in bf16."""
    named = published_parts(network)
    return {key: value.detach().to(torch.bfloat16).contiguous().clone() for key, value in named.items()}


def router_rows(small_vlm: dict[str, Tensor], folder: Path) -> dict[str, Tensor]:
    """Output rows of Yes and No: [width] each."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    table = small_vlm["embed_tokens.weight"]
    return {word.lower(): table[tokenizer.convert_tokens_to_ids(word)].float().clone() for word in ("Yes", "No")}


def config(decoder: dict[str, object], stop_token: int, *, memory_tokens: int, width: int) -> dict[str, object]:
    """The published checkpoint's fields, and the sizes that differ from it."""
    fields = published_fields(memory_tokens=memory_tokens, width=width)
    return {**decoder, **fields, "eos_token_id": stop_token, "tempo": {**SIZES, "k_min": anchors(memory_tokens)}}


def published_fields(*, memory_tokens: int, width: int) -> dict[str, object]:
    """What a published `config.json` says beside its decoder's own fields."""
    return {
        "architectures": ["TempoQwenForCausalLM"],
        "model_type": "tempo_qwen",
        "dtype": "bfloat16",
        "mm_vision_tower_aux_list": ["base"],
        "num_compression_tokens": memory_tokens,
        "mm_projector_type": "linear",
        "mm_hidden_size": width,
        "dynamic_compress": True,
        "tokenizer_model_max_length": 16384,
        "tokenizer_padding_side": "right",
        "mm_use_im_start_end": False,
        "mm_use_im_patch_token": False,
    }
