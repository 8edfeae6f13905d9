"""Several contexts in, the greedy answer to each out, as `Decoder.stream` gives it one by one.

Contexts are read one after the other, for each has its own length; the answers are written together, a token of each in
one pass: for a model this small a pass of one token costs hardly less than a pass of sixty.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import linear, pad
from transformers.cache_utils import DynamicCache

from engine.errors import ModelError
from engine.records import Context
from engine.reply.decoder import Decoder, Pieces
from engine.training.precision import cast


@torch.inference_mode()
def answers(
    decoder: Decoder, contexts: Sequence[Context], *, longest: int, reading: torch.dtype = torch.float32
) -> list[str]:
    """What the decoder says of each context, at most `longest` tokens; `reading` is what contexts are multiplied in."""
    model, head, eos = decoder._model, decoder._head, decoder._eos_ids
    caches = [DynamicCache() for _ in contexts]
    first = [_read(decoder, one, cache, reading) for one, cache in zip(contexts, caches, strict=True)]
    cache, real = _stacked(caches, head.dtype)
    places = torch.arange(len(contexts), device=head.device)  # of those that still speak
    lengths = torch.tensor([one.length for one in contexts], device=head.device)
    said: list[list[int]] = [[] for _ in contexts]
    tokens = torch.stack(first).argmax(-1).to(head.device)  # [speaking]; nothing is said yet
    for step in range(longest):
        speaking = torch.tensor(
            [
                token not in eos and contexts[place].length + step < decoder.context_limit
                for place, token in zip(places.tolist(), tokens.tolist(), strict=True)
            ]
        ).nonzero()[:, 0]
        if len(speaking) < len(places):
            places, tokens, real = places[speaking], tokens[speaking], real[speaking]
            cache.batch_select_indices(speaking)
        for place, token in zip(places.tolist(), tokens.tolist(), strict=True):
            said[place].append(token)
        if not len(places):
            break
        real = pad(real, (0, 1), value=1)
        hidden = model(
            inputs_embeds=model.embed_tokens(tokens[:, None]),
            attention_mask=real,
            position_ids=(lengths[places] + step)[:, None],
            cache=cache,
            use_cache=True,
        ).last_hidden_state
        logits = linear(hidden[:, -1], head)
        left = [decoder.sayable(row, said[place]) for row, place in zip(logits, places.tolist(), strict=True)]
        tokens = torch.stack(left).argmax(-1)
    return ["".join(_text(decoder, ids)) for ids in said]


def _read(decoder: Decoder, context: Context, cache: DynamicCache, reading: torch.dtype) -> Tensor:
    """The logits behind a context; only its layers multiply in `reading`."""
    if reading == decoder._head.dtype:
        return decoder._read(decoder.embed(context), cache, None)
    embeds = decoder.embed(context)
    with cast(decoder._head.device, reading):  # all at once: a mask for chunks costs half as much again
        hidden = decoder._model(inputs_embeds=embeds, cache=cache, use_cache=True).last_hidden_state
    logits = linear(hidden[0, -1].to(decoder._head.dtype), decoder._head)
    if not bool(torch.isfinite(logits).all()):
        raise ModelError("The decoder computed a number that is none.", advice="Read in fp32.")
    return logits


def _stacked(caches: Sequence[DynamicCache], dtype: torch.dtype) -> tuple[DynamicCache, Tensor]:
    """One cache of all, filled up at the left, and where it is real: [contexts, positions]."""
    missing = [max(one.get_seq_length() for one in caches) - cache.get_seq_length() for cache in caches]
    stacked = DynamicCache()
    for layers in zip(*(cache.layers for cache in caches), strict=True):
        keys, values = (
            torch.cat([pad(getattr(layer, kind), (0, 0, left, 0)) for layer, left in zip(layers, missing, strict=True)])
            for kind in ("keys", "values")
        )
        stacked.update(keys.to(dtype), values.to(dtype), len(stacked.layers))
    real = torch.arange(keys.shape[2])[None] >= torch.tensor(missing)[:, None]
    return stacked, real.long().to(keys.device)


def _text(decoder: Decoder, ids: Sequence[int]) -> list[str]:
    pieces = Pieces(decoder._tokenizer)
    return [*(pieces.push(token) for token in ids), pieces.finish()]
