"""What a training step computes: the small VLM on single segments, the decoder on notes, and compressor, memory,
projector and decoder on whole films.

One next-token loss throughout. Relevance (Yes/No) is taught to the small VLM, and stands in the notes the decoder is
schooled on; the four stages never see its labels. The learner is a module, so that several processes can share a step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engine.training.architecture import TempoNet
from engine.training.batches import Batch, Figures, Films, Lessons, Notes, Sight, by_kind
from engine.training.clips import Clip, Example
from engine.training.decoding import decoded
from engine.training.fused import KeyValue
from engine.training.handwriting import Hand
from engine.training.network import causal_mask, read
from engine.training.precision import cast
from engine.training.prompts import (
    IGNORED,
    Padded,
    Text,
    Vocabulary,
    decoder_opening,
    decoder_prompt,
    following,
    noting,
    padded,
    pictures,
    query,
    system_prompt,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A system text and a batch of segments, read: what questions are put on top of."""

    past: list[tuple[KeyValue, ...]]  # for each layer, of the system text and of the segments
    real: Tensor  # [segments, positions]
    after: Tensor  # [segments]


class Learner(nn.Module):
    """The network with its vocabularies and its way of seeing."""

    def __init__(
        self,
        network: TempoNet,
        words: Vocabulary,
        sight: Sight,
        *,
        decoder_words: Vocabulary | None = None,
        frugal: bool = False,
        at_once: int = 4096,
        precision: torch.dtype | None = None,
        hand: Hand | None = None,
    ) -> None:
        """`decoder_words` are the compressor's, if None; `frugal` computes layers again in the backward pass; `at_once`
        segments are compressed in one go; it multiplies in `precision`, by default as the device does fastest;
        notes are written in `hand`."""
        super().__init__()
        self.network, self.words, self.sight = network, words, sight
        self.decoder_words = decoder_words or words
        self.frugal, self.at_once, self.precision = frugal, at_once, precision
        self.hand = hand

    def forward(self, batch: Batch) -> tuple[Tensor, Figures]:
        """The loss of a step, and what to log."""
        with self.cast():
            if isinstance(batch, Films):
                return self._films(batch)
            if isinstance(batch, Lessons):
                return self._lessons(batch)
            return self._notes(batch)

    def cast(self) -> torch.autocast:
        """The precision in which it multiplies."""
        return cast(self.network.device, self.precision)

    def _lessons(self, batch: Lessons) -> tuple[Tensor, Figures]:
        asking = noting if batch.task == "note" else query
        texts = [asking(self.words, question, reply) for question, reply in batch.asked]
        seen = self.look(batch.clips, batch.system)
        hidden = self._continue(seen, [text.ids for text in texts], batch.asks)
        losses, right = self._next_token(hidden, texts, self.network.svlm.language_model.embed_tokens.weight)
        value = torch.cat(losses).mean()
        return value, {batch.task: float(right.mean()), f"{batch.task} loss": float(value.detach())}

    def _films(self, batch: Films) -> tuple[Tensor, Figures]:
        """Every segment compressed for every question, answers by the decoder; memory cut to heads by the keeping."""
        rng = np.random.default_rng(batch.seed)
        questions = [[question for question, _ in example.asked] for example in batch.examples]
        with torch.set_grad_enabled(torch.is_grad_enabled() and not batch.fixed):
            memory, asked = self.compress([example.clip for example in batch.examples], questions, batch.system)
        scores = self.scores(asked)

        def kept(first: int, last: int, which: int) -> list[int]:
            return batch.keeping.shares(rng, scores[first:last, which].tolist(), self.network.memory_tokens)

        losses, right = self.answered(batch.examples, memory, kept)
        value = torch.cat(losses).mean()
        kinds = [kind for example in batch.examples for kind in example.kinds]
        return value, {"right": float(right.mean()), **by_kind(kinds, right)}

    def _notes(self, batch: Notes) -> tuple[Tensor, Figures]:
        """The decoder as a reader of text. It stands for what a published decoder brings along: schooling."""
        texts = [
            decoder_prompt(self.decoder_words, clip, [len(note) for note in notes], question, reply)
            for clip, notes, (question, reply) in zip(batch.clips, batch.notes, batch.asked, strict=True)
        ]
        if self.hand is None:
            raise ValueError("notes are written in nobody's hand")
        said = self.hand.write([note for notes in batch.notes for note in notes], steadily=not self.training)
        noted = self.network.projector(said).float()
        hidden = self._decode([text.ids for text in texts], noted)
        losses, right = self._next_token(hidden, texts, self._decoder_head)
        return torch.cat(losses).mean(), {"right": float(right.mean()), **by_kind(batch.kinds, right)}

    @property
    def _decoder_head(self) -> Tensor:
        head: Tensor = self.network.decoder.lm_head.weight
        return head

    def scores(self, asked: Tensor) -> Tensor:
        """Relevance [segments, questions] by the compressor's own Yes and No; no gradient runs through it."""
        table = self.network.svlm.language_model.embed_tokens.weight.detach()
        yes, no = (self.words.encode(word)[0] for word in ("Yes", "No"))
        return torch.sigmoid(asked @ (table[yes] - table[no]).float())

    def answered(
        self, examples: Sequence[Example], memory: Tensor, kept: Callable[[int, int, int], Sequence[int]]
    ) -> tuple[tuple[Tensor, ...], Tensor]:
        """The losses of every reply's tokens, a tensor each, and which replies are right in all of them [replies].

        `memory` is of all films' segments in a row; `kept(first, last, question)` says what each of a film's keeps."""
        texts, slots, first = [], [], 0
        for example in examples:
            last = first + len(example.clip)
            for which, (question, reply) in enumerate(example.asked):
                shares = kept(first, last, which)
                texts.append(decoder_prompt(self.decoder_words, example.clip, shares, question, reply))
                slots += [memory[first + n, which, :share] for n, share in enumerate(shares)]
            first = last
        hidden = self._decode([text.ids for text in texts], self.network.projector(torch.cat(slots)).float())
        return self._next_token(hidden, texts, self._decoder_head)

    def look(self, clips: Sequence[Clip], system: str) -> Seen:
        """Read the system text once and every segment of the clips after it."""
        language, device = self.network.svlm.language_model, self.network.device
        head = system_prompt(self.words, system).to(device)
        _, shared = self._text(head)
        ids: list[list[int]] = []
        places: list[np.ndarray] = []
        for clip in clips:
            one, where = pictures(self.words, clip, int(head.after[0]))
            ids, places = ids + one, places + where
        seen = [self.sight(clip) for clip in clips]
        levels = [torch.cat([one[level].flatten(0, 1) for one in seen]).float() for level in range(len(seen[0]))]
        batch = padded(ids, places).to(device)
        shown = (batch.ids == self.words.pad)[..., None]
        x = language.embed_tokens(batch.ids).float().masked_scatter(shown, levels[0])
        deep = [torch.zeros_like(x).masked_scatter(shown, level) for level in levels[1:]]
        before = torch.ones(len(ids), head.ids.shape[1], dtype=torch.bool, device=device)
        rotation, mask = language.rotary_emb(x, batch.positions), causal_mask(batch.real, before)
        past = [(one,) for one in shared]
        _, own = read(
            language.layers, x, rotation, mask=mask, past=past, deepstack=deep, real=batch.real, frugal=self.frugal
        )
        return Seen(list(zip(shared, own, strict=True)), torch.cat([before, batch.real], 1), batch.after)

    def compress(self, clips: Sequence[Clip], questions: Sequence[Sequence[str]], system: str) -> tuple[Tensor, Tensor]:
        """Memory tokens [segments, questions, memory tokens, width] after the compressor's last norm, of all clips'
        segments in a row, and [segments, questions, width] that relevance is read from, without a gradient."""
        if sum(map(len, clips)) <= self.at_once:
            return self._compressed(clips, questions, system)
        parts = [
            (clip.part(first, first + self.at_once), asked)
            for clip, asked in zip(clips, questions, strict=True)
            for first in range(0, len(clip), self.at_once)
        ]
        done = [self._compressed([clip], [asked], system) for clip, asked in parts]
        return torch.cat([memory for memory, _ in done]), torch.cat([asked for _, asked in done])

    def _compressed(
        self, clips: Sequence[Clip], questions: Sequence[Sequence[str]], system: str
    ) -> tuple[Tensor, Tensor]:
        seen = self.look(clips, system)
        asks = len(questions[0])
        texts = []
        for clip, row in zip(clips, questions, strict=True):
            ids = [query(self.words, text).ids for text in row]
            texts += [one for _ in range(len(clip)) for one in ids]
        hidden = self._continue(seen, texts, asks, memory=True)
        last = torch.tensor([len(text) - 1 for text in texts], device=hidden.device)
        asked = hidden[torch.arange(len(texts), device=hidden.device), last].detach().float()
        memory = hidden[:, -self.network.memory_tokens :]
        return memory.reshape(-1, asks, *memory.shape[1:]), asked.view(-1, asks, asked.shape[1])

    def _continue(self, seen: Seen, texts: list[list[int]], asks: int, *, memory: bool = False) -> Tensor:
        """Hidden states of text (and of the memory tokens behind it) on top of segments, `asks` texts a segment."""
        language, device = self.network.svlm.language_model, self.network.device
        batch = following(texts, seen.after.repeat_interleave(asks)).to(device)
        x, real, positions = language.embed_tokens(batch.ids).float(), batch.real, batch.positions
        if memory:
            rows, count = len(texts), self.network.memory_tokens
            x = torch.cat([x, self.network.memory.expand(rows, -1, -1).float()], 1)
            real = torch.cat([real, torch.ones(rows, count, dtype=torch.bool, device=device)], 1)
            behind = batch.after[:, None] + torch.arange(count, device=device)
            positions = torch.cat([positions, behind.expand(3, -1, -1)], 2)
        mask = causal_mask(real, seen.real.repeat_interleave(asks, 0))
        rotation = language.rotary_emb(x, positions)
        hidden, _ = read(language.layers, x, rotation, mask=mask, past=seen.past, real=real, frugal=self.frugal)
        normed: Tensor = language.norm(hidden)
        return normed

    def _text(self, batch: Padded) -> tuple[Tensor, list[KeyValue]]:
        language = self.network.svlm.language_model
        x = language.embed_tokens(batch.ids).float()
        rotation = language.rotary_emb(x, batch.positions)
        return read(language.layers, x, rotation, mask=causal_mask(batch.real), frugal=self.frugal)

    def _decode(self, sequences: list[list[int]], slots: Tensor) -> Tensor:
        opening = decoder_opening(self.decoder_words)
        model, bound = self.network.decoder.model, self.network.bound_layers
        return decoded(model, opening, sequences, slots, frugal=self.frugal, bound=bound)

    def _next_token(self, hidden: Tensor, texts: list[Text], head: Tensor) -> tuple[tuple[Tensor, ...], Tensor]:
        """Losses of the tokens to be said, a tensor for each text, and which texts are right in every one of them."""
        target = torch.full(hidden.shape[:2], IGNORED)
        for row, text in enumerate(texts):
            target[row, : len(text.ids) - 1] = torch.tensor(text.targets[1:])
        target = target.to(hidden.device)
        asked = target != IGNORED
        logits = nnf.linear(hidden[asked], head).float()
        wrong = torch.zeros_like(target)
        wrong[asked] = (logits.detach().argmax(-1) != target[asked]).long()
        losses = nnf.cross_entropy(logits, target[asked], reduction="none")
        return torch.split(losses, asked.sum(1).tolist()), (wrong.sum(1) == 0).float()
