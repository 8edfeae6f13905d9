"""A pool of drawn scenes, rendered once, from which training films are put together.

The compressor reads segments one by one, so a film for training is a list of scenes out of the pool under the times
of their place in the film. `render_pool(folder, ...)` writes `frames.npy` [segments, 4, 96, 160, 3] uint8,
`cells.npy` [segments, 2, 3, 5] int16 and `scenes.json`; `Pool(folder)` opens them.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from engine.training.drawing import HEIGHT, WIDTH, Scene, draw, place, sample_scene
from engine.training.films import SEGMENT_SECONDS
from engine.training.things import NAMES

FRAMES, ROWS, COLUMNS = 4, 3, 5  # frames a segment, visual tokens down and across
CELL = WIDTH // COLUMNS  # canvas pixels
SHARD = 500  # scenes a work unit


@dataclass(frozen=True, slots=True)
class PooledScene:
    """`count` consecutive segments from `first`, all showing `things` (indices into NAMES, ascending)."""

    first: int
    count: int
    things: tuple[int, ...]


class Pool:
    """An opened pool; frames stay on disk (memory map)."""

    def __init__(self, folder: Path) -> None:
        self.frames = np.load(folder / "frames.npy", mmap_mode="r")  # [segments, 4, 96, 160, 3]
        self.cells = np.load(folder / "cells.npy")  # [segments, 2, 3, 5], thing or -1
        rows = json.loads((folder / "scenes.json").read_text())
        self.scenes = tuple(PooledScene(first, count, tuple(things)) for first, count, things in rows)


def render_pool(folder: Path, *, scenes: int, seed: int, workers: int = 2) -> None:
    """Draw `scenes` scenes in parallel; complete or not there at all."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [min(SHARD, scenes - start) for start in range(0, scenes, SHARD)]
    frames, cells, rows, first = [], [], [], 0
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        jobs = [executor.submit(_render_shard, seed, number, size) for number, size in enumerate(sizes)]
        for job in jobs:
            shard_frames, shard_cells, shard_rows = job.result()
            frames.append(shard_frames)
            cells.append(shard_cells)
            for count, things in shard_rows:
                rows.append((first, count, things))
                first += count
    np.save(folder / "frames.npy", np.concatenate(frames))
    np.save(folder / "cells.npy", np.concatenate(cells))
    (folder / "scenes.json").write_text(json.dumps(rows))


def _render_shard(seed: int, number: int, size: int) -> tuple[np.ndarray, np.ndarray, list[tuple[int, list[int]]]]:
    cv2.setNumThreads(1)
    rng = np.random.default_rng((seed, number))
    frames, cells, rows = [], [], []
    for _ in range(size):
        length = int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2]))
        count = int(rng.choice([1, 2, 3], p=[0.45, 0.45, 0.1]))
        things = [str(thing) for thing in rng.choice(NAMES, count, replace=False)]
        scene = sample_scene(rng, things, length * SEGMENT_SECONDS)
        for segment in range(length):
            times = segment * SEGMENT_SECONDS + np.arange(FRAMES) / 2 + rng.uniform(0, 0.45)
            frames.append(_shoot(scene, times, rng))
            cells.append([_label(scene, times[2 * pair : 2 * pair + 2].mean()) for pair in range(FRAMES // 2)])
        rows.append((length, [NAMES.index(thing) for thing in scene.things]))
    return np.stack(frames), np.array(cells, np.int16), rows


def _shoot(scene: Scene, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The frames of one segment, worn by a codec (JPEG stands for it), at the model's size: [4, 96, 160, 3]."""
    import torch
    from torchvision.transforms.v2 import functional

    torch.set_num_threads(1)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))]
    worn = []
    for seconds in times:
        _, coded = cv2.imencode(".jpg", draw(scene, float(seconds)), quality)
        decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
        if decoded is None:
            raise RuntimeError("OpenCV cannot read back the JPEG that it wrote")
        worn.append(decoded)
    stack = torch.from_numpy(np.stack(worn)).permute(0, 3, 1, 2)
    small = functional.resize(
        stack, [ROWS * 32, COLUMNS * 32], interpolation=functional.InterpolationMode.BICUBIC, antialias=True
    )
    pictures: np.ndarray = small.permute(0, 2, 3, 1).numpy()
    return pictures


def _label(scene: Scene, seconds: float) -> list[list[int]]:
    """Which thing fills most of each cell, -1 where none fills a seventh of it."""
    best = np.full((ROWS, COLUMNS), 0.15)
    label = np.full((ROWS, COLUMNS), -1)
    for actor in scene.actors:
        (x, y), half = place(actor, seconds), actor.size * 0.45
        for row in range(ROWS):
            for column in range(COLUMNS):
                wide = min(x + half, (column + 1) * CELL) - max(x - half, column * CELL)
                high = min(y + half, (row + 1) * HEIGHT / ROWS) - max(y - half, row * HEIGHT / ROWS)
                filled = max(wide, 0) * max(high, 0) / CELL**2
                if filled > best[row, column]:
                    best[row, column], label[row, column] = filled, NAMES.index(actor.thing)
    return label.tolist()
