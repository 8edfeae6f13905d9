"""What fewer bits cost in right answers and relevance, at each precision and with every matrix in 4 bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.evaluation.ranks import rank_correlation
from engine.evaluation.world import Outcome, evaluate
from engine.libraries import bitsandbytes_loaded
from engine.settings import Settings
from engine.weights.loading import LoadedModel, load_model
from engine.weights.quantise import is_quantised

EXACT = "fp32"
WAYS = (EXACT, "bf16", "int8", "nf4", "all in nf4")


@dataclass(frozen=True, slots=True)
class Cost:
    """One precision over all questions."""

    way: str
    questions: int
    right: float
    same_answer: float  # word for word, as at fp32
    rank_correlation: float  # Spearman's of the segments' scores, mean over the questions
    least_correlation: float


def measure_precisions(settings: Settings, *, films: int, segments: int) -> Iterator[Cost]:
    """Ask the same questions at every precision."""
    exact: list[Outcome] = []
    for way in WAYS:
        name = "nf4" if way.startswith("all") else way
        model = load_model(settings.model, device="cpu", precision=name)
        if name != way:
            everything_in_4_bits(model)
        chosen = replace(settings, precision=name, device="cpu")
        outcomes = evaluate(chosen, films=films, segments=segments, each=2, model=model)
        exact = exact or outcomes
        ranks = [rank_correlation(np.array(a.scores), np.array(b.scores)) for a, b in zip(exact, outcomes, strict=True)]
        same = [a.text == b.text for a, b in zip(exact, outcomes, strict=True)]
        right = [one.right for one in outcomes]
        yield Cost(
            way, len(outcomes), float(np.mean(right)), float(np.mean(same)), float(np.mean(ranks)), float(np.min(ranks))
        )


def everything_in_4_bits(model: LoadedModel) -> None:
    """Give every matrix that is not quantised the values that NF4 would leave it: vision tower, merger, projector,
    memory tokens, embeddings, and with them the output head."""
    four_bit = bitsandbytes_loaded().functional
    for name, parameter in model.network.named_parameters():
        if parameter.ndim > 1 and not is_quantised(name, "nf4"):
            codes, state = four_bit.quantize_4bit(
                parameter.data.contiguous(), quant_type="nf4", compress_statistics=True
            )
            parameter.data = four_bit.dequantize_4bit(codes, state).to(parameter.dtype).reshape(parameter.shape)


def table(costs: Iterable[Cost]) -> str:
    """For a reader."""
    lines = [f"  {'':12}{'questions':>10}{'right':>8}{'same words':>12}{'rank correlation':>18}{'least':>8}"]
    lines += [
        f"  {one.way:12}{one.questions:>10}{one.right:>8.1%}{one.same_answer:>12.1%}{one.rank_correlation:>18.4f}"
        f"{one.least_correlation:>8.3f}"
        for one in costs
    ]
    return "\n".join(lines)
