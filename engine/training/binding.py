"""Four first layers of a decoder that start as a way to tell when: which segments are relevant, where they begin and
end, and at what time.

A memory token knows what was seen, the time stamp before it knows when, and an answer wants both in one place. Six
layers that started without this did not find it: after 2,400 steps of stage 3 a linear reading of a memory token told
its own stamp in 19 of 100 cases at best, and moments were missed by one to ten segments. So, at first,

1. the ">" that ends a stamp reads its numbers, which stand at fixed distances before it;
2. memory reads the nearest ">" before it, and every ">" the one before itself and the memory between the two;
3. memory that tells relevance reads that of its ">": it knows what the segment before was, and when;
4. " from" and " at" in an answer read the time where relevance begins, " to" the time before it ends.

All other tokens look at the beginning, which tells them nothing. These layers stay so; those behind them learn
to use it.

Where tokens attend by position, they do so among keys that only the wanted tokens have: a query and a key of equal
amplitudes `a` over the frequencies `w` of the rotary embedding meet with `sum(a**2 * cos(w * distance))`, which is 1 at
no distance and less at any other. What a token is, is read off its hidden state (`directions.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as nnf
from torch import Tensor
from transformers.models.qwen3 import Qwen3ForCausalLM

from engine.training.directions import READ, SAID, Places, Readings
from engine.training.prompts import Vocabulary
from engine.training.tokens import SECONDS

LAYERS = 4  # as `Shape.bound_layers` has it
WHOLE, TENTHS = 4, 2  # how far before the ">" of "<18.2 seconds>" its numbers stand
BEFORE = 10  # how far back the segment before lies, about
FIRST_NORM = 6.0  # of the beginning: so many look at it that a small change of what it tells would change everything
TEXT_NORM = 0.7  # of what tells text from memory
NUMBER_NORM = 2.0  # of what tells a number from all others
AT_END, IN_MEMORY, IN_ANSWER = 2.0, 0.17, 3.0  # norms of what is written; of memory's own in memory
SHARP = 40.0  # a logit at no distance; a segment of eight memory tokens away it is 11 less
# Bands of frequencies, in radians a position: the first tells a distance exactly, the second the nearest of several.
EXACT, NEAREST = (1.0, 0.0032), (0.23, 0.0017)
SPECIAL = 3  # dimensions of a head that are used for what has no distance (`_Rope`)
TILT = 0.2  # higher frequencies count more, as this power of theirs


@torch.no_grad()
def bind_times(decoder: Qwen3ForCausalLM, words: Vocabulary, memory: Tensor, to: Places) -> None:
    """Start the decoder's first four layers and its rows of numbers so that they write `to` those places.

    `memory` [segments, memory tokens, width] is a sample as the decoder reads it, every other token of which, from the
    first on, tells relevance. Raises `ValueError` if the decoder is too small for it."""
    config, table = decoder.config, decoder.model.embed_tokens.weight
    size, groups = config.head_dim, config.num_attention_heads // config.num_key_value_heads
    if config.num_key_value_heads < 2 or groups < 2 or config.num_hidden_layers <= LAYERS:
        raise ValueError("times are bound by two groups of heads in four layers, which the decoder does not have")
    _renumber(table, words, to)
    own = torch.stack([to.text, to.end, to.memory, to.judging, to.relevant, to.relevant_before])
    table += TEXT_NORM * to.text - table @ own.T @ own  # all alike, so that no word is said sooner for it
    table[words.encode(">")[0]] += TEXT_NORM * to.end
    of = Readings.of(table.float(), words, memory.float(), to)
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

    changed = 1.5 * _outer(rope.slow, of.relevant - 1.5 * to.relevant_before)
    unchanged = others + _outer(rope.rest, 12 * of.end + 4 * of.memory - 3 * of.judging)
    answers.keys = [unchanged + changed, unchanged - changed]
    told = IN_ANSWER / (16 * IN_MEMORY)
    answers.head(0, idle + 3 * _outer(rope.slow, of.starts), to.time, to.time, told)
    answers.head(groups, idle + 3 * _outer(rope.slow, of.stops), to.time_before, to.time, told)


@torch.no_grad()
def level_words(decoder: Qwen3ForCausalLM, words: Vocabulary, bound: int) -> None:
    """Make words alike again in what the keys of `bound` layers are read from, as `bind_times` makes them, but for the
    few that it set apart; 0 layers: nothing.

    Words learn, as rows of the output's table too. One that drifts into the direction of a change of relevance is found
    in its place (" to" read "105" in all of 16 answers about 64 segments); one that loses what tells it from memory has
    a key of next to nothing, which its norm makes into anything (" at" and " from" read "111" in all of 5, later)."""
    if not bound:
        return
    table, size = decoder.model.embed_tokens.weight, decoder.config.head_dim
    keys = [key for layer in decoder.model.layers[:bound] for key in layer.self_attn.k_proj.weight.split(size)]
    places = [_slow(size) - number for number in range(SPECIAL)]
    _, sizes, directions = torch.linalg.svd(torch.cat([key[places] for key in keys]), full_matrices=False)
    directions = directions[sizes > 1e-3 * sizes[0]]
    alike = torch.ones(len(table), dtype=torch.bool, device=table.device)
    alike[[words.encode(word)[0] for word in SAID]] = False
    read = table @ directions.T
    table[alike] += (read[alike].median(0).values - read[alike]) @ directions


def _slow(size: int) -> int:
    """Which of a head's dimensions is used for what is found at any distance."""
    return size // 2 - 1


class _Rope:
    """Vectors of a head whose meeting depends on distance as wanted; all of norm 1."""

    def __init__(self, size: int, theta: float) -> None:
        self._frequencies = theta ** (-torch.arange(0, size, 2) / size)
        # The slowest frequencies hardly turn: for what is found anywhere, for what is looked at instead, for what is
        # not to be found.
        self.slow, self.sink, self.rest = torch.eye(size)[[_slow(size) - n for n in range(SPECIAL)]]

    def band(self, highest: float, lowest: float) -> Tensor:
        """Equal phases over a band of frequencies."""
        within = (self._frequencies <= highest) & (self._frequencies > lowest)
        power = self._frequencies**TILT * within
        return torch.cat([(power / power.sum()).sqrt(), torch.zeros(len(power))])

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
