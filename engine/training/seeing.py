"""Making the vision tower see: which thing fills each cell of the picture (part of making the small VLM).

Dense labels break the plateau that captions alone leave a small tower on; no relevance label is involved.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLTextModel, Qwen3VLVisionModel

from engine.training.architecture import NUMBERS, TEXT_WIDTH, TempoNet
from engine.training.loop import train
from engine.training.network import VisionGrid, patchify, see, vision_grid
from engine.training.pool import COLUMNS, ROWS, Pool
from engine.training.prompts import Vocabulary
from engine.training.things import NAMES

FEATURE_NORM = 12.0
NAME_NORM = 1.5
SHARED_NORM = 0.6  # what all numbers of time stamps have in common: it tells that one was found
NOTHING = len(NAMES)  # class of an empty cell


class CellReader(nn.Module):
    """One linear reading a level of features; thrown away after this stage."""

    def __init__(self, levels: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(TEXT_WIDTH, NOTHING + 1) for _ in range(levels))

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """Logits [batch, cells, classes] a level."""
        return [head(level) for head, level in zip(self.heads, features, strict=True)]


def learn_to_see(network: TempoNet, pool: Pool, folder: Path, *, steps: int, batch: int = 64) -> None:
    """Train `network.svlm.visual` on the pool's cell labels."""
    visual = network.svlm.visual
    grid = vision_grid(visual, ROWS * 2, COLUMNS * 2)
    both = nn.ModuleDict({"visual": visual, "reader": CellReader(1 + len(visual.deepstack_visual_indexes))})
    weight = torch.ones(NOTHING + 1)
    weight[NOTHING] = 0.2
    pairs = len(pool.frames) * 2

    def loss(step: int) -> tuple[Tensor, dict[str, float]]:
        rng = np.random.default_rng((7, step))
        frames, cells = varied(rng, *take_pairs(pool, rng.choice(pairs, batch, replace=False)))
        with torch.autocast("cpu", torch.bfloat16):
            logits = both["reader"](see(visual, patchify(frames), grid))
        total = sum(nnf.cross_entropy(level.float().flatten(0, 1), cells.flatten(), weight) for level in logits)
        return torch.as_tensor(total), {"cells": accuracy(logits[0], cells)}

    train("vision", both, both.parameters(), loss, folder=folder, steps=steps, rate=1.5e-3)


@torch.no_grad()
def settle(visual: Qwen3VLVisionModel, pool: Pool) -> None:
    """Centre each level of features and set its norm, by its last linear layer: large enough that what fresh text
    layers add at random does not drown it, small enough that what they learn to add counts."""
    frames = torch.from_numpy(np.array(pool.frames[:64]))
    pairs = frames.view(-1, 2, *frames.shape[2:])
    levels = see(visual, patchify(pairs), vision_grid(visual, ROWS * 2, COLUMNS * 2))
    for merger, level in zip([visual.merger, *visual.deepstack_merger_list], levels, strict=True):
        scale = FEATURE_NORM / (level - level.mean((0, 1))).norm(dim=-1).mean()
        merger.linear_fc2.bias.sub_(level.mean((0, 1))).mul_(scale)
        merger.linear_fc2.weight.mul_(scale)


@torch.no_grad()
def link_words(language: Qwen3VLTextModel, vision: dict[str, Tensor], words: Vocabulary) -> None:
    """Start words and pictures in one space, and every first head of a group as a comparison of the two.

    A name's embedding starts opposite to the direction in which the cell reader looks for the thing, a number in a
    sentence (" 18") opposite to the same number in a time stamp ("18"), and keys start as the negative of queries: then
    a name attends to the picture of its thing, and a number to its time, and neither to itself. A text model this small
    takes thousands of steps to find that by itself.
    """
    rows = vision["reader.heads.0.weight"][:NOTHING]  # [things, width]
    rows = rows - rows.mean(0)
    table = language.embed_tokens.weight
    for name, row in zip(NAMES, rows, strict=True):
        table[words.encode(f" {name}")[0]] = -row * (NAME_NORM / row.norm())
    *numbers, shared = _directions(NUMBERS + 1)
    for number, row in enumerate(numbers):
        table[words.encode(f" {number}")[0]] = row * NAME_NORM
        table[words.encode(f"{number}")[0]] = shared * SHARED_NORM - row * NAME_NORM
    for layer in language.layers:
        attention = layer.self_attn
        queries = attention.q_proj.weight.view(-1, attention.num_key_value_groups, attention.head_dim, TEXT_WIDTH)
        attention.k_proj.weight.copy_(-queries[:, 0].reshape(-1, TEXT_WIDTH))
        attention.q_norm.weight.fill_(1.5)


