"""The training forward pass against transformers' own, on the same random weights."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from engine.training.architecture import COMPRESSOR_SYSTEM, MICRO, build, write_base
from engine.training.batches import Films
from engine.training.clips import Clip, Example
from engine.training.keeping import Keeping
from engine.training.learner import Learner
from engine.training.network import patchify, see, vision_grid
from engine.training.prompts import SLOT, Vocabulary, decoder_opening, decoder_prompt

FILM = Clip(
    pair_times=(("0.3", "1.3"), ("62.4", "63.4"), ("104.5",)),
    centre_times=("1.0", "63.2", "105.3"),
    pictures=np.arange(5),
)
WIDTH, MEMORY = MICRO.width, MICRO.memory_tokens
QUESTIONS = ["When does the dog appear?", "Hi"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    write_base(folder, MICRO)
    torch.manual_seed(0)
    network = build(folder).eval()
    torch.nn.init.normal_(network.memory)
    words = Vocabulary(PreTrainedTokenizerFast.from_pretrained(folder))
    visual = torch.randn(2, 5, 15, WIDTH)

    def sight(clip):
        return [level[torch.as_tensor(clip.pictures)] for level in visual]

    return network, words, Learner(network, words, sight, precision=torch.float32)


@torch.inference_mode()
def test_the_tower_sees_what_transformers_sees(made):
    network, _, _ = made
    frames = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, 2, 96, 160, 3), dtype=np.uint8))
    patches = patchify(frames)
    mine = see(network.svlm.visual, patches, vision_grid(network.svlm.visual, 6, 10))
    theirs = network.svlm.visual(patches.flatten(0, 1), torch.tensor([[1, 6, 10]] * 3))
    for level, expected in zip(mine, [theirs.pooler_output, *theirs.deepstack_features], strict=True):
        torch.testing.assert_close(level.flatten(0, 1), expected, atol=1e-5, rtol=0)


@torch.inference_mode()
def test_memory_tokens_are_what_one_pass_of_transformers_gives(made):
    network, words, learner = made
    memory, asked = learner.compress([FILM], [QUESTIONS], COMPRESSOR_SYSTEM)
    assert learner.scores(asked).shape == (3, 2)
    assert memory.shape == (3, 2, MEMORY, WIDTH)
    for which, question in enumerate(QUESTIONS):
        for place in range(3):
            part = FILM.part(place, place + 1)
            levels = [level.flatten(0, 1) for level in learner.sight(part)]
            expected = whole_pass(network, words, levels, part.pair_times[0], question)
            torch.testing.assert_close(memory[place, which], expected, atol=1e-5, rtol=0)


@torch.inference_mode()
def test_a_film_compressed_in_parts_is_the_film_compressed_at_once(made):
    network, words, learner = made
    whole = learner.compress([FILM, FILM.part(0, 2)], [QUESTIONS, QUESTIONS], COMPRESSOR_SYSTEM)
    piecewise = Learner(network, words, learner.sight, precision=torch.float32, at_once=2)
    for one, other in zip(
        whole, piecewise.compress([FILM, FILM.part(0, 2)], [QUESTIONS, QUESTIONS], COMPRESSOR_SYSTEM), strict=True
    ):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=0)


def test_computing_again_in_the_backward_pass_changes_no_gradient(made):
    network, words, learner = made
    frugal = Learner(network, words, learner.sight, precision=torch.float32, frugal=True)
    found = []
    for one in (learner, frugal):
        network.zero_grad()
        memory, _ = one.compress([FILM], [QUESTIONS], COMPRESSOR_SYSTEM)
        memory.square().sum().backward()
        found.append(network.svlm.language_model.layers[0].mlp.down_proj.weight.grad.clone())
    network.zero_grad()
    assert found[0].abs().sum() > 0
    torch.testing.assert_close(found[0], found[1], atol=1e-6, rtol=1e-5)


def test_a_fixed_compressor_learns_nothing_and_the_decoder_the_same(made):
    network, _, learner = made
    example = Example(FILM, ((QUESTIONS[0], "Then."),), ("when",))
    found = []
    for fixed in (False, True):
        network.zero_grad()
        value, _ = learner(Films((example,), COMPRESSOR_SYSTEM, Keeping(0.0, 1.0), (1,), fixed))
        value.backward()
        found.append((float(value.detach()), network.decoder.model.layers[0].mlp.down_proj.weight.grad.clone()))
        for part in (network.memory, network.svlm.language_model.layers[0].mlp.down_proj.weight):
            assert (part.grad is None) == fixed
        assert network.projector.weight.grad.abs().sum() > 0
    network.zero_grad()
    assert found[0][0] == found[1][0]
    torch.testing.assert_close(found[0][1], found[1][1])


@pytest.mark.parametrize("frugal", [False, True])
def test_layers_that_are_bound_cost_no_backward_pass_and_change_no_gradient(made, frugal):
    network, words, learner = made
    network, bound = deepcopy(network), network.bound_layers
    layers = network.decoder.model.layers
    for one in [*network.projector.parameters(), *layers[:bound].parameters()]:
        one.requires_grad_(False)
    computed, found = [], []
    for layer in layers[:bound]:
        layer.mlp.down_proj.weight.zero_()
        layer.mlp.register_forward_hook(lambda *_: computed.append(1))
    reader = Learner(network, words, learner.sight, precision=torch.float32, frugal=frugal)
    example = Example(FILM, ((QUESTIONS[0], "Then."),), ("when",))
    for count in (bound, 0):
        network.bound_layers = count
        network.zero_grad()
        computed.clear()
        value, _ = reader(Films((example,), COMPRESSOR_SYSTEM, Keeping(0.0, 1.0), (1,), fixed=True))
        value.backward()
        assert bool(computed) == (count == 0)
        found.append((value.detach(), *(one.grad.clone() for one in layers[bound:].parameters())))
    assert bound > 0
    for one, other in zip(*found, strict=True):
        assert one.abs().sum() > 0
        torch.testing.assert_close(one, other, atol=0, rtol=0)


def test_leaving_padding_out_changes_no_gradient(made, monkeypatch):
    network, words, learner = made
    prompts = [
        decoder_prompt(words, FILM, kept, question, "Then.").ids
        for kept in ([4, 1, 3], [1, 1, 1])
        for question in ("When?", "When does the dog appear in the film?")
    ]
    found = []
    for least in (0.95, 0.0):
        monkeypatch.setattr("engine.training.fused.WORTH_PACKING", least)
        network.zero_grad()
        memory, _ = learner.compress([FILM], [QUESTIONS], COMPRESSOR_SYSTEM)
        slots = memory[:, 0].flatten(0, 1)[:11].repeat(2, 1)
        hidden = learner._decode(prompts, slots)
        (memory.square().sum() + hidden[:, 30].square().sum()).backward()
        layers = [network.svlm.language_model.layers[0], network.decoder.model.layers[0]]
        found.append([one.grad.clone() for layer in layers for one in layer.parameters()])
    network.zero_grad()
    for one, other in zip(*found, strict=True):
        assert one.abs().sum() > 0
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


@torch.inference_mode()
def test_attention_for_long_texts_is_the_same_attention(made, monkeypatch):
    _, words, learner = made
    ids = [decoder_prompt(words, FILM, [4, 1, 3], "When?", "Then.").ids]
    slots = torch.randn(8, WIDTH)
    written = learner._decode(ids, slots)
    monkeypatch.setattr("engine.training.network.WRITTEN_OUT", 1)
    torch.testing.assert_close(learner._decode(ids, slots), written, atol=1e-5, rtol=0)


def whole_pass(network, words, levels, times, question):
    """Prompt and memory tokens at once through Qwen3-VL's text model, positions by its own rule."""
    video = "".join(f"<{time} seconds><|vision_start|>{'<|video_pad|>' * 15}<|vision_end|>" for time in times)
    text = (
        f"<|im_start|>system\n{COMPRESSOR_SYSTEM}<|im_end|>\n<|im_start|>user\n{video}\nQuery:\n{question}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    ids = torch.tensor([words.encode(text)])
    shown = ids == words.pad
    positions, _ = network.svlm.get_rope_index(ids, shown.int() * 2, video_grid_thw=torch.tensor([[len(times), 6, 10]]))
    behind = (positions.max() + 1 + torch.arange(MEMORY)).expand(3, 1, -1)
    language = network.svlm.language_model
    embeds = language.embed_tokens(ids).masked_scatter(shown[..., None], levels[0])
    return language(
        inputs_embeds=torch.cat([embeds, network.memory], 1),
        position_ids=torch.cat([positions, behind], 2),
        visual_pos_masks=torch.cat([shown, torch.zeros(1, MEMORY, dtype=torch.bool)], 1),
        deepstack_visual_embeds=[levels[1]],
    ).last_hidden_state[0, -MEMORY:]


@pytest.mark.parametrize("times", [1, 10])
@torch.inference_mode()
def test_the_decoder_reads_what_qwen3_reads(made, times):
    """Ten times as many are read in groups of like length."""
    network, words, learner = made
    long = decoder_prompt(words, FILM, [4, 1, 3], "When does the dog appear?", "The dog appears at 1.0 seconds.").ids
    short = decoder_prompt(words, FILM, [1, 1, 1], "Hi", "No.").ids
    slots = torch.randn(11 * times, WIDTH)
    mine = learner._decode([long, short] * times, network.projector(slots))
    used, opening = 0, len(decoder_opening(words))
    for row, ids in enumerate([long, short] * times):
        table = torch.tensor([ids])
        count = int((table == SLOT).sum())
        embeds = network.decoder.model.embed_tokens(table.clamp_min(0))
        embeds[table == SLOT] = network.projector(slots[used : used + count])
        used += count
        expected = network.decoder.model(inputs_embeds=embeds).last_hidden_state
        torch.testing.assert_close(mine[row, opening : len(ids)], expected[0, opening:], atol=1e-5, rtol=0)
