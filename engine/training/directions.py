"""Directions among the decoder's hidden states: where there is room to write, and what tells kinds of tokens apart.

What a word is, is read off its normed hidden state by ridge regression on words and a sample of memory. What memory is,
the projector writes to places of its own: of what it keeps of a name there is too little to tell it from Yes or No.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as nnf
from torch import Tensor

from engine.training.asking.wordings import TRAINED
from engine.training.prompts import Vocabulary
from engine.training.tokens import SECONDS, world_words

OFTEN_SAID = (
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<1 seconds>assistant\n"
    "The and the appears appear at from to seconds. Yes, No, are is does do not in of front with says once, text film?"
    " When What Does we see there"
)
SAID = ("<|im_start|>", ">", " from", " at", " to")
KEPT = 3.0  # in proportion to all other rows together: where these are, nothing is written
READ = 8.0  # what a reading of a normed hidden state tells of what is there; 0 where it is not
MARK_NORM = 4.0  # of what the projector says a token of memory is, beside memory's 12
EVEN, EVEN_AMONG_MEMORY = 30.0, 1.0  # the penalties of ridge regression
OFTEN, ASKED = 300.0, 6.0  # weights of words that stand in every answer, and of those in questions


@dataclass(frozen=True, slots=True)
class Places:
    """Orthonormal directions, a row each, in which hidden states have room: there, things are written."""

    times: Tensor  # [3/4 head_dim, width]: whole seconds
    tenths: Tensor  # [1/4 head_dim, width]
    times_before: Tensor
    tenths_before: Tensor
    relevant_before: Tensor  # [width]
    beginning: Tensor
    text: Tensor  # that it is text
    end: Tensor  # and the end of a time stamp
    memory: Tensor  # that it is memory
    judging: Tensor  # that it tells relevance
    relevant: Tensor  # and that it tells Yes
    taken: Tensor  # [rest, width]: where hidden states are, as far as a token differs from another

    @classmethod
    def among(cls, table: Tensor, words: Vocabulary, memory: Tensor, relevant: Tensor, size: int) -> Places:
        """Where words and memory have least, for heads of `size`; the arguments are those of `bind_times`.

        Raises `ValueError` if the decoder is too narrow."""
        counts = [size * 3 // 4, size // 4, size * 3 // 4, size // 4, 7]
        width = table.shape[1]
        if sum(counts) > width * 5 // 8:
            raise ValueError(f"a decoder {width} wide has no room to bind times with heads of {size}")
        yes = relevant.bool()
        means = [memory[:, ::2][which].mean((0, 1)) for which in (yes, ~yes) if which.any()]
        kept = torch.stack([*table[[words.encode(text)[0] for text in SAID]], *means])
        rows = torch.cat([0.3**0.5 * _shared(table), _shared(memory.flatten(0, 1)), KEPT * nnf.normalize(kept, dim=1)])
        _, directions = torch.linalg.eigh(rows.T @ rows)  # least first
        free = directions.T[: sum(counts)]
        turn = torch.linalg.qr(torch.randn(len(free), len(free), generator=torch.Generator().manual_seed(width))).Q
        times, tenths, times_before, tenths_before, others = (turn @ free).split(counts)
        before, beginning, text, end, held, judging, yes = others
        return cls(
            times, tenths, times_before, tenths_before, before, beginning, text, end, held, judging, yes,
            directions.T[sum(counts) :],
        )  # fmt: skip

    def writing(self, memory: Tensor, relevant: Tensor, names: Tensor) -> tuple[Tensor, Tensor]:
        """A linear map [width, width] and its bias, which take memory out of all places and write what it is to three
        of them, as the sample says (`bind_times`); `names` [count, width] are none of them about relevance."""
        judging = torch.zeros(memory.shape[:2])
        judging[:, ::2] = 1
        says = judging * (2 * relevant.float() - 1)[:, None]
        rows = torch.cat([memory.flatten(0, 1), names])
        rows = rows - rows @ self.text[:, None] * self.text
        wanted = nnf.pad(torch.stack([judging.flatten(), says.flatten()], 1), (0, 0, 0, len(names)))
        square = rows.T @ rows + EVEN_AMONG_MEMORY * torch.eye(rows.shape[1]) * rows.square().mean()
        found = MARK_NORM * torch.linalg.solve(square, rows.T @ wanted)  # [width, 2]
        return self.taken.T @ self.taken + torch.stack([self.judging, self.relevant], 1) @ found.T, (
            MARK_NORM * self.memory
        )

    @property
    def time(self) -> Tensor:
        """A segment's own: [head_dim, width]."""
        return torch.cat([self.times, self.tenths])

    @property
    def time_before(self) -> Tensor:
        """That of the segment before it: [head_dim, width]."""
        return torch.cat([self.times_before, self.tenths_before])

    @property
    def digits(self) -> Tensor:
        """What tells numbers of one digit from each other: [1/4 head_dim, width]."""
        return 2 * self.times[: len(self.tenths)]


