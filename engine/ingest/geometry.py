"""How large the model sees a picture: upright RGB pictures in, one uint8 tensor of the model's size out.

The published chain has three resizes, each rounding to whole numbers in 0-255, and its numbers depend on all three:

1. `limit_longer_edge`: PIL bicubic, only if the longer edge exceeds 512; both sides become multiples of 16
   (Tempo, `process_qwen_content`).
2. per image: PIL bicubic to multiples of 64 (qwen-vl-utils 0.0.14, `fetch_image`). 64 and not 32, because its
   `fetch_video` hands the already merged factor on as the patch size, which is then merged again.
3. per film: torchvision bicubic with antialias to multiples of 32 and 128 to 768 tokens a frame (`fetch_video`).

Every resize treats each picture alone, so a film may be fitted in pieces. An odd number of pictures stays odd here:
whoever cuts patches repeats the last one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import VideoError

if TYPE_CHECKING:
    from torch import Tensor

MAX_RATIO = 200  # qwen-vl-utils refuses pictures more elongated than this


@dataclass(frozen=True, slots=True)
class Geometry:
    """The bounds of the published model; a checkpoint may bring its own."""

    longer_edge: int = 512  # pixels
    edge_multiple: int = 16  # pixels
    patch: int = 16  # pixels
    merge: int = 2  # patches a side that make one token
    image_multiple: int = 64  # pixels; also the side of the "token" that image_min_tokens counts
    image_min_tokens: int = 4
    image_max_tokens: int = 16384
    frame_min_tokens: int = 128
    frame_max_tokens: int = 768

    @property
    def token_edge(self) -> int:
        """Pixels along one side of a visual token."""
        return self.patch * self.merge


PUBLISHED = Geometry()


def limited_size(height: int, width: int, geometry: Geometry = PUBLISHED) -> tuple[int, int]:
    """Height and width after the first resize: unchanged up to `longer_edge`."""
    longer = max(height, width)
    if longer <= geometry.longer_edge:
        return height, width
    ratio = geometry.longer_edge / longer
    multiple = geometry.edge_multiple
    sides = [max(multiple, round(side * ratio / multiple) * multiple) for side in (height, width)]
    return sides[0], sides[1]


def smart_size(height: int, width: int, *, multiple: int, min_pixels: int, max_pixels: int) -> tuple[int, int]:
    """The nearest height and width that are multiples of `multiple` and whose product lies within the bounds."""
    if max(height, width) > MAX_RATIO * min(height, width):
        raise VideoError(f"The picture is {width} by {height} pixels, too elongated for the model.")
    rows, columns = (max(1, round(side / multiple)) for side in (height, width))
    area = height * width
    if rows * columns * multiple**2 > max_pixels:
        shrink = math.sqrt(area / max_pixels)
        rows, columns = (max(1, math.floor(side / shrink / multiple)) for side in (height, width))
    elif rows * columns * multiple**2 < min_pixels:
        grow = math.sqrt(min_pixels / area)
        rows, columns = (math.ceil(side * grow / multiple) for side in (height, width))
    return rows * multiple, columns * multiple


def image_size(height: int, width: int, geometry: Geometry = PUBLISHED) -> tuple[int, int]:
    """Height and width after the second resize, given those after the first."""
    token = geometry.image_multiple**2
    return smart_size(
        height,
        width,
        multiple=geometry.image_multiple,
        min_pixels=geometry.image_min_tokens * token,
        max_pixels=geometry.image_max_tokens * token,
    )


def frame_size(height: int, width: int, geometry: Geometry = PUBLISHED) -> tuple[int, int]:
    """Height and width after the third resize, given those after the second."""
    token = geometry.token_edge**2
    min_pixels = geometry.frame_min_tokens * token
    return smart_size(
        height,
        width,
        multiple=geometry.token_edge,
        min_pixels=min_pixels,
        max_pixels=max(geometry.frame_max_tokens * token, int(min_pixels * 1.05)),
    )


def fitted_size(height: int, width: int, geometry: Geometry = PUBLISHED) -> tuple[int, int]:
    """Height and width the model sees of an upright picture of `height` by `width` pixels."""
    return frame_size(*image_size(*limited_size(height, width, geometry), geometry), geometry)


def tokens_per_frame(height: int, width: int, geometry: Geometry = PUBLISHED) -> int:
    """Visual tokens one frame takes (two frames share them: patches are two frames deep)."""
    rows, columns = fitted_size(height, width, geometry)
    return rows * columns // geometry.token_edge**2


def limit_longer_edge(picture: np.ndarray, geometry: Geometry = PUBLISHED) -> np.ndarray:
    """The first resize. Applying it again changes nothing, so a reader may do it early to save memory."""
    return _resize_image(picture, limited_size(picture.shape[0], picture.shape[1], geometry))


def fit(pictures: Sequence[np.ndarray], geometry: Geometry = PUBLISHED) -> Tensor:
    """The whole chain: pictures [height, width, 3] uint8 of one size -> [pictures, 3, rows, columns] uint8."""
    return fit_together([fit_image(picture, geometry) for picture in pictures], geometry)


def fit_image(picture: np.ndarray, geometry: Geometry = PUBLISHED) -> np.ndarray:
    """The first two resizes, which treat each picture alone."""
    limited = limit_longer_edge(picture, geometry)
    return _resize_image(limited, image_size(limited.shape[0], limited.shape[1], geometry))


def fit_together(images: Sequence[np.ndarray], geometry: Geometry = PUBLISHED) -> Tensor:
    """The third resize, of pictures that are through the first two."""
    import torch
    from torchvision.transforms import InterpolationMode, functional

    if not images:
        raise ValueError("no pictures to fit")
    stack = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)  # [pictures, 3, rows, columns]
    size = list(frame_size(stack.shape[2], stack.shape[3], geometry))
    fitted: Tensor = functional.resize(stack, size, interpolation=InterpolationMode.BICUBIC, antialias=True)
    return fitted.contiguous()


def _resize_image(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if picture.shape[:2] == size:
        return picture
    from PIL import Image

    rows, columns = size
    return np.array(Image.fromarray(picture).resize((columns, rows), Image.Resampling.BICUBIC))