def _directions(count: int) -> Tensor:
    """Unit vectors, the same each time: [count, width]."""
    drawn = torch.randn(count, TEXT_WIDTH, generator=torch.Generator().manual_seed(count))
    unit: Tensor = drawn / drawn.norm(dim=1, keepdim=True)
    return unit


def take_pairs(pool: Pool, rows: np.ndarray) -> tuple[Tensor, Tensor]:
    """Frame pairs [batch, 2, 96, 160, 3] uint8 and their cells [batch, 15]; rows number pairs through the pool."""
    order = np.sort(rows)
    frames = np.stack([pool.frames[row // 2, 2 * (row % 2) : 2 * (row % 2) + 2] for row in order])
    cells = pool.cells[order // 2, order % 2].reshape(len(order), -1).astype(np.int64)
    return torch.from_numpy(frames), torch.from_numpy(np.where(cells < 0, NOTHING, cells))


def varied(rng: np.random.Generator, frames: Tensor, cells: Tensor) -> tuple[Tensor, Tensor]:
    """Other pictures of the same things: mirrored, moved by whole cells, in another light (float, 0 to 255).

    Without this the tower learnt its pool by heart: 94 % of its cells, 83 % of another pool's.
    """
    frames, cells = frames.float(), cells.view(-1, ROWS, COLUMNS)
    batch, _, height, width, _ = frames.shape
    mirrored = torch.from_numpy(rng.random(batch) < 0.5)
    frames = torch.where(mirrored[:, None, None, None, None], frames.flip(3), frames)
    cells = torch.where(mirrored[:, None, None], cells.flip(2), cells)
    down, across = int(rng.integers(ROWS)), int(rng.integers(COLUMNS))
    frames = frames.roll((down * height // ROWS, across * width // COLUMNS), (2, 3))
    cells = cells.roll((down, across), (1, 2))
    gain = torch.from_numpy(rng.uniform(0.75, 1.3, (batch, 1, 1, 1, 3)).astype(np.float32))
    shift = torch.from_numpy(rng.uniform(-25, 25, (batch, 1, 1, 1, 3)).astype(np.float32))
    return (frames * gain + shift).clamp(0, 255), cells.reshape(batch, -1)


def accuracy(logits: Tensor, cells: Tensor) -> float:
    """Share of right cells among those that hold a thing."""
    held = cells != NOTHING
    return float((logits.argmax(-1)[held] == cells[held]).float().mean())


@torch.inference_mode()
def features(network: TempoNet, pool: Pool, *, batch: int = 128) -> Tensor:
    """Frozen visual tokens of the whole pool: [segments, levels, 2 * 15, width] bf16."""
    visual = network.svlm.visual.eval()
    grid: VisionGrid = vision_grid(visual, ROWS * 2, COLUMNS * 2)
    parts = []
    for start in range(0, len(pool.frames), batch):
        frames = torch.from_numpy(np.array(pool.frames[start : start + batch]))
        pairs = frames.view(-1, 2, *frames.shape[2:])
        with torch.autocast("cpu", torch.bfloat16):
            levels = see(visual, patchify(pairs), grid)
        parts.append(torch.stack([level.view(len(frames), -1, TEXT_WIDTH) for level in levels], 1).bfloat16())
    return torch.cat(parts)
