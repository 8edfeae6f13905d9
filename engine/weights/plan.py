"""What a question will take in memory, before anything is loaded: a checkpoint's header, a film and settings in, a plan
out.

On the device stand the weights, and while segments are compressed their activations and what is kept of others (the
prefix tier); while the answer is written, the decoder's keys and values. What does not fit is made to, in this order:
a smaller prefix tier, smaller batches, both models one after the other, fewer frames. Arithmetic only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.memory.microbatch import bytes_a_segment, most_at_once
from engine.settings import MEGABYTE
from engine.weights.network import COMPRESSOR, LOOKED_UP
from engine.weights.quantise import BLOCK, held_tensors, is_quantised
from engine.weights.shapes import tempo_6b_tensors
from engine.weights.tensors import Tensors

if TYPE_CHECKING:
    from torch import nn

    from engine.weights.checkpoint import Json, TempoConfig

NESTED_BLOCK = 256  # scales that share a scale
TABLES = 4 * (16 + 256 + 1)  # bytes of one nf4 matrix's two code tables and its offset
STAMP_POSITIONS = 10  # "<1234.5 seconds>" in the decoder's tokens
WORDS_AROUND = 200  # positions of system text and question
TURNS = "Compressor and decoder take turns on the device: every question takes some seconds longer."
FEWER_PREFIXES = "Less of the film is kept ready on the device: a second question takes longer."
SMALLER_BATCHES = "Fewer segments are compressed at once, for want of memory."
SAFE = 0.95  # of what is free: activations are estimated
RESERVE = 300 * MEGABYTE  # what the driver and the allocator keep for themselves on a card


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes of weights."""

    compressor: int  # on the device while segments are compressed
    decoder: int  # on the device while the answer is written; the projector counted in
    host: int  # only looked up, so they may stay in host memory

    @property
    def total(self) -> int:
        """All of them."""
        return self.compressor + self.decoder + self.host

    @property
    def device(self) -> int:
        """What a device holds if both models stay on it."""
        return self.compressor + self.decoder


@dataclass(frozen=True, slots=True)
class Work:
    """What a film and the settings ask for."""

    segments: int
    tokens: int  # visual tokens a segment
    frames_per_segment: int
    budget: int  # memory tokens for the whole film
    max_new_tokens: int
    prefix_bytes: int  # what the prefix tier may take on the device
    micro_batch: int | None = None  # None: as many as fit


@dataclass(frozen=True, slots=True)
class Plan:
    """Bytes on the device, and what was decided so that they fit."""

    precision: str
    device: str
    free: int
    weights: Held
    activations: int  # of a batch of segments
    cache: int  # the decoder's keys and values
    prefixes: int  # tier on the device
    micro_batch: int
    together: bool  # both models stay on the device; else one after the other
    fits: bool
    most_frames: int | None = None  # to be read; None: as many as were asked for
    tier_limit: int | None = None  # bytes; None: as much as was allowed
    changed: tuple[str, ...] = ()  # one sentence for each thing that is less than was asked for

    @property
    def peak(self) -> int:
        """The most that stands on the device at once."""
        compressing = self.weights.compressor + self.activations + self.prefixes
        writing = self.weights.decoder + self.cache + self.prefixes
        if not self.together:
            return max(compressing, writing)
        return self.weights.device + self.prefixes + max(self.activations, self.cache)

    @property
    def verdict(self) -> str:
        """In the words of the models pane."""
        return "does not fit" if not self.fits else "fits with less" if self.changed else "fits"


def plan_memory(
    config: TempoConfig,
    work: Work,
    *,
    precision: str,
    device: str,
    free: int,
    weights: Held | None = None,
    turns: bool = False,
) -> Plan:
    """Decide what runs in `free` bytes of the device; `weights` are read off the checkpoint's header if not given."""
    number = 4 if precision == "fp32" else 2
    weights = weights or weight_bytes(config, precision)
    if device == "cpu":  # everything is in host memory
        weights = Held(weights.compressor + weights.host, weights.decoder, 0)
    room = int(SAFE * free) if device == "cpu" else int(SAFE * free) - RESERVE
    segment = bytes_a_segment(config.compressor, tokens=work.tokens, bytes_per_number=number)
    most = work.micro_batch or most_at_once(device)
    wanted = Plan(
        precision, device, free, weights, most * segment, cache_bytes(config, work, number),
        _prefixes(config, work, number), most, together=not turns, fits=True, changed=(TURNS,) if turns else (),
    )  # fmt: skip
    smaller = _smaller(wanted, config, work, segment, number, room)
    return next((plan for plan in smaller if plan.peak <= room), None) or _hopeless(
        wanted, config, work, segment, number
    )


