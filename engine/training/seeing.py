"""Making the vision tower see: what fills each cell of the picture (part of making the small VLM).

Dense labels break the plateau that captions alone leave a small tower on; no relevance label is involved. Every step
draws pictures that nobody has seen: a tower trained on a pool of 13,000 scenes knew 94 % of its own cells and 83 % of
another pool's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLTextModel, Qwen3VLVisionModel

from engine.training.architecture import TempoNet
from engine.training.asking.moments import MOVES
from engine.training.cell_reader import CellReader
from engine.training.clips import COLUMNS, ROWS, Clip
from engine.training.network import VisionGrid, patchify, see, vision_grid
from engine.training.pool import MOSTLY_SMALL, Pool, new_hand, shoot
from engine.training.precision import cast
from engine.training.prompts import Vocabulary
from engine.training.tokens import SECONDS
from engine.training.world.combination import TRAIN
from engine.training.world.crowds import crowds
from engine.training.world.labels import ASPECTS, cells
from engine.training.world.language import NUMBERS, plural
from engine.training.world.lettering import WORDS
from engine.training.world.palette import NAMED
from engine.training.world.plan import MOTIONS
from engine.training.world.scenes import LENGTH_ODDS, LENGTHS, SETTINGS
from engine.training.world.things import ALL_THINGS

FEATURE_NORM = 12.0
NAME_NORM = 1.5
SHARED_NORM = 0.6  # what all numbers of time stamps have in common: it tells that one was found
SEVERAL = 0.7  # beside what one of a thing looks like
SAID: dict[str, list[tuple[str, ...]]] = {  # how what the cell reader tells is called in answers
    "setting": [(one,) for one in SETTINGS],
    "word": [(one,) for one in WORDS],
    "tint": [(one,) for one in NAMED],
    "thing": [(one,) for one in ALL_THINGS],
    "count": [(one,) for one in NUMBERS[1 : ASPECTS["count"] + 1]],
    "motion": [tuple(dict.fromkeys(verb.split()[-1] for verb in MOVES[one])) for one in MOTIONS],
}
PAIRS_A_SCENE = 2
CROWDS_A_PLACE = 4  # a background takes as long to draw as ten things


class Lookout(nn.Module):
    """Tower and reader together."""

    def __init__(self, visual: Qwen3VLVisionModel, width: int) -> None:
        super().__init__()
        levels = 1 + len(visual.deepstack_visual_indexes)
        self.grid: VisionGrid = vision_grid(visual, ROWS * 2, COLUMNS * 2)
        self.both = nn.ModuleDict({"visual": visual, "reader": CellReader(levels, width)})

    def forward(self, sights: Sights) -> tuple[Tensor, dict[str, float]]:
        """A step on pictures."""
        with cast():
            seen = see(self.both["visual"], patchify(sights.frames), self.grid)
            loss, figures = self.both["reader"](seen, sights.labels)
        return loss, figures


@dataclass(frozen=True, slots=True)
class Sights:
    """Pictures, and what their cells hold."""

    frames: Tensor  # [batch, 2, 96, 160, 3] uint8
    labels: Tensor  # [batch, aspects, 15]


def sights(
    rng: np.random.Generator, batch: int, *, split: str = TRAIN, crowded: float = 0.0, known: float = 1.0
) -> Sights:
    """Pairs of frames out of fresh scenes, in any light; `crowded` is the share of pairs that show crowds, `known` of
    the world's things and artists that are met."""
    frames: list[np.ndarray] = []
    labels = []
    while len(frames) < batch:
        hand, setting = new_hand(rng, split, known=known), str(rng.choice(SETTINGS))
        if len(frames) < crowded * batch:
            scenes = list(crowds(hand, setting, CROWDS_A_PLACE))
        else:
            scenes = [hand.scene(setting, seconds=int(rng.choice(LENGTHS, p=LENGTH_ODDS)))]
        for scene in scenes:
            picked = rng.permutation(scene.seconds)[:PAIRS_A_SCENE].tolist()
            frames += shoot(rng, scene, picked, odds=MOSTLY_SMALL)
            labels += [cells(scene, second + 0.5) for second in picked]
    return Sights(
        torch.from_numpy(np.stack([lit(rng, pair) for pair in frames[:batch]])),
        torch.from_numpy(np.stack(labels[:batch]).astype(np.int64)),
    )


def lit(rng: np.random.Generator, frames: np.ndarray) -> np.ndarray:
    """The frames [2, 96, 160, 3] uint8 in another light."""
    gain, shift = rng.uniform(0.85, 1.18, 3), rng.uniform(-16, 16, 3)
    table = (np.arange(256)[:, None] * gain + shift).clip(0, 255).round().astype(np.uint8)
    shone: np.ndarray = cv2.LUT(frames.reshape(1, -1, 3), table[None]).reshape(frames.shape)
    return shone


