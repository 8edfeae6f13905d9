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

from engine.records import Context
from engine.reply.decoder import Decoder, Pieces


@torch.inference_mode()
def answers(decoder: Decoder, contexts: Sequence[Context], *, longest: int) -> list[str]:
    """What the decoder says of each context, at most `longest` tokens."""
    model, head, eos = decoder._model, decoder._head, decoder._eos_ids
    caches = [DynamicCache() for _ in contexts]
    first = [decoder._read(decoder.embed(one), cache, None) for one, cache in zip(contexts, caches, strict=True)]
    cache, real = _stacked(caches)
    lengths = torch.tensor([one.length for one in contexts], device=head.device)
    said: list[list[int]] = [[] for _ in contexts]
    speaking = [True] * len(contexts)
    tokens = torch.stack(first).argmax(-1).to(head.device)  # [contexts]
    for step in range(longest):
        for place, token in enumerate(tokens.tolist()):
            full = contexts[place].length + step >= decoder.context_limit
            speaking[place] = speaking[place] and token not in eos and not full
            if speaking[place]:
                said[place].append(token)
        if not any(speaking):
            break
        real = pad(real, (0, 1), value=1)
        hidden = model(
            inputs_embeds=model.embed_tokens(tokens[:, None]),
            attention_mask=real,
            position_ids=(lengths + step)[:, None],
            cache=cache,
            use_cache=True,
        ).last_hidden_state
        tokens = linear(hidden[:, -1], head).argmax(-1)
    return ["".join(_text(decoder, ids)) for ids in said]


def _stacked(caches: Sequence[DynamicCache]) -> tuple[DynamicCache, Tensor]:
    """One cache of all, filled up at the left, and where it is real: [contexts, positions]."""
    missing = [max(one.get_seq_length() for one in caches) - cache.get_seq_length() for cache in caches]
    stacked = DynamicCache()
    for layers in zip(*(cache.layers for cache in caches), strict=True):
        keys, values = (
            torch.cat([pad(getattr(layer, kind), (0, 0, left, 0)) for layer, left in zip(layers, missing, strict=True)])
            for kind in ("keys", "values")
        )
        stacked.update(keys, values, len(stacked.layers))
    real = torch.arange(keys.shape[2])[None] >= torch.tensor(missing)[:, None]
    return stacked, real.long().to(keys.device)


def _text(decoder: Decoder, ids: Sequence[int]) -> list[str]:
    pieces = Pieces(decoder._tokenizer)
    return [*(pieces.push(token) for token in ids), pieces.finish()]
