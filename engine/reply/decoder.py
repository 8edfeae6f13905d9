"""A context in, the answer's text out, piece by piece.

The decoder is a Qwen3 with a plain cache of keys and values. The context is read in chunks, the answer token by token;
both check the cancel token between layers, so a stop takes effect within one layer's time.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers.cache_utils import DynamicCache

from engine.cancel import CancelToken, checked_before
from engine.errors import ModelError, QuestionError
from engine.records import MEMORY_SLOT, Context

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase
    from transformers.models.qwen3.modeling_qwen3 import Qwen3Model

CHUNK = 512  # positions read at once


class Decoder:
    """A language model that reads memory tokens between words."""

    def __init__(
        self,
        model: Qwen3Model,
        *,
        head: Tensor,
        projector: nn.Module,
        tokenizer: PreTrainedTokenizerBase,
        eos_ids: Sequence[int],
        context_limit: int,
        once: Collection[int] = (),
    ) -> None:
        self._model = model
        self._head = head  # [vocabulary, width]
        self._projector = projector
        self._tokenizer = tokenizer
        self._eos_ids = frozenset(eos_ids)
        self.context_limit = context_limit  # positions, question and answer together
        self._once = frozenset(once)  # tokens that an answer says once at most

    def stream(
        self,
        context: Context,
        *,
        max_new_tokens: int = 1024,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        cancel: CancelToken | None = None,
        cut_short: Callable[[], None] = lambda: None,
    ) -> Iterator[str]:
        """Yield the answer's text as it is written. Special tokens are left out; no piece breaks a character.

        `cut_short` is called if the answer ends because of `max_new_tokens` or a full context.
        """
        pieces = Pieces(self._tokenizer)
        tokens = self.tokens(
            context,
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            top_p=top_p,
            seed=seed,
            cancel=cancel,
            cut_short=cut_short,
        )
        for text in chain((pieces.push(token) for token in tokens), (pieces.finish() for _ in range(1))):
            if text:
                yield text

    def tokens(
        self,
        context: Context,
        *,
        max_new_tokens: int = 1024,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        cancel: CancelToken | None = None,
        cut_short: Callable[[], None] = lambda: None,
    ) -> Iterator[int]:
        """Yield the answer's token ids; ends before an end-of-turn token or where the context is full."""
        cache = DynamicCache()
        logits = self._read(self.embed(context), cache, cancel)
        dice = torch.Generator().manual_seed(seed)
        said: set[int] = set()
        for _ in range(min(max_new_tokens, self.context_limit - context.length)):
            token = choose(self.sayable(logits, said), temperature=temperature, top_p=top_p, dice=dice)
            if token in self._eos_ids:
                return
            yield token
            said.add(token)
            with torch.inference_mode():
                embedded = self._model.embed_tokens(torch.tensor([[token]], device=self._device))
            logits = self._read(embedded, cache, cancel)
        cut_short()

    def embed(self, context: Context) -> Tensor:
        """What the decoder's first layer sees: words from its embedding, slots from the projected memory."""
        ids = torch.tensor(context.ids, device=self._device)
        slots = ids == MEMORY_SLOT
        if int(slots.sum()) != context.memory.shape[0]:
            raise ValueError(f"a context with {int(slots.sum())} slots and {context.memory.shape[0]} memory tokens")
        if context.length >= self.context_limit:
            raise QuestionError(
                f"The question and the film take {context.length} positions, the model reads {self.context_limit}.",
                advice="Lower the budget or ask about a shorter range.",
            )
        with torch.inference_mode():
            embeds: Tensor = self._model.embed_tokens(ids.masked_fill(slots, 0))
            memory = context.memory.to(device=self._device, dtype=embeds.dtype)
            embeds[slots] = self._projector(memory)
        return embeds[None]  # [1, positions, width]

    def logits(self, context: Context, *, cancel: CancelToken | None = None) -> Tensor:
        """Logits of the answer's first token."""
        return self._read(self.embed(context), DynamicCache(), cancel)  # [vocabulary]

    def sayable(self, logits: Tensor, said: Collection[int]) -> Tensor:
        """Logits [vocabulary] without what an answer may say only once and `said` holds already."""
        named = [token for token in said if token in self._once]
        return logits.index_fill(0, torch.tensor(named, device=logits.device), -torch.inf) if named else logits

    @property
    def _device(self) -> torch.device:
        return self._head.device

    def _read(self, embeds: Tensor, cache: DynamicCache, cancel: CancelToken | None) -> Tensor:
        """Append embeddings to the cache, and give the logits behind the last one."""
        with torch.inference_mode(), checked_before(self._model.layers, cancel):
            for chunk in torch.split(embeds, CHUNK, dim=1):
                hidden = self._model(inputs_embeds=chunk, cache=cache, use_cache=True).last_hidden_state
            logits: Tensor = nn.functional.linear(hidden[0, -1], self._head).float().cpu()
        if not bool(torch.isfinite(logits).all()):
            raise ModelError("The decoder computed a number that is none.", advice="Try precision fp32.")
        return logits


def choose(logits: Tensor, *, temperature: float, top_p: float, dice: torch.Generator) -> int:
    """The likeliest token at temperature 0, else one drawn from the smallest set that holds `top_p` of the chance."""
    if temperature == 0:
        return int(logits.argmax())
    chances, tokens = torch.softmax(logits / temperature, dim=0).sort(descending=True)
    before = chances.cumsum(0) - chances  # the likeliest token always stays
    kept = chances.masked_fill(before >= top_p, 0.0)
    return int(tokens[torch.multinomial(kept, 1, generator=dice)])


class Pieces:
    """Token ids in, text out that never ends inside a character."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._added = tokenizer.added_tokens_decoder
        self._utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def push(self, token: int) -> str:
        """The text that `token` completes; empty while a character waits for its last bytes."""
        return self._utf8.decode(self._bytes(token))

    def finish(self) -> str:
        """What is left: a replacement mark if the answer ended inside a character."""
        return self._utf8.decode(b"", final=True)

    def _bytes(self, token: int) -> bytes:
        added = self._added.get(token)
        if added is not None:
            return b"" if added.special else str(added).encode()
        name = self._tokenizer.convert_ids_to_tokens(token)
        try:
            return b"" if name is None else bytes(BYTE_OF[letter] for letter in name)
        except KeyError:
            raise ModelError("The model's tokenizer is not byte-level BPE, which Qwen's is.") from None


def _byte_letters() -> dict[str, int]:
    """The letters byte-level BPE writes bytes in: printable Latin-1 stands for itself, the rest from U+0100 on."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    rest = [byte for byte in range(256) if byte not in set(plain)]
    return {chr(byte): byte for byte in plain} | {chr(256 + place): byte for place, byte in enumerate(rest)}


BYTE_OF = _byte_letters()