@torch.no_grad()
def settle(visual: Qwen3VLVisionModel, *, seed: int = 3) -> None:
    """Centre each level of features and set its norm, by its last linear layer: large enough that what fresh text
    layers add at random does not drown it, small enough that what they learn to add counts."""
    drawn = sights(np.random.default_rng(seed), 96)
    levels = see(visual, patchify(drawn.frames), vision_grid(visual, ROWS * 2, COLUMNS * 2))
    for merger, level in zip([visual.merger, *visual.deepstack_merger_list], levels, strict=True):
        scale = FEATURE_NORM / (level - level.mean((0, 1))).norm(dim=-1).mean()
        merger.linear_fc2.bias.sub_(level.mean((0, 1))).mul_(scale)
        merger.linear_fc2.weight.mul_(scale)


@torch.no_grad()
def link_words(language: Qwen3VLTextModel, vision: dict[str, Tensor], words: Vocabulary) -> None:
    """Start words and pictures in one space, and every first head of a group as a comparison of the two.

    The embedding of a thing, a colour, a place, a word on screen, a number of things or a movement starts opposite to
    the direction in which the cell reader looks for it, that of several things beside that of one, a number in a
    sentence (" 18") opposite to the same number in a time stamp ("18"), and keys start as the negative of queries: then
    a name attends to the picture of its thing, and a number to its time, and neither to itself. A text model this small
    takes thousands of steps to find that by itself.
    """
    table = language.embed_tokens.weight
    looks: dict[str, Tensor] = {}
    for aspect, listed in SAID.items():
        rows = vision[f"reader.heads.0.{aspect}.weight"][: len(listed)].float()  # [names, width]
        for names, row in zip(listed, nnf.normalize(rows - rows.mean(0), dim=1), strict=True):
            for name in names:
                looks[name] = looks.get(name, torch.zeros_like(row)) + row  # "orange" is a thing and a colour
    *numbers, shared, several = _directions(SECONDS + 2, table.shape[1])
    for name, look in looks.items():
        table[words.encode(f" {name}")[0]] = -NAME_NORM * nnf.normalize(look, dim=0)
    for name in ALL_THINGS:
        if plural(name) != name:
            look = nnf.normalize(looks[name], dim=0) + SEVERAL * several
            table[words.encode(f" {plural(name)}")[0]] = -NAME_NORM * nnf.normalize(look, dim=0)
    for number, row in enumerate(numbers):
        table[words.encode(f" {number}")[0]] = row * NAME_NORM
        table[words.encode(f"{number}")[0]] = shared * SHARED_NORM - row * NAME_NORM
    for layer in language.layers:
        attention = layer.self_attn
        width = attention.q_proj.in_features
        queries = attention.q_proj.weight.view(-1, attention.num_key_value_groups, attention.head_dim, width)
        attention.k_proj.weight.copy_(-queries[:, 0].reshape(-1, width))
        attention.q_norm.weight.fill_(1.5)


def _directions(count: int, width: int) -> Tensor:
    """Unit vectors, the same each time: [count, width]."""
    drawn = torch.randn(count, width, generator=torch.Generator().manual_seed(count))
    unit: Tensor = drawn / drawn.norm(dim=1, keepdim=True)
    return unit


def tower(network: TempoNet, *, batch: int = 128) -> Callable[[np.ndarray], np.ndarray]:
    """The frozen tower: [pairs, 2, 96, 160, 3] uint8 -> [pairs, levels, 15, width], bfloat16 by its bits."""
    visual = network.svlm.visual.eval()
    grid = vision_grid(visual, ROWS * 2, COLUMNS * 2)

    @torch.inference_mode()
    def seen(frames: np.ndarray) -> np.ndarray:
        parts = []
        for start in range(0, len(frames), batch):
            with cast():
                levels = see(visual, patchify(torch.from_numpy(frames[start : start + batch])), grid)
            parts.append(torch.stack(levels, 1).bfloat16())
        bits: np.ndarray = torch.cat(parts).view(torch.int16).numpy().view(np.uint16)
        return bits

    return seen


def pooled_sight(pool: Pool, *, blur: float = 0.0) -> Callable[[Clip], list[Tensor]]:
    """Visual tokens of clips whose pictures are rows of the pool; `blur` is the share of their norm that is added at
    random, anew each time, for a pool is looked at often."""
    deviation = blur * FEATURE_NORM

    def look(clip: Clip) -> list[Tensor]:
        bits = pool.tokens(np.asarray(clip.pictures)).view(np.int16)
        tokens = torch.from_numpy(bits).view(torch.bfloat16)
        if blur:
            tokens = tokens + torch.randn(tokens.shape) * (deviation / tokens.shape[-1] ** 0.5)
        return list(tokens.unbind(1))

    return look


def live_sight(network: TempoNet, *, frugal: bool = False) -> Callable[[Clip], list[Tensor]]:
    """Visual tokens of clips whose pictures are frames, by the tower itself, which may be in training."""

    def look(clip: Clip) -> list[Tensor]:
        visual = network.svlm.visual
        frames = torch.as_tensor(clip.pictures).to(network.device)
        grid = vision_grid(visual, clip.rows * 2, clip.columns * 2)
        return see(visual, patchify(frames), grid, frugal=frugal)

    return look
