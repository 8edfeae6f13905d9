"""The decoder's input against the published ids, and the room it needs."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from engine.errors import BudgetError, QuestionError
from engine.recall.allocation import allocate
from engine.recall.context import build_context, fit_budget, text_length
from engine.records import MEMORY_SLOT, Memory, Segment


class Letters:
    """A real byte-level tokenizer without merges: one id a byte."""

    def __init__(self):
        alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
        self.inner = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
        self.inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        self.inner.decoder = decoders.ByteLevel()

    def encode(self, text, *, add_special_tokens):
        return self.inner.encode(text, add_special_tokens=add_special_tokens).ids


def film(count):
    return [Segment(i, i * 4.0, i * 4.0 + 4, i * 4.0 + 2, (i * 4.0,)) for i in range(count)]


def memories(count, tokens=8):
    return [Memory(i, 0.5, torch.arange(tokens * 2.0).reshape(tokens, 2) + 100 * i) for i in range(count)]


def test_the_first_tokens_of_each_memory_are_kept_in_film_order():
    context = build_context(Letters(), film(2), memories(2), [2, 3], "Why?")
    assert context.ids.count(MEMORY_SLOT) == 5
    assert context.memory.tolist() == [[0, 1], [2, 3], [100, 101], [102, 103], [104, 105]]


def test_every_segment_is_announced_by_its_time():
    tokenizer = Letters()
    context = build_context(tokenizer, film(2), memories(2), [1, 1], "Why?")
    words = tokenizer.inner.decode([i for i in context.ids if i != MEMORY_SLOT])
    assert words == (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
        "<2.0 seconds><6.0 seconds>\nWhy?<|im_end|>\n<|im_start|>assistant\n"
    )


def test_positions_are_counted_as_they_are_built():
    context = build_context(Letters(), film(3), memories(3), [1, 2, 3], "Why?")
    assert context.length == text_length(Letters(), film(3), "Why?") + 6


def test_parts_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="2 segments, 2 memories and 1 shares"):
        build_context(Letters(), film(2), memories(2), [1], "Why?")
    with pytest.raises(ValueError, match="segment 0 has 8 memory tokens, not 9"):
        build_context(Letters(), film(1), memories(1), [9], "Why?")


def test_a_budget_that_fits_stays_as_it_was():
    assert fit_budget(8192, segments=8, ceiling=128, text=100, answer=1024, limit=16384).budget == 8192
    room = fit_budget(8192, segments=2, ceiling=8, text=100, answer=1024, limit=512)
    assert (room.budget, room.answer, room.note) == (8192, 128, "")


def test_a_budget_that_does_not_fit_shrinks_and_says_so():
    room = fit_budget(8192, segments=128, ceiling=128, text=1000, answer=1024, limit=8192)
    assert room.budget == 8192 - 1000 - 1024
    assert room.note == "The budget shrank from 8192 to 6168 tokens, because the decoder reads at most 8192 positions."


def test_a_film_that_cannot_fit_is_refused_with_advice():
    with pytest.raises(BudgetError, match="fewer than one a segment") as raised:
        fit_budget(8192, segments=500, ceiling=8, text=300, answer=64, limit=512)
    assert "shorter range" in raised.value.advice
    with pytest.raises(QuestionError, match="reads at most 512 positions"):
        fit_budget(8192, segments=5, ceiling=8, text=600, answer=64, limit=512)


@given(st.integers(1, 12288), st.integers(1, 256), st.integers(1, 128), st.integers(0, 4000), st.integers(1, 2048))
def test_what_is_promised_fits(budget, segments, ceiling, text, answer):
    try:
        room = fit_budget(budget, segments=segments, ceiling=ceiling, text=text, answer=answer, limit=4096)
    except QuestionError:
        return
    assert text + min(room.budget, segments * ceiling) + room.answer <= 4096
    assert (room.budget < budget) == bool(room.note)


@pytest.mark.parametrize("name", ["landscape", "portrait_tail5", "single_frame_tail", "tight", "starved"])
def test_equals_the_published_prompt_and_shares(name, tiny_tempo):
    from parity.packing import load_golden

    from engine.weights.loading import load_tokenizer

    case = load_golden()[name]
    fps, query, shares = float(case["fps"]), str(case["query"]), case["allocation"].tolist()
    assert allocate(case["relevance"].tolist(), int(case["budget"])) == shares
    cut = [Segment(i, i * 8 / fps, (i + 1) * 8 / fps, (i * 8 + 4) / fps, ()) for i in range(len(shares))]
    kept = [Memory(i, 0.5, torch.zeros(128, 4)) for i in range(len(shares))]
    tokenizer = load_tokenizer(tiny_tempo)
    context = build_context(tokenizer, cut, kept, shares, query)
    assert context.length == int(case["positions"])
    prompt = case["prompt_ids"][0].tolist()
    place = prompt.index(MEMORY_SLOT)  # one slot for the whole film
    tail = prompt[place + 1 :]
    assert list(context.ids[:place]) == prompt[:place]
    assert list(context.ids[-len(tail) :]) == tail
    film_ids = list(context.ids[place : -len(tail)])
    for i, share in enumerate(shares):
        stamp = tokenizer.encode(f"<{(i * 8 + 4) / fps:.1f} seconds>", add_special_tokens=False)
        assert film_ids[: len(stamp) + share] == stamp + [MEMORY_SLOT] * share
        del film_ids[: len(stamp) + share]
    assert film_ids == []
