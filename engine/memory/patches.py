"""Resized pictures in, the vision tower's input out: pixels in [-1, 1], cut into patches of 2 frames x 16 x 16.

What `Qwen3VLVideoProcessor` of transformers 5 does behind its resize, without loading it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

PAIR = 2  # frames a patch spans
CHANNELS = 3
MIDDLE = 127.5  # mean and deviation .5 of pixels in [0, 1], on pixels in [0, 255]

Pictures = npt.NDArray[np.uint8] | npt.NDArray[np.float32] | Tensor  # [frames, 3, height, width], 0 to 255
Grid = tuple[int, int, int]  # pairs of frames, rows and columns of patches


def patchify(pictures: Pictures, *, patch: int = 16, merge: int = 2) -> tuple[Tensor, Grid]:
    """Return patches and their grid; the patches of one merged token (merge x merge) stand together.

    An odd count repeats its last frame. Raises `ValueError` for pictures that the geometry did not fit to the grid.
    """
    frames, channels, height, width = pictures.shape
    if not frames or channels != CHANNELS or height % (patch * merge) or width % (patch * merge):
        raise ValueError(f"pictures of shape {tuple(pictures.shape)} do not fit a grid of {patch * merge} pixels")
    pixels = (torch.as_tensor(pictures).to(torch.float32) - MIDDLE) / MIDDLE
    if frames % PAIR:
        pixels = torch.cat((pixels, pixels[-1:]))
    grid = (pixels.shape[0] // PAIR, height // patch, width // patch)
    blocks = pixels.reshape(
        grid[0], PAIR, CHANNELS, grid[1] // merge, merge, patch, grid[2] // merge, merge, patch
    )  # [pairs, 2, 3, merged rows, merge, patch, merged columns, merge, patch]
    ordered = blocks.permute(0, 3, 6, 4, 7, 2, 1, 5, 8)
    return ordered.reshape(grid[0] * grid[1] * grid[2], -1), grid  # [patches, 3 * 2 * patch * patch]
