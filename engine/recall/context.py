"""Memory tokens, shares and the question in; what the decoder reads out.

    system text | for each segment: "<12.0 seconds>" and its first `share` memory tokens | question | answer prompt

Every text is tokenised on its own and the pieces are joined, as the published code does, so that a time stamp always
becomes the same ids. Time stamps do not count against the budget, but they do take positions in the decoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.errors import BudgetError, QuestionError
from engine.records import MEMORY_SLOT, Context, Memory, Segment

HEAD = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
TAIL = "\n{question}<|im_end|>\n<|im_start|>assistant\n"
STAMP = "<{seconds:.1f} seconds>"
ANSWER_PART = 4  # the answer may reserve at most this fraction (1/4) of a decoder's positions


class Tokenizer(Protocol):
    """What this file needs of a tokenizer."""

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        """Return the ids of `text`; special tokens written in it are recognised."""


@dataclass(frozen=True, slots=True)
class Room:
    """What fits into the decoder."""

    budget: int  # memory tokens, at most what was asked for
    answer: int  # new tokens, at most what was asked for
    note: str = ""  # one sentence if the budget had to shrink


def build_context(
    tokenizer: Tokenizer, segments: Sequence[Segment], memories: Sequence[Memory], shares: Sequence[int], question: str
) -> Context:
    """Join the pieces: ids with a `MEMORY_SLOT` for every kept memory token, and these tokens, in film order."""
    import torch

    if not len(segments) == len(memories) == len(shares):
        raise ValueError(f"{len(segments)} segments, {len(memories)} memories and {len(shares)} shares")
    ids = _encode(tokenizer, HEAD)
    kept = []
    for segment, memory, share in zip(segments, memories, shares, strict=True):
        if share > len(memory.tokens):
            raise ValueError(f"segment {segment.index} has {len(memory.tokens)} memory tokens, not {share}")
        ids += _encode(tokenizer, stamp(segment)) + [MEMORY_SLOT] * share
        kept.append(memory.tokens[:share])
    ids += _encode(tokenizer, TAIL.format(question=question))
    return Context(ids=tuple(ids), memory=torch.cat(kept))  # [slots, compressor_width]


def stamp(segment: Segment) -> str:
    """Return the words that tell the decoder when a segment is shown."""
    return STAMP.format(seconds=segment.centre_seconds)


def text_length(tokenizer: Tokenizer, segments: Sequence[Segment], question: str) -> int:
    """Return the positions taken by everything but memory tokens."""
    texts = [HEAD, *map(stamp, segments), TAIL.format(question=question)]
    return sum(len(_encode(tokenizer, text)) for text in texts)


def fit_budget(budget: int, *, segments: int, ceiling: int, text: int, answer: int, limit: int) -> Room:
    """Shrink `budget` until text, memory tokens and the answer fit into the decoder's `limit` positions.

    `text` counts positions that are not memory, `answer` the new tokens asked for (at most a quarter of the limit is
    kept free for them). Raises `QuestionError` if the words alone do not fit, `BudgetError` if the film does not.
    """
    answer = min(answer, limit // ANSWER_PART)
    free = limit - text - answer
    if free < segments:
        raise _too_long(segments, text, free, limit)
    wanted = min(budget, segments * ceiling)
    if wanted <= free:
        return Room(budget=budget, answer=answer)
    note = f"The budget shrank from {budget} to {free} tokens, because the decoder reads at most {limit} positions."
    return Room(budget=free, answer=answer, note=note)


def _too_long(segments: int, text: int, free: int, limit: int) -> QuestionError:
    words = (
        f"The decoder reads at most {limit} positions; the question and the times of {segments} segments take {text}"
    )
    if free < 1:
        return QuestionError(f"{words}.", advice="Ask a shorter question, sample fewer frames, or ask about a range.")
    return BudgetError(
        f"{words}, which leaves {free} tokens, fewer than one a segment.",
        advice="Sample fewer frames or ask about a shorter range.",
    )


def _encode(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False)
