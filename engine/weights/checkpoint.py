"""A folder in the published layout in, `TempoConfig` out; nothing but JSON is read here.

    folder/config.json              model_type tempo_qwen: the decoder's Qwen3Config, the mm_* fields, our key "tempo"
    folder/model*.safetensors       every tensor of compressor, projector and decoder (`tensors.py`)
    folder/generation_config.json   where decoding stops, what is said once at most (optional)
    folder/knows.json               what a small model can name (optional)
    base/config.json                Qwen3VLConfig of the model the compressor was made from

`base` is `mm_vision_tower_aux_list[0]`: a path relative to the folder, or a hub id in the local cache. What depends on
the size of a model stands under "tempo"; the defaults are the published values (arXiv 2604.08120).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import ModelError

MODEL_TYPE = "tempo_qwen"
BASE_TYPE = "qwen3_vl"
CONTEXT_FIELD = "tokenizer_model_max_length"
ONCE_FIELD = "once_token_ids"  # of generation_config.json; transformers has none like it
CONTEXT_LIMIT = 16384  # positions, where the config does not say
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What depends on the size of the model: the key "tempo" of config.json."""

    frames_per_segment: int = 8
    sample_fps: float = 2.0
    min_frames: int = 4
    max_frames: int = 1024
    longer_edge: int = 512  # pixels
    image_multiple: int = 64
    image_min_tokens: int = 4
    frame_min_tokens: int = 128
    frame_max_tokens: int = 768
    budget: int = 8192  # memory tokens for a whole film
    k_min: int = 4  # anchor tokens a segment keeps
    knows: str = "knows.json"

    @property
    def most_frames(self) -> int:
        """Frames of a film to sample at most: no more segments than its own budget has tokens for."""
        return min(self.max_frames, self.budget * self.frames_per_segment)

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            fits = isinstance(value, type(field.default)) or (field.type == "float" and isinstance(value, int))
            if not fits or isinstance(value, bool) or (not isinstance(value, str) and value <= 0):
                raise ModelError(f"The model's config.json gives {value!r} for tempo.{field.name}.")


@dataclass(frozen=True, slots=True)
class TempoConfig:
    """Everything the JSON files of a checkpoint say."""

    folder: Path
    base_folder: Path
    decoder: Json  # the fields of Qwen3Config
    compressor: Json  # the fields of Qwen3VLConfig
    memory_tokens: int  # per segment; also the most a segment can be granted
    projector: str  # linear | mlpNx_gelu | identity
    context_limit: int  # positions the decoder was trained for
    eos_ids: tuple[int, ...]
    once_ids: tuple[int, ...]  # what an answer says once at most
    dynamic_compress: bool
    sizes: Sizes
    things: tuple[str, ...]  # what the model can name; empty for a general model

    @property
    def compressor_width(self) -> int:
        """Width of a memory token before the projector."""
        return int(self.compressor["text_config"]["hidden_size"])

    @property
    def decoder_width(self) -> int:
        """Width of the decoder's embeddings."""
        return int(self.decoder["hidden_size"])

    @property
    def tied(self) -> bool:
        """True if the decoder's output head is its input embedding."""
        return bool(self.decoder.get("tie_word_embeddings", False))


def read_config(folder: Path) -> TempoConfig:
    """Read a checkpoint's JSON files. Raises `ModelError` naming the file and the field that is missing or wrong."""
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}.")
    config = {CONTEXT_FIELD: CONTEXT_LIMIT, **read_json(folder / "config.json")}
    _expect_type(config, MODEL_TYPE, folder)
    if config.get("mm_use_im_start_end") or config.get("mm_use_im_patch_token"):
        raise ModelError(f"The model in {folder} wraps its memory in image tokens, which this program does not do.")
    base_folder = _base_folder(folder, config)
    compressor = read_json(base_folder / "config.json")
    _expect_type(compressor, BASE_TYPE, base_folder)
    _expect_width(config, compressor, folder)
    sizes = _sizes(config.get("tempo", {}))
    return TempoConfig(
        folder=folder,
        base_folder=base_folder,
        decoder={key: value for key, value in config.items() if key not in _NOT_QWEN3},
        compressor=compressor,
        memory_tokens=_count(config, "num_compression_tokens", folder),
        projector=str(_field(config, "mm_projector_type", folder)),
        context_limit=_count(config, CONTEXT_FIELD, folder),
        eos_ids=_token_ids(folder, "eos_token_id", config.get("eos_token_id")),
        once_ids=_token_ids(folder, ONCE_FIELD),
        dynamic_compress=bool(config.get("dynamic_compress", True)),
        sizes=sizes,
        things=_things(folder / sizes.knows, named="knows" in config.get("tempo", {})),
    )


