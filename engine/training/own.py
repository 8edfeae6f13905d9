"""A Tempo of one's own: real base models in, the same four stages, the published layout out.

`--compressor` and `--decoder` name folders of a Qwen3-VL and a Qwen3 (configuration, tokenizer, weights); with
`--random` their weights are drawn instead of read, which tries the machinery. Nothing but the four stages is trained:
what this project teaches its small model before them, published base models bring along.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3VLConfig
from transformers.models.qwen3 import Qwen3ForCausalLM
from transformers.models.qwen3_vl import Qwen3VLModel

from engine.errors import ModelError
from engine.ingest.geometry import PUBLISHED
from engine.training.architecture import TempoNet, write_json
from engine.training.keeping import Keeping
from engine.training.learner import Learner
from engine.training.loop import Pace
from engine.training.presets import MICRO, Mix, Preset, Stage
from engine.training.prompts import Vocabulary
from engine.training.publishing import published_fields, published_names
from engine.training.run import Run
from engine.training.seeing import live_sight
from engine.training.stages import Source
from engine.training.starting import draw_memory
from engine.training.video_data import OwnFilms, Reading

PUBLISHED_MEMORY_TOKENS = 128
EVERYTHING = Keeping(0.0, 1.0)  # the published training never cuts memory
# What the authors used is not known: these are guesses to begin with. Films in segments of eight frames.
STAGES = (
    Stage(Pace(2000, 1e-3, warm_up=60), (Mix((1,), 4, asks=1, routed=0.0, keeping=EVERYTHING),)),
    Stage(Pace(8000, 2e-5, warm_up=240), (Mix((1, 2, 4), 8, asks=1, routed=0.0, keeping=EVERYTHING),)),
    Stage(Pace(8000, 1e-5, warm_up=240), (Mix((4, 8, 16, 32), 32, asks=1, routed=0.0, keeping=EVERYTHING),)),
    Stage(Pace(4000, 1e-5, warm_up=120), (Mix((32, 64, 128), 128, asks=1, routed=0.0, keeping=EVERYTHING),)),
)
ROUTER = "router.pt"


@dataclass(frozen=True, slots=True)
class Bases:
    """What to start from, and how to hold it."""

    compressor: Path
    decoder: Path
    data: Path
    random: bool = False
    weights: torch.dtype = torch.float32
    precision: torch.dtype | None = None  # as the device multiplies fastest
    frugal: bool = False
    at_once: int = 8  # segments compressed in one go
    memory_tokens: int = PUBLISHED_MEMORY_TOKENS
    reading: Reading = field(default_factory=Reading)


def preset_of(bases: Bases, *, steps: int = 0, rate: float = 0.0, segments: int = 0, asks: int = 0) -> Preset:
    """The numbers of such a run; what is given replaces a stage's own."""

    def altered(stage: Stage) -> Stage:
        pace = replace(stage.pace, steps=steps or stage.pace.steps, rate=rate or stage.pace.rate)
        pace = replace(pace, warm_up=min(pace.warm_up, max(1, pace.steps // 10)))
        mix = stage.mixes[0]
        lengths = tuple(min(one, segments or one) for one in mix.segments)
        return Stage(pace, (replace(mix, segments=lengths, budget=max(lengths), asks=asks or mix.asks),))

    shape = replace(MICRO.shape, memory_tokens=bases.memory_tokens)
    stages = (altered(STAGES[0]), altered(STAGES[1]), altered(STAGES[2]), altered(STAGES[3]))
    return replace(MICRO, name="own", shape=shape, stages=stages)


@dataclass
class OwnRun(Run):
    """A run on base models from folders and films from a file."""

    bases: Bases | None = None

    @property
    def given(self) -> Bases:
        """The base models. Raises `ModelError` without them."""
        if self.bases is None:
            raise ModelError("There are no base models.", advice="Give --compressor, --decoder and --data.")
        return self.bases

    def write_base(self) -> None:
        """They are there."""

    @property
    def record(self) -> dict[str, object]:
        """What a run has to go on with as it began: what it was made from, too."""
        given = {name: str(value) for name, value in asdict(self.given).items() if name not in ("frugal", "at_once")}
        return {**super().record, "given": given}

    @cached_property
    def network(self) -> TempoNet:
        """The base models with fresh memory tokens and a fresh projector."""
        given = self.given
        torch.manual_seed(self.seed)
        with torch.device("meta"):
            network = TempoNet(*_configs(given), memory_tokens=given.memory_tokens)
        network.svlm, network.decoder = _models(given)
        width, into = network.memory.shape[2], network.projector.out_features
        network.memory = nn.Parameter(torch.zeros(1, given.memory_tokens, width))
        network.projector = nn.Linear(width, into)
        network.to(device=self.process.device, dtype=given.weights)
        return network

    @cached_property
    def words(self) -> Vocabulary:
        """The compressor's tokenizer."""
        return Vocabulary(_tokenizer(self.given.compressor))

    def learner(self, *, check: bool = False) -> Learner:
        """The network with eyes of its own."""
        given = self.given
        return Learner(
            self.network,
            self.words,
            live_sight(self.network, frugal=given.frugal),
            decoder_words=Vocabulary(_tokenizer(given.decoder)),
            frugal=given.frugal,
            at_once=given.at_once,
            precision=given.precision if given.weights == torch.float32 else given.weights,
        )

    @cached_property
    def source(self) -> Source:
        """The films of the file."""
        return OwnFilms(self.given.data, self.given.reading, seed=self.seed)

    @property
    def checked(self) -> bool:
        """There is no validation set."""
        return False

    def begin(self) -> None:
        """Memory tokens from the embedding's statistics; the router's rows are kept as they are before training."""
        draw_memory(self.network, seed=self.seed)
        if self.process.first:
            torch.save(router_rows(self.network, self.words), self.folder / ROUTER)


def router_rows(network: TempoNet, words: Vocabulary) -> dict[str, Tensor]:
    """The rows of Yes and No in the compressor's output embedding, which is tied to its input's."""
    table = network.svlm.language_model.embed_tokens.weight
    found = {}
    for word in ("Yes", "No"):
        ids = words.encode(word)
        if len(ids) != 1:
            raise ModelError(f"The compressor's tokenizer writes {word} in {len(ids)} tokens, not one.")
        found[word.lower()] = table[ids[0]].detach().float().cpu().clone()
    return found


def publish_own(run: OwnRun) -> None:
    """Write the checkpoint in the published layout, as the last stage that is done left it; its base model is a folder
    beside it, without weights. Raises `ModelError` if no stage is done."""
    from safetensors.torch import save_file

    given, target = run.given, run.target or run.folder / "model"
    run.network.load_state_dict(run.weights(run.latest))
    (target / "base").mkdir(parents=True, exist_ok=True)
    for source, place in ((given.compressor, target / "base"), (given.decoder, target)):
        for path in sorted(source.iterdir()):
            if path.suffix in (".json", ".jinja", ".txt") and not path.name.endswith(".index.json"):
                shutil.copy(path, place / path.name)
    tensors = published_names(run.network)
    decoder = run.network.decoder
    if not decoder.config.tie_word_embeddings:
        tensors["lm_head.weight"] = decoder.lm_head.weight.detach().to(torch.bfloat16).contiguous().clone()
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
    save_file(torch.load(run.folder / ROUTER, weights_only=True), target / "router.safetensors")
    config = {**decoder.config.to_dict(), **_published_fields(run)}
    write_json(target / "config.json", config)


def _published_fields(run: OwnRun) -> dict[str, object]:
    reading, network = run.given.reading, run.network
    geometry = reading.geometry
    fields = published_fields(memory_tokens=network.memory_tokens, width=network.memory.shape[2])
    if geometry != PUBLISHED or reading.frames != Reading().frames:
        fields["tempo"] = {
            "frames_per_segment": reading.frames,
            "sample_fps": reading.sample_fps,
            "longer_edge": geometry.longer_edge,
            "image_multiple": geometry.image_multiple,
            "image_min_tokens": geometry.image_min_tokens,
            "frame_min_tokens": geometry.frame_min_tokens,
            "frame_max_tokens": geometry.frame_max_tokens,
            "budget": max(1, 64 * network.memory_tokens),
            "k_min": max(1, network.memory_tokens // 32),
        }
    return fields


def _configs(given: Bases) -> tuple[Qwen3VLConfig, Qwen3Config]:
    for folder in (given.compressor, given.decoder):
        if not (folder / "config.json").is_file():
            raise ModelError(f"There is no base model in {folder}: it has no config.json.")
    base = Qwen3VLConfig.from_pretrained(given.compressor)
    base._attn_implementation = "sdpa"
    return base, Qwen3Config.from_pretrained(given.decoder)


def _models(given: Bases) -> tuple[nn.Module, nn.Module]:
    base, decoder = _configs(given)
    if given.random:
        return Qwen3VLModel(base).to(given.weights), Qwen3ForCausalLM(decoder).to(given.weights)
    try:
        return (
            Qwen3VLModel.from_pretrained(given.compressor, dtype=given.weights),
            Qwen3ForCausalLM.from_pretrained(given.decoder, dtype=given.weights),
        )
    except (OSError, ValueError) as error:
        raise ModelError(f"The weights of a base model cannot be read: {error}.") from None


def _tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    from engine.weights.loading import load_tokenizer

    tokenizer: PreTrainedTokenizerFast = load_tokenizer(folder)
    return tokenizer
