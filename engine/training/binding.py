"""Four first layers of a decoder that start as a way to tell when: which segments are relevant, where they begin and
end, and at what time.

A memory token knows what was seen, the time stamp before it knows when, and an answer wants both in one place. Six
layers that started without this did not find it: after 2,400 steps of stage 3 a linear reading of a memory token told
its own stamp in 19 of 100 cases at best, and moments were missed by one to ten segments. So, at first,

1. the ">" that ends a stamp reads its numbers, which stand at fixed distances before it;
2. memory reads the nearest ">" before it, and every ">" the one before itself and the memory between the two;
3. memory that tells relevance reads that of its ">": it knows what the segment before was, and when;
4. " from" and " at" in an answer read the time where relevance begins, " to" the time before it ends.

All other tokens look at the beginning, which tells them nothing. These layers stay so; all behind them learns to
use it.

Where tokens attend by position, they do so among keys that only the wanted tokens have: a query and a key of equal
amplitudes `a` over the frequencies `w` of the rotary embedding meet with `sum(a**2 * cos(w * distance))`, which is 1 at
no distance and less at any other. What a token is, is read off its normed hidden state by ridge regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as nnf
from torch import Tensor
from transformers.models.qwen3 import Qwen3ForCausalLM

from engine.training.asking.wordings import TRAINED
from engine.training.prompts import Vocabulary
from engine.training.tokens import SECONDS, world_words

LAYERS = 4  # of `Shape.bound_layers`
OFTEN_SAID = (
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<1 seconds>assistant\n"
    "The and the appears appear at from to seconds. Yes, No, are is does do not in of front with says once, text film?"
    " When What Does we see there"
)
SAID = ("<|im_start|>", ">", " from", " at", " to")
KEPT = 3.0  # in proportion to all other rows together: where these are, nothing is written
WHOLE, TENTHS = 4, 2  # how far before the ">" of "<18.2 seconds>" its numbers stand
BEFORE = 10  # how far back the segment before lies, about
MARK_NORM = 4.0  # beside memory's 12
READ = 8.0  # what a reading of a normed hidden state tells of what is there; 0 where it is not
EVEN, OFTEN, ASKED = (
    30.0,
    30.0,
    6.0,
)  # of the ridge regression: its penalty, and the weight of words that stand in every answer
FIRST_NORM = 6.0  # of the beginning: so many look at it that a small change of what it tells would change everything
NUMBER_NORM = 2.0  # of what tells a number from all others
AT_END, IN_MEMORY, IN_ANSWER = 2.0, 0.17, 3.0  # norms of what is written; of memory's own in memory
SHARP = 40.0  # a logit at no distance; a segment of eight memory tokens away it is 11 less
# Bands of frequencies, as shares of all: the first tells a distance exactly, the second the nearest of several.
EXACT, NEAREST = (0.0, 0.625), (0.16, 0.69)
TILT = 0.2  # higher frequencies count more, as this power of theirs


@torch.no_grad()
def bind_times(decoder: Qwen3ForCausalLM, words: Vocabulary, memory: Tensor, relevant: Tensor, to: Places) -> None:
    """Start the decoder's first four layers and its rows of numbers so that they write `to` those places.

    `memory` [segments, memory tokens, width] is a sample as the decoder reads it, every other token of which tells
    relevance, and `relevant` [segments] the truth. Raises `ValueError` if the decoder is too small for it."""
    config, table = decoder.config, decoder.model.embed_tokens.weight
    size, groups = config.head_dim, config.num_attention_heads // config.num_key_value_heads
    if config.num_key_value_heads < 2 or groups < 2 or config.num_hidden_layers <= LAYERS:
        raise ValueError("times are bound by two groups of heads in four layers, which the decoder does not have")
    _renumber(table, words, to)
    of = Readings.of(table.float(), words, memory.float(), relevant.bool(), to)
    rope = _Rope(size, float(config.rope_parameters["rope_theta"]))
    ends, memories, befores, answers = (_Layer(layer) for layer in decoder.model.layers[:LAYERS])
    inside = IN_MEMORY * float(memory.norm(dim=-1).mean())
    exact, near = rope.band(*EXACT), rope.band(*NEAREST)
    idle = 1.5 * _outer(rope.sink, of.text + of.memory)  # the query of a token that wants nothing
    others = _outer(rope.rest, of.text + of.memory) + 2 * _outer(rope.sink, of.first)  # the key of one that has nothing

    ends.keys = [others + 3 * _outer(exact, of.number)] * 2
    for head, far, taken, put in ((0, WHOLE, to.times, to.times), (groups, TENTHS, to.digits, to.tenths)):
        ends.head(head, idle + 3 * _outer(rope.turned(exact, far), of.end), taken, put, AT_END / 11)

    back = idle + 3 * _outer(rope.turned(near, BEFORE), of.end)
    asking = idle + 3 * _outer(near, of.memory)
    memories.keys = [others + 3 * _outer(near, of.end), others + 3 * _outer(near, of.judging)]
    memories.head(0, asking, to.time, to.time, inside / 11)
    memories.head(1, back, to.time, to.time_before, AT_END / 11)
    memories.head(groups, back, of.relevant[None], to.relevant_before[None], AT_END / READ)

    asking = idle + 3 * _outer(near, of.judging)
    befores.keys = [others + 3 * _outer(near, of.end)] * 2
    befores.head(0, asking, to.time_before, to.time_before, inside / 8)
    befores.head(groups, asking, to.relevant_before[None], to.relevant_before[None], inside / 3)

    changed = _outer(rope.slow, of.relevant - 1.5 * to.relevant_before)
    unchanged = others + _outer(rope.rest, 6 * of.end + 3 * (of.memory - of.judging))
    answers.keys = [unchanged + changed, unchanged - changed]
    told = IN_ANSWER / (16 * IN_MEMORY)
    answers.head(0, idle + 3 * _outer(rope.slow, of.starts), to.time, to.time, told)
    answers.head(groups, idle + 3 * _outer(rope.slow, of.stops), to.time_before, to.time, told)


@dataclass(frozen=True, slots=True)
class Places:
    """Orthonormal directions, a row each, in which hidden states have room: there, things are written."""

    times: Tensor  # [3/4 head_dim, width]: whole seconds
    tenths: Tensor  # [1/4 head_dim, width]
    times_before: Tensor
    tenths_before: Tensor
    relevant_before: Tensor  # [width]
    beginning: Tensor
    taken: Tensor  # [rest, width]: where hidden states are, as far as a token differs from another

    @classmethod
    def among(cls, table: Tensor, words: Vocabulary, memory: Tensor, relevant: Tensor, size: int) -> Places:
        """Where words and memory have least, for heads of `size`; the arguments are those of `bind_times`.

        Raises `ValueError` if the decoder is too narrow."""
        counts = [size * 3 // 4, size // 4, size * 3 // 4, size // 4, 2]
        width = table.shape[1]
        if sum(counts) > width * 5 // 8:
            raise ValueError(f"a decoder {width} wide has no room to bind times with heads of {size}")
        yes = relevant.bool()
        means = [memory[:, 1::2][which].mean((0, 1)) for which in (yes, ~yes) if which.any()]
        kept = torch.stack([*table[[words.encode(text)[0] for text in SAID]], *means])
        rows = torch.cat([0.3**0.5 * _shared(table), _shared(memory.flatten(0, 1)), KEPT * nnf.normalize(kept, dim=1)])
        _, directions = torch.linalg.eigh(rows.T @ rows)  # least first
        free = directions.T[: sum(counts)]
        turn = torch.linalg.qr(torch.randn(len(free), len(free), generator=torch.Generator().manual_seed(width))).Q
        times, tenths, times_before, tenths_before, (relevant_before, beginning) = (turn @ free).split(counts)
        taken = directions.T[sum(counts) :]
        return cls(times, tenths, times_before, tenths_before, relevant_before, beginning, taken)

    @property
    def room(self) -> Tensor:
        """What takes all else out of these places: [width, width]."""
        return self.taken.T @ self.taken

    @property
    def mark(self) -> Tensor:
        """What memory bears as a whole: as words turned round, it could not be told from them otherwise. [width]"""
        drawn = torch.randn(len(self.taken), generator=torch.Generator().manual_seed(len(self.taken)))
        return MARK_NORM * nnf.normalize(drawn, dim=0) @ self.taken

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
    def of(cls, table: Tensor, words: Vocabulary, memory: Tensor, relevant: Tensor, to: Places) -> Readings:
        """Fitted to words that are said, and to a sample of memory."""
        texts = [text for texts in TRAINED.values() for text in texts]
        numbers = {words.encode(f"{before}{number}")[0] for before in ("", " ") for number in range(SECONDS)}
        often = set(words.encode(OFTEN_SAID))
        every = {token for text in texts for token in words.encode(text)}
        tokens = sorted(often | every | numbers | {words.encode(f" {word}")[0] for word in world_words()})
        rows = torch.cat([table[tokens], memory.flatten(0, 1)])
        rows = nnf.normalize(rows, dim=1) * table.shape[1] ** 0.5 @ to.taken.T
        usual = torch.tensor([OFTEN if one in often else ASKED if one in every else 1.0 for one in tokens])
        one = {text: words.encode(text)[0] for text in SAID}
        segments, slots, _ = memory.shape

        def reading(wanted: Tensor) -> Tensor:
            heavy = torch.where(wanted == 0, 1.0, len(wanted) / (wanted != 0).sum())
            heavy[: len(tokens)] *= usual
            heavy[tokens.index(one["<|im_start|>"])] = len(wanted)  # who looks at the beginning is told nothing
            weighted = rows * heavy[:, None]
            found = torch.linalg.solve(weighted.T @ rows + EVEN * torch.eye(rows.shape[1]), weighted.T @ wanted)
            read: Tensor = READ * found @ to.taken
            return read

        def said(*chosen: int) -> Tensor:
            return reading(torch.tensor([float(token in chosen) for token in tokens] + [0.0] * segments * slots))

        def held(chosen: Tensor) -> Tensor:
            return reading(torch.cat([torch.zeros(len(tokens)), chosen.flatten()]))

        judging = torch.zeros(segments, slots)
        judging[:, 1::2] = 1
        return cls(
            text=said(*tokens),
            number=said(*numbers),
            first=to.beginning * READ / table.shape[1] ** 0.5,
            end=said(one[">"]),
            starts=said(one[" from"], one[" at"]),
            stops=said(one[" to"]),
            memory=held(torch.ones(segments, slots)),
            judging=held(judging),
            relevant=held(judging * (2 * relevant.float() - 1)[:, None]),
        )


def _shared(rows: Tensor) -> Tensor:
    """As many rows as there are, of one length, and of norm 1 in all."""
    shared: Tensor = nnf.normalize(rows, dim=1) / len(rows) ** 0.5
    return shared


class _Rope:
    """Vectors of a head whose meeting depends on distance as wanted; all of norm 1."""

    def __init__(self, size: int, theta: float) -> None:
        self._frequencies = theta ** (-torch.arange(0, size, 2) / size)
        # The slowest frequencies hardly turn: for what is found anywhere, for what is looked at instead, for what is
        # not to be found.
        self.slow, self.sink, self.rest = torch.eye(size)[[size // 2 - n for n in (1, 2, 3)]]

    def band(self, first: float, last: float) -> Tensor:
        """Equal phases over a band of frequencies."""
        count = len(self._frequencies)
        power = self._frequencies**TILT
        power[: round(first * count)] = power[round(last * count) :] = 0
        return torch.cat([(power / power.sum()).sqrt(), torch.zeros(count)])

    def turned(self, key: Tensor, distance: int) -> Tensor:
        """The query that meets `key` best at `distance`."""
        amplitude, _ = key.chunk(2)
        angle = self._frequencies * -distance
        return torch.cat([amplitude * angle.cos(), amplitude * angle.sin()])


def _outer(found: Tensor, by: Tensor) -> Tensor:
    return found[:, None] * by[None]


def _renumber(table: Tensor, words: Vocabulary, to: Places) -> None:
    """Numbers lie apart again, for training has pushed all of them one way; the beginning has no part in that."""
    drawn = torch.randn(SECONDS, len(to.times), generator=torch.Generator().manual_seed(SECONDS))
    rows = NUMBER_NORM * nnf.normalize(drawn, dim=1) @ to.times
    first = words.encode("<|im_start|>")[0]
    table[first] = (to.taken.T @ (to.taken @ table[first].float()) + FIRST_NORM * to.beginning).to(table.dtype)
    for before in ("", " "):
        places = [words.encode(f"{before}{number}")[0] for number in range(SECONDS)]
        common = to.taken.T @ (to.taken @ table[places].float().mean(0))
        table[places] = (common + rows).to(table.dtype)


class _Layer:
    """A layer that adds nothing yet."""

    def __init__(self, layer: Any) -> None:
        self._attention = layer.self_attn
        self._size, self._groups = layer.self_attn.head_dim, layer.self_attn.num_key_value_groups
        layer.mlp.down_proj.weight.zero_()
        layer.input_layernorm.weight.fill_(1)
        self._attention.o_proj.weight.zero_()
        for norm in (self._attention.q_norm, self._attention.k_norm):
            norm.weight.fill_((SHARP / self._size**0.5) ** 0.5)

    @property
    def keys(self) -> Sequence[Tensor]:
        """Of each group of heads: [head_dim, width]."""
        keys: Sequence[Tensor] = self._attention.k_proj.weight.split(self._size)
        return keys

    @keys.setter
    def keys(self, keys: Sequence[Tensor]) -> None:
        for place, key in zip(self.keys, keys, strict=True):
            place.copy_(key)

    def head(self, number: int, query: Tensor, takes: Tensor, puts: Tensor, scale: float) -> None:
        """A head that asks with `query` [head_dim, width] and adds what it takes [n, width] as `puts` [n, width]."""
        count, value, place = len(takes), number // self._groups * self._size, number * self._size
        self._attention.q_proj.weight[place : place + self._size] = query
        self._attention.v_proj.weight[value : value + count] = takes
        self._attention.o_proj.weight[:, place : place + count] = puts.T * scale
