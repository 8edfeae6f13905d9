"""The folder that a model is made in: pools, weights of each finished step, the log, and what it was made with."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch
from torch import Tensor

from engine.errors import ModelError
from engine.training import architecture
from engine.training.architecture import TempoNet, write_json
from engine.training.launch import Alone
from engine.training.learner import Learner
from engine.training.loop import CHECKPOINT_SECONDS, checkpoint_of
from engine.training.pool import Pool, missing_shards
from engine.training.precision import fast_format, settle_format
from engine.training.presets import NANO, Preset
from engine.training.prompts import Vocabulary
from engine.training.seeing import pooled_sight, settle
from engine.training.stages import STAGES, DrawnFilms, Source
from engine.training.starting import begin
from engine.training.world.lettering import fonts_fetched
from engine.training.world.sprites import styles_here

SEED = 1
RECORD, ENVIRONMENT = "run.json", "environment.json"
IN_TURN = ("decoder", *STAGES)  # each begins with all that the one before made
PACKAGES = ("torch", "transformers", "numpy", "opencv-python-headless", "safetensors", "tokenizers", "accelerate")


@dataclass
class Run:
    """A folder that a model is made in."""

    folder: Path
    preset: Preset = NANO
    seed: int = SEED
    threads: int = 0
    target: Path | None = None
    process: Alone = field(default_factory=Alone)
    checkpoint_seconds: float = CHECKPOINT_SECONDS

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(self.threads or torch.get_num_threads())
        settle_format(self.process)
        if self.process.first:
            self._expect_same()
            self._note_environment()

    def done(self, step: str) -> bool:
        """Whether the weights of a step are there, or those of a later one that begins with no other."""
        return (self.folder / f"{step}.pt").exists() or passed(self.folder, step)

    def begun(self, step: str) -> bool:
        """Whether a step has a checkpoint to go on from."""
        return checkpoint_of(self.folder, step).exists()

    def weights(self, step: str) -> dict[str, Tensor]:
        """A finished step's weights. Raises `ModelError` if it is not finished."""
        if not (self.folder / f"{step}.pt").exists():
            raise ModelError(f"The step {step} is not done in {self.folder}.", advice=f"Run `{step}` first, or `all`.")
        state: dict[str, Tensor] = torch.load(self.folder / f"{step}.pt", weights_only=True, mmap=True)
        return state

    @property
    def latest(self) -> str:
        """The last of the four stages whose weights are there; the first, where none is."""
        return next((stage for stage in reversed(STAGES) if (self.folder / f"{stage}.pt").exists()), STAGES[0])

    @property
    def base(self) -> Path:
        """Configurations and tokenizer."""
        return self.folder / "base"

    def write_base(self) -> None:
        """Write configurations and tokenizer, unless they are there."""
        if not (self.base / "config.json").exists():
            architecture.write_base(self.base, self.preset.shape)

    @cached_property
    def network(self) -> TempoNet:
        """A fresh network."""
        self.write_base()
        torch.manual_seed(self.seed)
        return architecture.build(self.base)

    @cached_property
    def words(self) -> Vocabulary:
        """The tokenizer."""
        from transformers import PreTrainedTokenizerFast

        self.write_base()
        return Vocabulary(PreTrainedTokenizerFast.from_pretrained(self.base))

    @cached_property
    def pool(self) -> Pool:
        """Scenes to make films of, as the frozen tower sees them."""
        return self._pool("pool", self.preset.shards)

    @cached_property
    def check_pool(self) -> Pool:
        """Scenes of combinations that training never meets."""
        return self._pool("pool-check", self.preset.check_shards)

    def learner(self, *, check: bool = False) -> Learner:
        """The network on the pool, or on the pool for checks."""
        sight = pooled_sight(self.check_pool) if check else pooled_sight(self.pool, blur=self.preset.blur)
        return Learner(self.network, self.words, sight)

    @property
    def source(self) -> Source:
        """Where the stages' films come from."""
        return DrawnFilms(self.pool, among=self.process.count)

    @property
    def check_source(self) -> Source:
        """Where films for checks come from."""
        return DrawnFilms(self.check_pool)

    @property
    def checked(self) -> bool:
        """Whether there is a validation set."""
        return True

    def share(self, amount: int) -> int:
        """What each of the processes takes of a step."""
        return max(1, amount // self.process.count)

    def begin(self) -> None:
        """Make the network what stage 0 starts from."""
        self.load_tower()
        begin(self.network, self.weights("svlm"), self.weights("decoder"), self.words)

    def load_tower(self) -> None:
        """Put the trained tower into the network, its features centred and scaled."""
        found = self.weights("vision")
        visual = self.network.svlm.visual
        visual.load_state_dict(
            {key.removeprefix("visual."): value for key, value in found.items() if key.startswith("visual.")}
        )
        settle(visual)

    def _pool(self, name: str, shards: int) -> Pool:
        if missing_shards(self.folder / name, shards):
            raise ModelError(f"There is no whole {name} in {self.folder}.", advice="Run `pool` first, or `all`.")
        return Pool(self.folder / name, shards)

    @property
    def record(self) -> dict[str, object]:
        """What a run has to go on with as it began."""
        return {"seed": self.seed, "preset": asdict(self.preset)}

    def _expect_same(self) -> None:
        """A run goes on with the numbers that it began with."""
        told = json.loads(json.dumps(self.record))
        path = self.folder / RECORD
        if not path.exists():
            write_json(path, told)
        elif json.loads(path.read_text()) != told:
            raise ModelError(
                f"The run in {self.folder} was begun with other numbers.",
                advice=f"Take another folder; without its {RECORD} it goes on with these.",
            )

    def _note_environment(self) -> None:
        path = self.folder / ENVIRONMENT
        known = json.loads(path.read_text()) if path.exists() else []
        write_json(path, [*known, {**environment(), "processes": self.process.count}])


def passed(folder: Path, step: str) -> bool:
    """Whether a later step of `IN_TURN` holds all that this one made."""
    later = IN_TURN[IN_TURN.index(step) + 1 :] if step in IN_TURN else ()
    return any((folder / f"{one}.pt").exists() or checkpoint_of(folder, one).exists() for one in later)


def environment() -> dict[str, object]:
    """What this process computes with."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "command": " ".join(Path(sys.argv[0]).name if n == 0 else word for n, word in enumerate(sys.argv)),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "multiplies_in": str(fast_format()).removeprefix("torch."),
        "artists": list(styles_here()),
        "fonts": list(fonts_fetched(held_out=False)),
        "devices": [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())],
        "source": _commit(),
        "packages": versions,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _commit() -> str:
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
