"""The engine computes what the published code computed, on all five cases (README.md)."""

from functools import cache

import numpy as np
import pytest
import torch

from engine.memory.patches import patchify
from engine.memory.prompt import Prompt, pair_seconds
from engine.recall.allocation import allocate
from engine.recall.context import build_context
from engine.records import MEMORY_SLOT, Context, Memory
from engine.weights.loading import load_tokenizer
from tests.parity.oracle import CASES, Case, all_memories, batch_of, golden, segments_of, tiny_model
from tests.parity.packing import PROBED, STEP

TOLERANCE = 1e-4
pytestmark = pytest.mark.parametrize("name", CASES)


@cache
def computed_memories(name: str) -> list[Memory]:
    compressor = tiny_model().compressor
    return compressor.distil(compressor.index(batch_of(name)), str(golden()[name]["query"]))


def context_of(case: Case, name: str) -> Context:
    memories, shares = all_memories(case, computed_memories(name)), case["allocation"].tolist()
    return build_context(tiny_model().tokenizer, segments_of(case), memories, shares, str(case["query"]))


def worst(found: torch.Tensor, expected: np.ndarray) -> float:
    assert tuple(found.shape) == expected.shape
    return float((found.double() - torch.from_numpy(expected).double()).abs().max())


def test_every_segment_reads_the_published_tokens(name):
    case = golden()[name]
    prompt = Prompt(load_tokenizer(tiny_model().config.base_folder))
    suffix = prompt.suffix(str(case["query"]))
    rows = zip(case["segment_input_ids"], case["segment_attention_mask"], case["video_grid_thw"], strict=True)
    for segment, (ids, mask, (_, height, width)) in zip(segments_of(case), rows, strict=True):
        prefix = prompt.prefix(pair_seconds(segment), int(height * width) // 4)
        assert prefix + suffix == ids[mask.astype(bool)].tolist()


def test_pictures_become_the_published_patches(name):
    case = golden()[name]
    patches, grids = zip(*(patchify(pictures) for _, pictures in batch_of(name)), strict=True)
    assert np.array_equal(grids, case["video_grid_thw"][: len(grids)])
    pixels = torch.cat(patches)
    means = pixels.mean(1)[::STEP]
    assert worst(means, case["pixel_values_mean"][: len(means)]) < TOLERANCE
    assert worst(pixels[:2], case["pixel_values_head"]) < TOLERANCE


def test_memory_and_relevance(name):
    case = golden()[name]
    memories = computed_memories(name)
    tokens = torch.stack([memory.tokens for memory in memories])
    assert worst(tokens[:, PROBED], case["memory_features"][: len(memories)]) < TOLERANCE
    scores = torch.tensor([memory.score for memory in memories])
    assert worst(scores, case["relevance"][: len(memories)]) < TOLERANCE


def test_shares(name):
    case = golden()[name]
    scores = [memory.score for memory in all_memories(case, computed_memories(name))]
    assert allocate(scores, int(case["budget"])) == case["allocation"].tolist()


def test_context_and_embeddings(name):
    case = golden()[name]
    context = context_of(case, name)
    assert words_without_video(context.ids, case) == case["prompt_ids"][0].tolist()
    embeds = tiny_model().decoder.embed(context)
    assert embeds.shape[1] == int(case["positions"])
    assert worst(embeds[0, ::STEP], case["decoder_embeds"]) < TOLERANCE


def words_without_video(ids: tuple[int, ...], case: Case) -> list[int]:
    """The published prompt marks the whole video, stamps and all, with one slot; cut ours down to that."""
    head = case["prompt_ids"][0].tolist().index(MEMORY_SLOT)
    tail = case["prompt_ids"].shape[1] - head - 1
    return [*ids[:head], MEMORY_SLOT, *ids[-tail:]]


def test_next_token_and_greedy_answer(name):
    case = golden()[name]
    decoder, context = tiny_model().decoder, context_of(case, name)
    assert worst(decoder.logits(context), case["next_token_logits"]) < TOLERANCE
    expected = case["greedy_ids"][0].tolist()
    assert list(decoder.tokens(context, max_new_tokens=len(expected))) == expected
