"""Prefix and question on top give what one pass through transformers' own model gives, at any batch size."""

import pytest
import torch

from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.memory.patches import patchify
from engine.memory.prompt import Prompt, pair_seconds
from engine.memory.relevance import relevance, router_direction
from engine.weights.checkpoint import read_config
from engine.weights.filling import load_network
from engine.weights.loading import load_tokenizer
from tests.parity.oracle import batch_of, tempo_folder, tiny_model

QUESTION = "When does the square appear?"
EXACT = 1e-5


@pytest.fixture(scope="module")
def batch():
    return batch_of("portrait_tail5")


@pytest.fixture(scope="module")
def compressor():
    return tiny_model().compressor


@pytest.fixture(scope="module")
def prefixes(compressor, batch):
    return compressor.index(batch)


def gap(one, other) -> float:
    """The worst difference between two lists of memories; their scores and segments count too."""
    assert [memory.segment for memory in one] == [memory.segment for memory in other]
    pairs = list(zip(one, other, strict=True))
    tokens = max(float((a.tokens - b.tokens).abs().max()) for a, b in pairs)
    return max(tokens, *(abs(a.score - b.score) for a, b in pairs))


def whole_pass(segment, pictures, question):
    """One pass of `Qwen3VLModel`, without cache; memory tokens are words appended to its vocabulary."""
    config = read_config(tempo_folder())
    tower = load_network(config, device="cpu", precision="fp32").tower
    model, memory = tower.vlm.model, tower.compression_tokens[0]
    words = model.language_model.embed_tokens.weight
    prompt = Prompt(load_tokenizer(config.base_folder))
    patches, grid = patchify(pictures)
    read = prompt.prefix(pair_seconds(segment), grid[1] * grid[2] // 4) + prompt.suffix(question)
    ids = torch.tensor([[*read, *range(len(words), len(words) + len(memory))]])
    model.language_model.embed_tokens = torch.nn.Embedding.from_pretrained(torch.cat((words, memory)))
    with torch.inference_mode():
        hidden = model(
            input_ids=ids,
            pixel_values_videos=patches,
            video_grid_thw=torch.tensor([grid]),
            mm_token_type_ids=2 * (ids == model.config.video_token_id).int(),
        ).last_hidden_state[0]
    return hidden[len(read) :]


@pytest.mark.parametrize("index", [0, 2])
def test_equal_to_one_pass(compressor, batch, index):
    segment, pictures = batch[index]
    two_steps = compressor.distil(compressor.index([batch[index]]), QUESTION)[0].tokens
    assert float((two_steps - whole_pass(segment, pictures, QUESTION)).abs().max()) < EXACT


def test_batch_size_changes_nothing(compressor, batch, prefixes):
    """The tail is shorter and of fewer pairs, so rows are padded on both sides."""
    assert len({prefix.length for prefix in prefixes}) > 1
    alone = [memory for pair in batch for memory in compressor.distil(compressor.index([pair]), QUESTION)]
    together = compressor.distil(prefixes, QUESTION)
    backwards = compressor.distil(prefixes[::-1], QUESTION)[::-1]
    assert gap(together, alone) < EXACT
    assert gap(together, backwards) < EXACT


def test_segments_of_other_sizes_share_a_batch(compressor, batch):
    """One batch may hold pictures of different grids, down to a single frame."""
    single = batch_of("single_frame_tail")[2]
    mixed = [single, batch[0]]
    together = compressor.distil(compressor.index(mixed), QUESTION)
    alone = [memory for pair in mixed for memory in compressor.distil(compressor.index([pair]), QUESTION)]
    assert gap(together, alone) < EXACT


def test_a_second_question_starts_from_untouched_prefixes(compressor, batch, prefixes):
    before = [prefix.keys[0].clone() for prefix in prefixes]
    compressor.distil(prefixes, "What else?")
    assert all(torch.equal(prefix.keys[0], kept) for prefix, kept in zip(prefixes, before, strict=True))
    assert gap(compressor.distil(prefixes, QUESTION), compressor.distil(compressor.index(batch), QUESTION)) < EXACT


def test_the_question_matters(compressor, prefixes):
    assert gap(compressor.distil(prefixes, QUESTION), compressor.distil(prefixes, "Yes?")) > 0.1


def test_what_a_prefix_holds(prefixes):
    prefix = prefixes[0]
    assert len(prefix.keys) == 4
    assert prefix.keys[0].shape == (2, prefix.length, 16)
    assert prefix.nbytes == 2 * 4 * 2 * prefix.length * 16 * 4
    assert prefix.next_position < prefix.length  # a pair of frames takes its longer edge, not its tokens
    moved = prefix.to("cpu")
    assert (moved.segment, moved.length) == (prefix.segment, prefix.length)


def test_nothing_in_nothing_out(compressor):
    assert compressor.index([]) == []
    assert compressor.distil([], QUESTION) == []


def test_times_must_match_pictures(compressor, batch):
    with pytest.raises(ValueError, match="segment 0 has times for 4 pairs of frames, not 2"):
        compressor.index([(batch[0][0], batch[0][1][:4])])


class StopAfter(CancelToken):
    """Stops at the n-th check, as if somebody pressed stop in the middle."""

    def __init__(self, checks: int) -> None:
        super().__init__()
        self.left = checks

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize("checks", [0, 1, 6])
def test_a_stop_takes_effect_between_layers(compressor, batch, prefixes, checks):
    with pytest.raises(Cancelled):
        compressor.index(batch, cancel=StopAfter(checks))
    if checks < 4:
        with pytest.raises(Cancelled):
            compressor.distil(prefixes, QUESTION, cancel=StopAfter(checks))
    assert gap(compressor.distil(prefixes, QUESTION), compressor.distil(prefixes, QUESTION)) == 0  # no hook stays


def test_relevance_in_float32():
    direction = router_direction(torch.tensor([2.0, 0.0]), torch.tensor([0.0, 1.0]))
    assert direction.tolist() == [2.0, -1.0]
    scores = relevance(torch.tensor([[1.0, 2.0], [1.0, 0.0]], dtype=torch.bfloat16), direction)
    assert scores.dtype == torch.float32
    assert scores.tolist() == pytest.approx([0.5, 0.8807970])