@dataclass(frozen=True, slots=True)
class Readings:
    """Vectors whose product with a normed hidden state is about `READ` where a token is of a kind, else about 0."""

    text: Tensor
    number: Tensor
    first: Tensor
    end: Tensor
    starts: Tensor
    stops: Tensor
    memory: Tensor
    judging: Tensor  # memory that tells relevance
    relevant: Tensor  # there, READ or -READ

    @classmethod
    def of(cls, table: Tensor, words: Vocabulary, memory: Tensor, to: Places) -> Readings:
        """Fitted to words that are said, and to a sample of memory as it was written."""
        texts = [text for texts in TRAINED.values() for text in texts]
        numbers = {words.encode(f"{before}{number}")[0] for before in ("", " ") for number in range(SECONDS)}
        often = set(words.encode(OFTEN_SAID))
        every = {token for text in texts for token in words.encode(text)}
        tokens = sorted(often | every | numbers | {words.encode(f" {word}")[0] for word in world_words()})
        written = memory.flatten(0, 1)
        rows = nnf.normalize(torch.cat([table[tokens], written]), dim=1) * table.shape[1] ** 0.5
        seen = rows[len(tokens) :].view_as(memory)
        told, rows = rows[: len(tokens)], rows @ to.taken.T
        usual = torch.tensor([OFTEN if one in often else ASKED if one in every else 1.0 for one in tokens])
        one = {text: words.encode(text)[0] for text in SAID}

        def said(*chosen: int) -> Tensor:
            wanted = torch.tensor([float(token in chosen) for token in tokens] + [0.0] * len(written))
            heavy = torch.where(wanted == 0, 1.0, len(wanted) / (wanted != 0).sum())
            heavy[: len(tokens)] *= usual
            heavy[tokens.index(one["<|im_start|>"])] = len(wanted)  # who looks at the beginning is told nothing
            weighted = rows * heavy[:, None]
            found = torch.linalg.solve(weighted.T @ rows + EVEN * torch.eye(rows.shape[1]), weighted.T @ wanted)
            read: Tensor = READ * found @ to.taken
            return read

        def held(place: Tensor, where: Tensor) -> Tensor:
            return place * READ / (where @ place).abs().mean()

        return cls(
            text=held(to.text, told),
            number=said(*numbers),
            first=to.beginning * READ / table.shape[1] ** 0.5,
            end=held(to.end, told[[tokens.index(one[">"])]]),
            starts=said(one[" from"], one[" at"]),
            stops=said(one[" to"]),
            memory=held(to.memory, seen),
            judging=held(to.judging, seen[:, 2::2]),
            relevant=held(to.relevant, seen[:, 2::2]),
        )


def _shared(rows: Tensor) -> Tensor:
    """As many rows as there are, of one length, and of norm 1 in all."""
    shared: Tensor = nnf.normalize(rows, dim=1) / len(rows) ** 0.5
    return shared
