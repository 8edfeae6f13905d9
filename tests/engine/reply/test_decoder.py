"""The decoder's loop is transformers' greedy search, its text never breaks a character, and it stops when told."""

import json
from collections import Counter
from itertools import islice

import pytest
import torch
from transformers.models.qwen3.modeling_qwen3 import Qwen3ForCausalLM

from engine.cancel import CancelToken
from engine.errors import Cancelled, QuestionError
from engine.evaluation.together import answers
from engine.records import MEMORY_SLOT, Context
from engine.reply import decoder as decoder_module
from engine.reply.decoder import Pieces, choose
from engine.weights.loading import load_model
from tests.parity.oracle import tiny_model, variant


@pytest.fixture(scope="module")
def decoder():
    return tiny_model().decoder


def context_of(words: int, slots: int = 3) -> Context:
    draw = torch.Generator().manual_seed(words)
    ids = torch.randint(198, 420, (words,), generator=draw).tolist()
    memory = torch.randn(slots, 64, generator=draw)
    return Context(ids=(*ids[:5], *[MEMORY_SLOT] * slots, *ids[5:]), memory=memory)


@pytest.mark.parametrize("words", [8, 600])  # the second is read in two chunks
def test_greedy_is_transformers_greedy(decoder, words):
    context = context_of(words)
    embeds = decoder.embed(context)
    model = tiny_model()
    reference = Qwen3ForCausalLM(decoder._model.config).eval()
    reference.model.load_state_dict(decoder._model.state_dict(), strict=False)
    reference.lm_head.weight = torch.nn.Parameter(decoder._head)
    found = reference.generate(
        inputs_embeds=embeds.clone(), attention_mask=torch.ones(embeds.shape[:2], dtype=torch.long),
        max_new_tokens=16, do_sample=False, eos_token_id=list(model.config.eos_ids), pad_token_id=421,
    )[0].tolist()  # fmt: skip
    kept = found[: found.index(420)] if 420 in found else found
    assert list(decoder.tokens(context, max_new_tokens=16)) == kept


def test_what_may_be_said_once_is_said_once(decoder, tmp_path):
    """One by one and several answers together."""
    context = context_of(20)
    free = list(decoder.tokens(context, max_new_tokens=40))
    again = sorted(token for token, times in Counter(free).items() if times > 1)
    folder = variant(tmp_path)
    settings = json.loads((folder / "generation_config.json").read_text())
    (folder / "generation_config.json").write_text(json.dumps({**settings, "once_token_ids": again}))
    bound = load_model(folder, device="cpu", precision="fp32").decoder
    said = list(bound.tokens(context, max_new_tokens=40))
    second = next(place for place, token in enumerate(free) if token in free[:place])
    assert said[:second] == free[:second]
    assert said[second] != free[second]
    assert not [token for token in again if said.count(token) > 1]
    assert answers(bound, [context], longest=40) == ["".join(bound.stream(context, max_new_tokens=40))]


def test_chunks_change_nothing(decoder, monkeypatch):
    context = context_of(100)
    whole = decoder.logits(context)
    monkeypatch.setattr(decoder_module, "CHUNK", 7)
    torch.testing.assert_close(decoder.logits(context), whole, atol=1e-5, rtol=0)


def test_text_is_the_tokens_decoded(decoder):
    context = context_of(20)
    ids = list(decoder.tokens(context, max_new_tokens=40))
    pieces = list(decoder.stream(context, max_new_tokens=40))
    assert len(pieces) > 5
    assert all(pieces)
    assert "".join(pieces) == tiny_model().tokenizer.decode(ids, skip_special_tokens=True)


def test_pieces_never_break_a_character():
    tokenizer = tiny_model().tokenizer
    text = "Bär 熊 🐻‍❄️ né <|im_start|>, done"
    pieces = Pieces(tokenizer)
    parts = [pieces.push(token) for token in tokenizer.encode(text, add_special_tokens=False)]
    assert "".join(parts) + pieces.finish() == text.replace("<|im_start|>", "")
    assert not any("\ufffd" in part for part in parts)
    assert any(part == "" for part in parts)  # something waited for its last byte


def test_an_answer_cut_inside_a_character_says_so():
    tokenizer = tiny_model().tokenizer
    pieces = Pieces(tokenizer)
    first = tokenizer.encode("熊", add_special_tokens=False)[0]
    assert pieces.push(first) == ""
    assert pieces.finish() == "\ufffd"


def test_it_stops_at_the_end_of_the_turn(tmp_path):
    """With a head that can only say `<|im_end|>`, the answer is empty."""

    def silence(held):
        held["lm_head.weight"] = torch.zeros(448, 96)
        held["lm_head.weight"][420] = held["model.norm.weight"]

    model = load_model(variant(tmp_path, tensors=silence), device="cpu", precision="fp32")
    context = next(c for c in map(context_of, range(8, 60)) if float(model.decoder.logits(c)[420]) > 0)
    assert list(model.decoder.stream(context, max_new_tokens=5)) == []


def test_the_context_limit_ends_the_answer(tmp_path):
    folder = variant(tmp_path, config=lambda content: content.update(tokenizer_model_max_length=30))
    decoder = load_model(folder, device="cpu", precision="fp32").decoder
    assert len(list(decoder.tokens(context_of(25), max_new_tokens=10))) == 2
    with pytest.raises(QuestionError, match="take 30 positions, the model reads 30"):
        decoder.embed(context_of(27))


def test_sampling_is_repeatable_and_seeded(decoder):
    context = context_of(12)
    drawn = [list(decoder.tokens(context, max_new_tokens=12, temperature=1.5, seed=seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_choosing():
    logits = torch.tensor([2.0, 1.0, 0.0, -1.0]).log_softmax(0)
    dice = torch.Generator().manual_seed(0)
    assert choose(logits, temperature=0.0, top_p=1.0, dice=dice) == 0
    drawn = [choose(logits, temperature=1.0, top_p=1.0, dice=dice) for _ in range(4000)]
    shares = torch.bincount(torch.tensor(drawn), minlength=4) / len(drawn)
    torch.testing.assert_close(shares, logits.exp(), atol=0.03, rtol=0)
    few = {choose(logits, temperature=1.0, top_p=0.7, dice=dice) for _ in range(300)}
    assert few == {0, 1}  # .64 is not yet .7, with the second .88 is
    assert {choose(logits, temperature=2.0, top_p=0.01, dice=dice) for _ in range(50)} == {0}


def test_slots_and_memory_must_agree(decoder):
    with pytest.raises(ValueError, match="2 slots and 1 memory tokens"):
        decoder.embed(Context(ids=(1, MEMORY_SLOT, MEMORY_SLOT), memory=torch.zeros(1, 64)))


def test_a_stop_before_and_amid_the_answer(decoder):
    context, cancel = context_of(12), CancelToken()
    words = decoder.tokens(context, max_new_tokens=50, cancel=cancel)
    assert len(list(islice(words, 3))) == 3
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(words)
    with pytest.raises(Cancelled):
        next(decoder.stream(context, cancel=cancel))
    assert len(list(decoder.tokens(context, max_new_tokens=3))) == 3
