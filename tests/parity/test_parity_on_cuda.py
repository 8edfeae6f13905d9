"""The published numbers on a CUDA device: in float32 the same ids, features and logits as on the CPU, in bfloat16 near.

The same runs on the CPU, so that it does not break unseen where there is no card.
"""

import pytest
import torch

from engine.recall.context import build_context
from engine.weights.loading import load_model
from tests.parity.oracle import batch_of, golden, segments_of, tempo_folder
from tests.parity.packing import PROBED

TOLERANCE = 1e-4
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.needs_cuda)]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ["portrait_tail5", "tight"])  # all their frames are kept, one has a short segment
def test_features_logits_and_greedy_ids(name, device):
    case = golden()[name]
    model = load_model(tempo_folder(), device=device, precision="fp32")
    memories = model.compressor.distil(model.compressor.index(batch_of(name)), str(case["query"]))
    features = torch.stack([memory.tokens for memory in memories])[:, PROBED].cpu()
    torch.testing.assert_close(features, torch.from_numpy(case["memory_features"]), atol=TOLERANCE, rtol=0)
    scores = torch.tensor([memory.score for memory in memories], dtype=torch.float64)
    torch.testing.assert_close(scores, torch.from_numpy(case["relevance"]), atol=TOLERANCE, rtol=0)
    shares = case["allocation"].tolist()
    context = build_context(model.tokenizer, segments_of(case), memories, shares, str(case["query"]))
    logits = torch.from_numpy(case["next_token_logits"])
    torch.testing.assert_close(model.decoder.logits(context), logits, atol=TOLERANCE, rtol=0)
    expected = case["greedy_ids"][0].tolist()
    assert list(model.decoder.tokens(context, max_new_tokens=len(expected))) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ["portrait_tail5", "tight"])
def test_bfloat16_is_near(name, device):
    case = golden()[name]
    model = load_model(tempo_folder(), device=device, precision="bf16")
    memories = model.compressor.distil(model.compressor.index(batch_of(name)), str(case["query"]))
    features = torch.stack([memory.tokens for memory in memories])[:, PROBED].float().cpu()
    alike = torch.nn.functional.cosine_similarity(features, torch.from_numpy(case["memory_features"]), dim=-1)
    assert alike.min() > 0.98
    scores = torch.tensor([memory.score for memory in memories], dtype=torch.float64)
    torch.testing.assert_close(scores, torch.from_numpy(case["relevance"]), atol=0.03, rtol=0)
