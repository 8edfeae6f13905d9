"""The training forward pass against transformers' own, on the same random weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from engine.training.architecture import COMPRESSOR_SYSTEM, MEMORY_TOKENS, TEXT_WIDTH, build, write_base
from engine.training.drafts import DraftFilm
from engine.training.network import patchify, see, vision_grid
from engine.training.prompts import SLOT, Vocabulary, decoder_prompt
from engine.training.stages import Stages

FILM = DraftFilm(
    rows=(0, 1, 2),
    things=((0,), (1, 2), (3,)),
    pair_times=(("0.3", "1.3"), ("62.4", "63.4"), ("104.5", "105.6")),
    centre_times=("1.0", "63.2", "105.3"),
    offset_seconds=0,
)
QUESTIONS = ["When does the dog appear?", "Hi"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    write_base(folder)
    torch.manual_seed(0)
    network = build(folder).eval()
    torch.nn.init.normal_(network.memory)
    words = Vocabulary(PreTrainedTokenizerFast.from_pretrained(folder))
    visual = torch.randn(3, 2, 30, TEXT_WIDTH)
    return network, words, Stages(network, words, pool=None, visual=visual)


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
    network, words, stages = made
    memory, scores = stages.compress([FILM], [QUESTIONS], COMPRESSOR_SYSTEM)
    assert len(scores[0][1]) == 3
    assert memory.shape == (1, 2, 3, MEMORY_TOKENS, TEXT_WIDTH)
    for which, question in enumerate(QUESTIONS):
        for place in range(3):
            expected = whole_pass(network, words, stages.visual[place], FILM.pair_times[place], question)
            torch.testing.assert_close(memory[0, which, place], expected, atol=1e-5, rtol=0)


def whole_pass(network, words, levels, times, question):
    """Prompt and memory tokens at once through Qwen3-VL's text model, positions by its own rule."""
    video = "".join(f"<{time} seconds><|vision_start|>{'<|video_pad|>' * 15}<|vision_end|>" for time in times)
    text = (
        f"<|im_start|>system\n{COMPRESSOR_SYSTEM}<|im_end|>\n<|im_start|>user\n{video}\nQuery:\n{question}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    ids = torch.tensor([words.encode(text)])
    shown = ids == words.pad
    positions, _ = network.svlm.get_rope_index(ids, shown.int() * 2, video_grid_thw=torch.tensor([[2, 6, 10]]))
    behind = (positions.max() + 1 + torch.arange(MEMORY_TOKENS)).expand(3, 1, -1)
    language = network.svlm.language_model
    embeds = language.embed_tokens(ids).masked_scatter(shown[..., None], levels[0])
    return language(
        inputs_embeds=torch.cat([embeds, network.memory], 1),
        position_ids=torch.cat([positions, behind], 2),
        visual_pos_masks=torch.cat([shown, torch.zeros(1, MEMORY_TOKENS, dtype=torch.bool)], 1),
        deepstack_visual_embeds=[levels[1]],
    ).last_hidden_state[0, -MEMORY_TOKENS:]


@torch.inference_mode()
def test_the_decoder_reads_what_qwen3_reads(made):
    network, words, stages = made
    long = decoder_prompt(words, FILM, [8, 1, 3], "When does the dog appear?", "The dog appears at 1.0 seconds.").ids
    short = decoder_prompt(words, FILM, [1, 1, 1], "Hi", "No.").ids
    slots = torch.randn(15, TEXT_WIDTH)
    mine = stages._decode([long, short], network.projector(slots))
    used = 0
    for row, ids in enumerate([long, short]):
        table = torch.tensor([ids])
        count = int((table == SLOT).sum())
        embeds = network.decoder.model.embed_tokens(table.clamp_min(0))
        embeds[table == SLOT] = network.projector(slots[used : used + count])
        used += count
        expected = network.decoder.model(inputs_embeds=embeds).last_hidden_state
        torch.testing.assert_close(mine[row, : len(ids)], expected[0], atol=1e-5, rtol=0)
