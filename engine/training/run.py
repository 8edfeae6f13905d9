"""The folder that a model is made in: pools, weights of each finished step, and the network they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from engine.training import architecture, pool, seeing
from engine.training.architecture import TempoNet
from engine.training.prompts import Vocabulary
from engine.training.stages import Stages

SEED = 1


@dataclass
class Run:
    """A folder that a model is made in."""

    folder: Path
    scale: float = 1.0
    target: Path | None = None
    threads: int = 0
    small: bool = False  # the smallest batches that go through every stage, to try out the machinery

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.threads:
            torch.set_num_threads(self.threads)

    def steps(self, count: int) -> int:
        """`count`, scaled for a trial."""
        return max(2, round(count * self.scale))

    def batch(self, count: int, *, least: int = 1) -> int:
        """`count` things a step, or the least that makes a step."""
        return least if self.small else count

    def done(self, stage: str) -> bool:
        """Whether the stage's weights are there."""
        return (self.folder / f"{stage}.pt").exists()

    def weights(self, stage: str) -> dict[str, Tensor]:
        """A finished stage's weights."""
        state: dict[str, Tensor] = torch.load(self.folder / f"{stage}.pt", weights_only=True, mmap=True)
        return state

    @cached_property
    def network(self) -> TempoNet:
        """A fresh network; `write_base` has run."""
        if not (self.folder / "base" / "config.json").exists():
            architecture.write_base(self.folder / "base")
        torch.manual_seed(SEED)
        return architecture.build(self.folder / "base")

    @cached_property
    def scenes(self) -> pool.Pool:
        """What the language stages see: scenes that the tower was not trained on, as a film's will be."""
        return pool.Pool(self.folder / "pool")

    @cached_property
    def sights(self) -> pool.Pool:
        """What the vision tower is trained on."""
        return pool.Pool(self.folder / "pool-vision")

    @cached_property
    def stages(self) -> Stages:
        """The language stages on frozen visual tokens of the trained tower."""
        from transformers import PreTrainedTokenizerFast

        self.network.svlm.visual.load_state_dict(
            {key.removeprefix("visual."): value for key, value in self.weights("vision").items() if key[0] == "v"}
        )
        seeing.settle(self.network.svlm.visual, self.scenes)
        cached = self.folder / "visual-tokens.pt"
        if not cached.exists():
            torch.save(seeing.features(self.network, self.scenes), cached)
        words = Vocabulary(PreTrainedTokenizerFast.from_pretrained(self.folder / "base"))
        return Stages(self.network, words, self.scenes, torch.load(cached, weights_only=True))
