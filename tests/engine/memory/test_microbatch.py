"""How many segments at once: what free memory allows, never less than one."""

from __future__ import annotations

import pytest

from engine.evaluation.real_size import TEXT, VISION
from engine.memory.microbatch import free_bytes, micro_batch

COMPRESSOR = {"text_config": TEXT, "vision_config": {**VISION, "spatial_merge_size": 2}}
GB = 10**9


@pytest.mark.parametrize(
    ("free", "device", "wanted"), [(0, "cuda", 1), (GB, "cuda", 2), (80 * GB, "cuda", 16), (80 * GB, "cpu", 4)]
)
def test_a_large_card_takes_many_and_a_full_one_one(free, device, wanted):
    assert micro_batch(COMPRESSOR, tokens=576, device=device, bytes_per_number=2, free_bytes=free) == wanted


def test_more_memory_never_means_smaller_batches():
    sizes = [
        micro_batch(COMPRESSOR, tokens=576, device="cuda", bytes_per_number=2, free_bytes=free * GB // 4)
        for free in range(1, 60)
    ]
    assert sizes == sorted(sizes)
    assert 1 < sizes[20] < 16


def test_free_memory_is_told():
    assert 10**8 < free_bytes("cpu") < 10**14
