"""Training prompts as padded batches of token ids, positions and masks.

The compressor's prompt is cut in three so that each is read once: the system text (shared by all), the pictures of a
segment with their times (shared by all questions on it), the question with what follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from engine.training.architecture import ASSISTANT_SYSTEM
from engine.training.clips import Clip

SLOT = -200
IGNORED = -100  # no loss on this token
Reply = Sequence[tuple[str, str]]  # what is told, and what the model has to say to it, in turn


class Vocabulary:
    """Cached encoding of the short texts prompts are made of."""

    def __init__(self, tokenizer: object) -> None:
        encode = tokenizer.encode  # type: ignore[attr-defined]
        self.encode = lru_cache(maxsize=100_000)(lambda text: tuple(encode(text, add_special_tokens=False)))
        self.start, self.end, self.pad, self.stop = (
            self.encode(token)[0] for token in ("<|vision_start|>", "<|vision_end|>", "<|video_pad|>", "<|im_end|>")
        )


@dataclass(frozen=True, slots=True)
class Text:
    """Token ids, and for each what is to be said there (IGNORED where nothing is)."""

    ids: list[int]
    targets: list[int]


@dataclass(frozen=True, slots=True)
class Padded:
    """Token ids [batch, length], which of them are real, and three-axis positions [3, batch, length]."""

    ids: Tensor
    real: Tensor
    positions: Tensor

    @property
    def after(self) -> Tensor:
        """First free position behind each row: [batch]."""
        return torch.where(self.real, self.positions.amax(0), -1).amax(1) + 1

    def to(self, device: torch.device) -> Padded:
        """The same on a device."""
        return Padded(self.ids.to(device), self.real.to(device), self.positions.to(device))


def system_prompt(words: Vocabulary, text: str) -> Padded:
    """What stands before the pictures: one row."""
    ids = words.encode(f"<|im_start|>system\n{text}<|im_end|>\n<|im_start|>user\n")
    return padded([ids], [np.tile(np.arange(len(ids)), (3, 1))])


def pictures(words: Vocabulary, clip: Clip, first: int) -> tuple[list[list[int]], list[np.ndarray]]:
    """Times and picture tokens of each segment, positions from `first`."""
    rows, columns = np.divmod(np.arange(clip.cells), clip.columns)
    ids, places = [], []
    for times in clip.pair_times:
        row: list[int] = []
        place: list[np.ndarray] = []
        position = first
        for time in times:
            stamp = [*words.encode(f"<{time} seconds>"), words.start]
            row += [*stamp, *[words.pad] * clip.cells, words.end]
            place.append(np.tile(np.arange(len(stamp)) + position, (3, 1)))
            position += len(stamp)
            place.append(np.stack([np.zeros_like(rows), rows, columns]) + position)
            position += max(clip.rows, clip.columns)
            place.append(np.full((3, 1), position))
            position += 1
        ids.append(row)
        places.append(np.concatenate(place, 1))
    return ids, places


def query(words: Vocabulary, question: str, reply: Reply = ()) -> Text:
    """The question up to the assistant's turn, then the reply."""
    return _text(words, words.encode(f"\nQuery:\n{question}<|im_end|>\n<|im_start|>assistant\n"), reply)


def noting(words: Vocabulary, question: str, noted: Reply) -> Text:
    """The question, then places for memory: words, behind each of which another is to be said, unseen by the next."""
    text = query(words, question)
    ids, targets = [*text.ids], [*text.targets, IGNORED]
    for place, said in noted:
        ids += words.encode(place)
        targets += words.encode(said)[:1]
    return Text([*ids, words.stop], targets)


def decoder_opening(words: Vocabulary) -> Sequence[int]:
    """What every sequence of the decoder begins with."""
    return words.encode(f"<|im_start|>system\n{ASSISTANT_SYSTEM}<|im_end|>\n<|im_start|>user\n")


def decoder_prompt(words: Vocabulary, clip: Clip, kept: Sequence[int], question: str, reply: str) -> Text:
    """The decoder's whole sequence with SLOT where memory stands."""
    ids = list(decoder_opening(words))
    for time, count in zip(clip.centre_times, kept, strict=True):
        ids += [*words.encode(f"<{time} seconds>"), *[SLOT] * count]
    ids += words.encode(f"\n{question}<|im_end|>\n<|im_start|>assistant\n")
    return _text(words, ids, [("", f"{reply}<|im_end|>")])


def _text(words: Vocabulary, given: Sequence[int], reply: Reply) -> Text:
    ids, targets = list(given), [IGNORED] * len(given)
    for told, said in reply:
        for part, counts in ((told, False), (said, True)):
            tokens = words.encode(part) if part else ()
            ids += tokens
            targets += tokens if counts else [IGNORED] * len(tokens)
    return Text(ids, targets)


def padded(ids: Sequence[Sequence[int]], positions: Sequence[np.ndarray], multiple: int = 4) -> Padded:
    """Right-padded to a common length (a multiple, so that few shapes occur)."""
    length = -(-max(map(len, ids)) // multiple) * multiple
    table = np.zeros((len(ids), length), np.int64)
    real = np.zeros((len(ids), length), bool)
    places = np.zeros((3, len(ids), length), np.int64)
    for row, (one, place) in enumerate(zip(ids, positions, strict=True)):
        table[row, : len(one)], real[row, : len(one)], places[:, row, : len(one)] = one, True, place
    return Padded(torch.from_numpy(table), torch.from_numpy(real), torch.from_numpy(places))


def following(ids: Sequence[Sequence[int]], after: Tensor) -> Padded:
    """Plain text that goes on at position `after` [batch]."""
    first = after.tolist()
    return padded(ids, [np.tile(np.arange(len(one)) + start, (3, 1)) for one, start in zip(ids, first, strict=True)])
