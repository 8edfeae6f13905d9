"""Our patches are those of transformers' own video processor."""

import numpy as np
import pytest
import torch
from transformers.models.qwen3_vl.video_processing_qwen3_vl import Qwen3VLVideoProcessor

from engine.memory.patches import patchify


def pictures(frames: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (frames, 3, height, width), dtype=np.uint8)


@pytest.mark.parametrize(("frames", "height", "width"), [(8, 64, 96), (5, 96, 64), (1, 32, 32), (2, 160, 32)])
def test_equal_to_the_processor(frames, height, width):
    given = pictures(frames, height, width)
    processor = Qwen3VLVideoProcessor(image_mean=[0.5] * 3, image_std=[0.5] * 3)
    found = processor(
        videos=[torch.from_numpy(given)], do_resize=False, do_sample_frames=False, cap_pixels_per_frame=False,
        return_tensors="pt",
    )  # fmt: skip
    patches, grid = patchify(given)
    assert list(grid) == found["video_grid_thw"][0].tolist()
    torch.testing.assert_close(patches, found["pixel_values_videos"], atol=1e-6, rtol=0)


def test_arrays_and_tensors_alike():
    given = pictures(3, 32, 64)
    assert torch.equal(patchify(given)[0], patchify(torch.from_numpy(given))[0])
    assert torch.equal(patchify(given)[0], patchify(given.astype(np.float32))[0])


@pytest.mark.parametrize("shape", [(0, 3, 32, 32), (2, 3, 48, 32), (2, 3, 32, 40), (2, 32, 32, 3)])
def test_pictures_off_the_grid_are_refused(shape):
    with pytest.raises(ValueError, match="do not fit a grid"):
        patchify(np.zeros(shape, np.uint8))
