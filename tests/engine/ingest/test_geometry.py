"""The resize chain against the published code's own numbers, and its arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import VideoError
from engine.ingest.geometry import Geometry, fit, fitted_size, limit_longer_edge, limited_size
from tests.parity.packing import STEP, load_golden

CASES = ("landscape", "portrait_tail5", "single_frame_tail", "starved", "tight")


@pytest.fixture(scope="module")
def golden():
    return load_golden()


def windows(frames: np.ndarray) -> list[np.ndarray]:
    return [frames[start : start + 8] for start in range(0, len(frames), 8)]


def patchify(pictures):
    """Cut patches as the model's own processor does, without its resize."""
    from transformers import Qwen3VLVideoProcessor

    processor = Qwen3VLVideoProcessor(
        do_resize=False, do_sample_frames=False, image_mean=[0.5] * 3, image_std=[0.5] * 3, cap_pixels_per_frame=False
    )
    out = processor(videos=[pictures], return_tensors="pt", do_sample_frames=False)
    return out["pixel_values_videos"], out["video_grid_thw"]


@pytest.mark.parametrize("name", CASES)
def test_pixels_equal_the_published_ones(golden, name):
    case = golden[name]
    parts = [patchify(fit(list(window))) for window in windows(case["frames"])]
    values = np.concatenate([part[0].numpy() for part in parts])
    grids = [part[1][0].tolist() for part in parts]
    assert grids == case["video_grid_thw"][: len(grids)].tolist()
    head = case["pixel_values_head"]
    np.testing.assert_allclose(values[: len(head)], head, atol=1e-5, rtol=0)
    means = values.mean(axis=1)[::STEP]
    np.testing.assert_allclose(means, case["pixel_values_mean"][: len(means)], atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("size", "limited"),
    [
        ((272, 640), (224, 512)),  # 217.6 rounds up to 14 sixteens
        ((720, 1280), (288, 512)),
        ((1080, 1920), (288, 512)),
        ((1920, 1080), (512, 288)),
        ((512, 512), (512, 512)),
        ((511, 333), (511, 333)),
        ((10, 4000), (16, 512)),
    ],
)
def test_longer_edge_becomes_512_and_both_sides_sixteens(size, limited):
    assert limited_size(*size) == limited


@pytest.mark.parametrize(
    ("size", "fitted"),
    [((64, 64), (384, 384)), ((144, 256), (256, 512)), ((80, 112), (320, 448)), ((720, 1280), (256, 512))],
)
def test_known_sizes(size, fitted):
    assert fitted_size(*size) == fitted


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(16, 2200), st.integers(16, 2200))
def test_fitted_size_obeys_its_bounds(height, width):
    rows, columns = fitted_size(height, width)
    assert rows % 32 == columns % 32 == 0
    assert 128 <= rows * columns // 1024 <= 768


def test_a_film_fitted_in_pieces_equals_the_film_fitted_at_once():
    noise = np.random.default_rng(0).integers(0, 256, (9, 90, 130, 3), np.uint8)
    whole = fit(list(noise)).numpy()
    pieces = np.concatenate([fit(list(noise[:4])).numpy(), fit(list(noise[4:])).numpy()])
    np.testing.assert_array_equal(whole, pieces)


def test_limiting_early_changes_nothing():
    noise = list(np.random.default_rng(1).integers(0, 256, (2, 300, 700, 3), np.uint8))
    early = [limit_longer_edge(picture) for picture in noise]
    assert early[0].shape == (224, 512, 3)
    np.testing.assert_array_equal(fit(early).numpy(), fit(noise).numpy())


def test_bounds_are_the_checkpoints():
    small = Geometry(image_multiple=32, frame_min_tokens=4, frame_max_tokens=18)
    noise = list(np.random.default_rng(2).integers(0, 256, (3, 96, 160, 3), np.uint8))
    fitted = fit(noise, small).numpy()
    np.testing.assert_array_equal(fitted, np.stack(noise).transpose(0, 3, 1, 2))  # already right: untouched


def test_a_ribbon_is_refused_in_one_sentence():
    with pytest.raises(VideoError, match="2 by 512 pixels, too elongated"):
        fitted_size(512, 2)
    assert fitted_size(4000, 4) == (1024, 128)  # the first resize thickens a longer one


def test_no_pictures_is_a_programming_error():
    with pytest.raises(ValueError, match="no pictures"):
        fit([])
