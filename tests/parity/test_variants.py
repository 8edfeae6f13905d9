"""Every head and projector that a checkpoint may have, on all five cases, through the code that loads any model.

What lies before the projector (features, scores, shares) must be the published numbers whatever comes behind it. Behind
it nothing was published but for one head and one projector: there the decoder is held to `reference.py`, and that to
the published numbers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.recall.allocation import allocate
from engine.recall.context import build_context
from engine.records import Context, Memory
from engine.weights.loading import LoadedModel, load_model
from tests.parity.oracle import CASES, all_memories, batch_of, golden, segments_of, tempo_folder, tiny_model, variant
from tests.parity.packing import PROBED
from tests.parity.reference import PROJECTOR, ReferenceDecoder

TOLERANCE = 1e-4
HEADS, PROJECTORS = ("untied", "tied"), ("linear", "mlp2x_gelu")
WRITTEN = 24  # tokens
STOPS = (420,)  # <|im_end|> of the tiny vocabulary


@pytest.fixture(scope="module")
def variants(tmp_path_factory):
    """A checkpoint and its loaded model by head and projector, made from the given one when first asked for."""

    @cache
    def made(head: str, projector: str) -> tuple[Path, LoadedModel]:
        folder = variant(
            tmp_path_factory.mktemp(f"{head}-{projector}"),
            config=lambda content: content.update(tie_word_embeddings=head == "tied", mm_projector_type=projector),
            tensors=lambda held: change(held, head, projector),
        )
        return folder, load_model(folder, device="cpu", precision="fp32")

    return made


def change(held: dict[str, torch.Tensor], head: str, projector: str) -> None:
    """Another head and projector; norms and bias, all ones and zeros in the given checkpoint, become numbers."""
    dice = torch.Generator().manual_seed(4)
    for name, tensor in held.items():
        if name.endswith("norm.weight") and "vision_tower" not in name:
            held[name] = 1 + torch.randn(tensor.shape, generator=dice) / 4
    held[f"{PROJECTOR}.bias"] = torch.randn(96, generator=dice) / 4
    if head == "tied":
        del held["lm_head.weight"]
    if projector == "mlp2x_gelu":
        for leaf in ("weight", "bias"):
            held[f"{PROJECTOR}.0.{leaf}"] = held.pop(f"{PROJECTOR}.{leaf}")
        held[f"{PROJECTOR}.2.weight"] = torch.randn(96, 96, generator=dice) / 4
        held[f"{PROJECTOR}.2.bias"] = torch.randn(96, generator=dice) / 4


def memories_of(model: LoadedModel, name: str) -> list[Memory]:
    return model.compressor.distil(model.compressor.index(batch_of(name)), str(golden()[name]["query"]))


def context_of(model: LoadedModel, name: str, memories: list[Memory]) -> Context:
    case = golden()[name]
    return build_context(model.tokenizer, segments_of(case), memories, case["allocation"].tolist(), str(case["query"]))


@pytest.mark.parametrize("name", CASES)
def test_the_reference_is_held_to_the_published_numbers(name):
    case = golden()[name]
    context = context_of(tiny_model(), name, all_memories(case, memories_of(tiny_model(), name)))
    expected = case["greedy_ids"][0].tolist()
    logits = ReferenceDecoder(tempo_folder()).logits(context.ids, context.memory.numpy(), expected[:-1])
    assert np.abs(logits[0] - case["next_token_logits"]).max() < TOLERANCE
    assert logits.argmax(axis=1).tolist() == expected


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("projector", PROJECTORS)
@pytest.mark.parametrize("name", CASES)
def test_features_scores_and_shares_are_the_published_ones(variants, head, projector, name):
    case, (_, model) = golden()[name], variants(head, projector)
    memories = memories_of(model, name)
    features = torch.stack([memory.tokens for memory in memories])[:, PROBED].numpy()
    assert np.abs(features - case["memory_features"][: len(memories)]).max() < TOLERANCE
    scores = [memory.score for memory in all_memories(case, memories)]
    assert scores == pytest.approx(case["relevance"].tolist(), abs=TOLERANCE)
    assert allocate(scores, int(case["budget"])) == case["allocation"].tolist()


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("projector", PROJECTORS)
@pytest.mark.parametrize("name", CASES)
def test_logits_and_answer_are_those_of_the_reference(variants, head, projector, name):
    folder, model = variants(head, projector)
    context = context_of(model, name, all_memories(golden()[name], memories_of(model, name)))
    written = list(model.decoder.tokens(context, max_new_tokens=WRITTEN))
    reference = ReferenceDecoder(folder).logits(context.ids, context.memory.numpy(), written)
    assert np.abs(model.decoder.logits(context).numpy() - reference[0]).max() < TOLERANCE
    likeliest = reference.argmax(axis=1).tolist()  # what greedy writes, as long as both agree on what came before
    assert written == likeliest[: len(written)]
    assert len(written) == WRITTEN or likeliest[len(written)] in STOPS
