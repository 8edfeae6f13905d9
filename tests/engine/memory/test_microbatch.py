"""What a batch takes."""

from __future__ import annotations

from engine.memory.microbatch import bytes_a_segment, most_at_once
from engine.weights.shapes import TEXT, VISION

COMPRESSOR = {"text_config": TEXT, "vision_config": {**VISION, "spatial_merge_size": 2}}


def test_a_segment_takes_more_the_more_it_shows():
    sizes = [bytes_a_segment(COMPRESSOR, tokens=tokens, bytes_per_number=2) for tokens in (64, 576, 3072)]
    assert sizes == sorted(sizes)
    assert 10**8 < sizes[1] < 10**9
    assert bytes_a_segment(COMPRESSOR, tokens=576, bytes_per_number=4) == 2 * sizes[1]


def test_a_card_takes_more_at_once_than_a_processor():
    assert most_at_once("cuda") > most_at_once("cpu") > 0