_NOT_QWEN3 = frozenset(
    {
        "model_type", "architectures", "tempo", "dtype", "torch_dtype", "transformers_version",
        "mm_vision_tower_aux_list", "num_compression_tokens", "mm_projector_type", "mm_hidden_size",
        "dynamic_compress", "tokenizer_model_max_length", "tokenizer_padding_side",
        "mm_use_im_start_end", "mm_use_im_patch_token",
    }
)  # fmt: skip


def read_json(path: Path) -> Json:
    """Read one JSON object, or say in one sentence what is wrong with the file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"The model folder {path.parent} has no {path.name}.") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"The model's file {path} cannot be read: {error}.") from error
    if not isinstance(content, dict):
        raise ModelError(f"The model's file {path} holds no JSON object.")
    return content


def _expect_type(config: Json, wanted: str, folder: Path) -> None:
    found = config.get("model_type")
    if found != wanted:
        raise ModelError(f"The folder {folder} holds a model of type {found}, not {wanted}.")


def _field(config: Json, name: str, folder: Path) -> Any:
    if name not in config:
        raise ModelError(f"The config.json in {folder} does not say {name}.")
    return config[name]


def _count(config: Json, name: str, folder: Path) -> int:
    value = _field(config, name, folder)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ModelError(f"The config.json in {folder} gives {value!r} for {name}.")
    return value


def _base_folder(folder: Path, config: Json) -> Path:
    towers = _field(config, "mm_vision_tower_aux_list", folder)
    if not isinstance(towers, list) or len(towers) != 1 or not isinstance(towers[0], str):
        raise ModelError(f"The config.json in {folder} must name exactly one base model in mm_vision_tower_aux_list.")
    beside = folder / towers[0]
    return beside if beside.is_dir() else _cached(towers[0], folder)


def _cached(repo: str, folder: Path) -> Path:
    """The snapshot of a hub repository that is already on this machine; nothing is downloaded."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repo, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError):
        raise ModelError(f"The base model {repo} that {folder} needs is not on this machine.") from None


def _expect_width(config: Json, compressor: Json, folder: Path) -> None:
    for part in ("text_config", "vision_config"):
        if not isinstance(compressor.get(part), dict):
            raise ModelError(f"The config.json of the base model of {folder} does not say {part}.")
    width = compressor["text_config"].get("hidden_size")
    told = _count(config, "mm_hidden_size", folder)
    if told != width:
        raise ModelError(f"The model in {folder} expects memory {told} wide, but its base model is {width} wide.")


def _sizes(given: Any) -> Sizes:
    if not isinstance(given, dict):
        raise ModelError("The model's config.json holds no object under the key tempo.")
    unknown = sorted(set(given) - {field.name for field in fields(Sizes)})
    if unknown:
        raise ModelError(f"The model's config.json has unknown fields under tempo: {', '.join(unknown)}.")
    return Sizes(**given)


def _token_ids(folder: Path, name: str, otherwise: Any = None) -> tuple[int, ...]:
    """One or several tokens of `generation_config.json`, or `otherwise` where there is no such file."""
    generation = folder / "generation_config.json"
    found = read_json(generation).get(name) if generation.is_file() else otherwise
    listed = found if isinstance(found, list) else [found]
    return tuple(int(value) for value in listed if value is not None)


def _things(path: Path, *, named: bool) -> tuple[str, ...]:
    if not path.is_file() and not named:
        return ()
    return tuple(str(thing) for thing in read_json(path).get("things", ()))