def weight_bytes(config: TempoConfig, precision: str) -> Held:
    """Bytes of a checkpoint's weights at a precision, from the header of its files; of Tempo-6B, where there are none
    yet, from its shapes."""
    if config.folder.is_dir():
        with Tensors(config.folder) as tensors:
            shapes = {name: tensors.shape(name) for name in tensors.names}
    else:
        shapes = dict(tempo_6b_tensors())
    if config.tied:
        shapes.pop("lm_head.weight", None)
    return _sorted_out({name: _stored(name, shape, precision) for name, shape in shapes.items()}.items())


def held_bytes(network: nn.Module) -> Held:
    """Bytes that the weights of a filled network really hold."""
    return _sorted_out(
        (name, sum(tensor.nbytes for tensor in held_tensors(parameter)))
        for name, parameter in network.named_parameters()
    )


def cache_bytes(config: TempoConfig, work: Work, number: int) -> int:
    """Keys and values of the decoder for the longest context that the work can make."""
    positions = min(work.budget, work.segments * config.memory_tokens)
    positions += work.segments * STAMP_POSITIONS + WORDS_AROUND + work.max_new_tokens
    return _attended(config.decoder) * min(positions, config.context_limit) * number


def prefix_bytes(config: TempoConfig, tokens: int, number: int) -> int:
    """The prefix of one segment of `tokens` visual tokens."""
    return _attended(config.compressor["text_config"]) * (tokens + WORDS_AROUND) * number


def _stored(name: str, shape: tuple[int, ...], precision: str) -> int:
    count = math.prod(shape)
    if not is_quantised(name, precision):
        return count * (4 if precision == "fp32" else 2)
    if precision == "int8":
        return count + 4 * shape[0]
    scales = -(-count // BLOCK)
    return count // 2 + scales + 4 * -(-scales // NESTED_BLOCK) + TABLES


def _sorted_out(sizes: Iterable[tuple[str, int]]) -> Held:
    compressor = decoder = host = 0
    for name, size in sizes:
        if name == LOOKED_UP:
            host += size
        elif name.startswith(COMPRESSOR):
            compressor += size
        else:
            decoder += size
    return Held(compressor, decoder, host)


def _attended(text: Json | Mapping[str, int]) -> int:
    """Numbers that one position leaves in the keys and values of all layers."""
    head = text.get("head_dim") or text["hidden_size"] // text["num_attention_heads"]
    return 2 * int(text["num_hidden_layers"]) * int(text["num_key_value_heads"]) * int(head)


def _prefixes(config: TempoConfig, work: Work, number: int) -> int:
    return min(work.prefix_bytes, work.segments * prefix_bytes(config, work.tokens, number))


def _smaller(wanted: Plan, config: TempoConfig, work: Work, segment: int, number: int, room: int) -> Iterable[Plan]:
    """Ever smaller plans, each with its reasons."""
    yield wanted
    plan = wanted
    if left := max(0, wanted.prefixes - max(0, wanted.peak - room)):
        yield replace(wanted, prefixes=left, tier_limit=left, changed=(*wanted.changed, FEWER_PREFIXES))
    if wanted.prefixes:
        plan = replace(wanted, prefixes=0, tier_limit=0, changed=(*wanted.changed, FEWER_PREFIXES))
    for power in reversed(range(wanted.micro_batch.bit_length())):
        if (batch := 2**power) < wanted.micro_batch:
            plan = replace(plan, micro_batch=batch, activations=batch * segment)
            yield replace(plan, changed=(*plan.changed, SMALLER_BATCHES))
    plan = replace(plan, changed=(*plan.changed, SMALLER_BATCHES)) if plan.micro_batch < wanted.micro_batch else plan
    if wanted.device != "cpu" and wanted.together:
        plan = replace(plan, together=False, changed=(*plan.changed, TURNS))
        yield plan
    fewer = work.segments
    while fewer > 1:
        fewer = max(1, int(fewer * 0.8))
        frames = fewer * work.frames_per_segment
        yield replace(
            plan,
            cache=cache_bytes(config, replace(work, segments=fewer), number),
            most_frames=frames,
            changed=(*plan.changed, f"No more than {frames} frames of the film are read, for want of memory."),
        )


def _hopeless(wanted: Plan, config: TempoConfig, work: Work, segment: int, number: int) -> Plan:
    """The least that would have to fit; on the CPU, whose memory can be swapped, everything is tried nevertheless."""
    if wanted.device == "cpu":
        least = replace(wanted, micro_batch=1, activations=segment, prefixes=0, tier_limit=0, fits=False)
        told = f"About {least.peak / 1e9:.1f} GB of memory are needed and {wanted.free / 1e9:.1f} GB can be had"
        return replace(least, changed=(f"{told}: this may be slow, or fail.",))
    return replace(
        wanted, prefixes=0, tier_limit=0, micro_batch=1, activations=segment, together=False, fits=False,
        most_frames=work.frames_per_segment, cache=cache_bytes(config, replace(work, segments=1), number),
    )  # fmt: skip
