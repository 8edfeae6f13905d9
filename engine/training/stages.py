"""The stages' losses: the small VLM on single segments, then compressor, memory, projector and decoder on films.

One next-token loss throughout. Relevance (Yes/No) is taught to the small VLM, and stands in the notes the decoder is
schooled on; the four stages never see its labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor

from engine.recall.allocation import allocate
from engine.training.architecture import (
    ASSISTANT_SYSTEM,
    COMPRESSOR_SYSTEM,
    MEMORY_TOKENS,
    ROUTER_SENTENCE,
    TempoNet,
)
from engine.training.drafts import SHARES, DraftFilm, draft_film, draft_question
from engine.training.lessons import NAMES_FIRST, TURNS, lesson, note
from engine.training.network import KeyValue, causal_mask, joined, read, repeated, spread
from engine.training.pool import Pool
from engine.training.prompts import (
    IGNORED,
    SLOT,
    Padded,
    Text,
    Vocabulary,
    decoder_prompt,
    following,
    padded,
    pictures,
    query,
    system_prompt,
)

NOTE_SCALE = -8.0  # written words, made to read like pictures, as the projector's start does (`recipe.PROJECTED`)
SHORT_NOTES = 450  # steps of the decoder's schooling before its films grow long


@dataclass(frozen=True, slots=True)
class Seen:
    """A system text and a batch of segments, read: what questions are put on top of."""

    past: list[KeyValue]  # each [segments, kv_heads, positions, head_dim]
    real: Tensor  # [segments, positions]
    after: Tensor  # [segments]


class Stages:
    """Network, vocabulary, and the pool with its frozen visual tokens [segments, levels, 30, width]."""

    def __init__(self, network: TempoNet, words: Vocabulary, pool: Pool, visual: Tensor) -> None:
        self.network, self.words, self.pool, self.visual = network, words, pool, visual

    def small_vlm(self, step: int, *, segments: int = 48, asks: int = 4) -> tuple[Tensor, dict[str, float]]:
        """Checklists, captions, Yes/No relevance and times in turn, of single segments under the times of their film"""
        rng = np.random.default_rng((11, step))
        task = TURNS[step % len(TURNS)]
        if task == "relevance" and step < NAMES_FIRST:
            task = "check"
        segments, asks = {
            "caption": (2 * segments, 1),
            "check": (segments, 2),
            "clock": (segments, 2),
        }.get(task, (segments, asks))
        films = [draft_film(rng, self.pool, int(rng.choice([8, 16, 32]))) for _ in range(segments // 4)]
        places = [(film, int(place)) for film in films for place in rng.choice(len(film.rows), 4, replace=False)]
        asked = [lesson(rng, task, film, place) for film, place in places for _ in range(asks)]
        texts = [query(self.words, question, reply) for question, reply in asked]
        system = COMPRESSOR_SYSTEM + ROUTER_SENTENCE if task in ("relevance", "moment") else ASSISTANT_SYSTEM
        with torch.autocast("cpu", torch.bfloat16):
            seen = self.look([_only(film, place) for film, place in places], system)
            hidden = self._continue(seen, [text.ids for text in texts], asks)
            value, right = self._next_token(hidden, texts, self.network.svlm.language_model.embed_tokens.weight)
        return value, {task: right, f"{task} loss": float(value.detach())}

    def film(
        self,
        step: int,
        *,
        segments: tuple[int, ...],
        films: int,
        asks: int,
        routed: float = 0.5,
        crowded: bool = False,
        shares: tuple[float, ...] = SHARES,
    ) -> tuple[Tensor, dict[str, float]]:
        """Whole films: every segment compressed for every question, answers by the decoder. Memory is cut
        to its heads, mostly as the compressor's own scores would deal a budget out, so that first tokens carry most."""
        rng = np.random.default_rng((13, step))
        count = int(rng.choice(segments))
        number = max(1, films * max(segments) // count)
        drafts = [draft_film(rng, self.pool, count, crowded=crowded) for _ in range(number)]
        system = COMPRESSOR_SYSTEM + (ROUTER_SENTENCE if rng.random() < routed else "")
        asked = [[draft_question(rng, draft, shares=shares) for _ in range(asks)] for draft in drafts]
        with torch.autocast("cpu", torch.bfloat16):
            memory, scores = self.compress(drafts, [[a.question for a, _ in row] for row in asked], system)
            texts, slots = [], []
            for number, draft in enumerate(drafts):
                for which, (question, reply) in enumerate(asked[number]):
                    kept = _kept(rng, scores[number][which])
                    texts.append(decoder_prompt(self.words, draft, kept, question.question, reply))
                    slots += [memory[number, which, place, :share] for place, share in enumerate(kept)]
            hidden = self._decode([text.ids for text in texts], self.network.projector(torch.cat(slots)).float())
            value, right = self._next_token(hidden, texts, self.network.decoder.model.embed_tokens.weight)
        return value, {"tokens": right, "segments": count}

    def notes(self, step: int, *, positions: int = 6000) -> tuple[Tensor, dict[str, float]]:
        """The decoder alone, as a reader of text: time-stamped notes on a film instead of memory tokens, a question,
        the answer. It stands for what a published decoder brings along, a language model's schooling."""
        rng = np.random.default_rng((17, step))
        count = int(rng.choice([1, 1, 2, 4, 8, 16] if step < SHORT_NOTES else [4, 8, 16, 16, 32]))
        texts, slots = [], []
        for _ in range(max(4, positions // (45 + 13 * count))):
            film = draft_film(rng, self.pool, count)
            asked, reply = draft_question(rng, film)
            scores = [
                float(np.clip(rng.normal(0.9 if place in asked.segments else 0.05, 0.1), 0, 1))
                for place in range(count)
            ]
            kept = _kept(rng, scores)
            texts.append(decoder_prompt(self.words, film, kept, asked.question, reply))
            for place, share in enumerate(kept):
                slots += note(rng, self.words, film.things[place], place in asked.segments)[:share]
        decoder = self.network.decoder.model
        with torch.autocast("cpu", torch.bfloat16):
            written = decoder.embed_tokens(torch.tensor(slots)).float() * NOTE_SCALE
            hidden = self._decode([text.ids for text in texts], written)
            value, right = self._next_token(hidden, texts, decoder.embed_tokens.weight)
        return value, {"answers": right, f"answers at {count}": right}

    def look(self, films: list[DraftFilm], system: str) -> Seen:
        """Read the system text once and every segment of the films after it."""
        language = self.network.svlm.language_model
        head = system_prompt(self.words, system)
        _, shared = self._text(head, past=None)
        ids: list[list[int]] = []
        places: list[np.ndarray] = []
        rows: list[int] = []
        for film in films:
            one, where = pictures(self.words, film, int(head.after[0]))
            ids, places, rows = ids + one, places + where, rows + list(film.rows)
        batch = padded(ids, places)
        shown = batch.ids == self.words.pad
        levels = self.visual[torch.tensor(rows)].float()  # [segments, levels, 30, width]
        x = language.embed_tokens(batch.ids).float().masked_scatter(shown[..., None], levels[:, 0])
        deep = [
            torch.zeros_like(x).masked_scatter(shown[..., None], levels[:, level])
            for level in range(1, levels.shape[1])
        ]
        past = spread(shared, len(rows))
        before = torch.ones(len(rows), head.ids.shape[1], dtype=torch.bool)
        rotation = language.rotary_emb(x, batch.positions)
        _, own = read(language.layers, x, rotation, mask=causal_mask(batch.real, before), past=past, deepstack=deep)
        return Seen(joined(past, own), torch.cat([before, batch.real], 1), batch.after)

    def compress(
        self, films: list[DraftFilm], questions: list[list[str]], system: str
    ) -> tuple[Tensor, list[list[list[float]]]]:
        """Memory tokens [films, questions, segments, 8, width] after the compressor's last norm, and its own relevance
        scores [films, questions, segments] (numbers: no gradient runs through them)."""
        seen = self.look(films, system)
        count, asks = len(films[0].rows), len(questions[0])
        texts = []
        for row in questions:
            ids = [query(self.words, text).ids for text in row]
            texts += [one for _ in range(count) for one in ids]
        hidden = self._continue(seen, texts, asks, memory=True)
        last = torch.tensor([len(text) - 1 for text in texts])
        asked = hidden[torch.arange(len(texts)), last].detach().float()
        table = self.network.svlm.language_model.embed_tokens.weight.detach()
        yes, no = (self.words.encode(word)[0] for word in ("Yes", "No"))
        scores = torch.sigmoid(asked @ (table[yes] - table[no])).view(len(films), count, asks).transpose(1, 2)
        memory = hidden[:, -MEMORY_TOKENS:].reshape(len(films), count, asks, MEMORY_TOKENS, -1).transpose(1, 2)
        return memory, scores.tolist()

    def _continue(self, seen: Seen, texts: list[list[int]], asks: int, *, memory: bool = False) -> Tensor:
        """Hidden states of text (or of the memory tokens behind it) on top of segments, `asks` texts a segment."""
        language = self.network.svlm.language_model
        after = seen.after.repeat_interleave(asks)
        batch = following(texts, after)
        x, real, positions = language.embed_tokens(batch.ids).float(), batch.real, batch.positions
        if memory:
            rows = len(texts)
            x = torch.cat([x, self.network.memory.expand(rows, -1, -1)], 1)
            real = torch.cat([real, torch.ones(rows, MEMORY_TOKENS, dtype=torch.bool)], 1)
            behind = batch.after[:, None] + torch.arange(MEMORY_TOKENS)
            positions = torch.cat([positions, behind.expand(3, -1, -1)], 2)
        mask = causal_mask(real, seen.real.repeat_interleave(asks, 0))
        past = repeated(seen.past, asks)
        hidden, _ = read(language.layers, x, language.rotary_emb(x, positions), mask=mask, past=past)
        normed: Tensor = language.norm(hidden)
        return normed

    def _text(self, batch: Padded, past: list[KeyValue] | None) -> tuple[Tensor, list[KeyValue]]:
        language = self.network.svlm.language_model
        x = language.embed_tokens(batch.ids).float()
        rotation = language.rotary_emb(x, batch.positions)
        return read(language.layers, x, rotation, mask=causal_mask(batch.real), past=past)

    def _decode(self, sequences: list[list[int]], slots: Tensor) -> Tensor:
        decoder = self.network.decoder.model
        batch = padded(sequences, [np.tile(np.arange(len(one)), (3, 1)) for one in sequences], multiple=8)
        x = decoder.embed_tokens(batch.ids.clamp_min(0)).float()
        x = x.masked_scatter((batch.ids == SLOT)[..., None], slots)
        rotation = decoder.rotary_emb(x, batch.positions[0])
        hidden, _ = read(decoder.layers, x, rotation, mask=causal_mask(batch.real))
        normed: Tensor = decoder.norm(hidden)
        return normed

    def _next_token(self, hidden: Tensor, texts: list[Text], head: Tensor) -> tuple[Tensor, float]:
        """Mean loss over the tokens to be said, and the share of texts that are right in every one of them."""
        target = torch.full(hidden.shape[:2], IGNORED)
        for row, text in enumerate(texts):
            target[row, : len(text.ids) - 1] = torch.tensor(text.targets[1:])
        asked = target != IGNORED
        logits = nnf.linear(hidden[asked], head).float()
        wrong = torch.zeros_like(target)
        wrong[asked] = (logits.argmax(-1) != target[asked]).long()
        return nnf.cross_entropy(logits, target[asked]), float((wrong.sum(1) == 0).float().mean())


def _only(film: DraftFilm, place: int) -> DraftFilm:
    """One segment of a film, under its own time."""
    here = slice(place, place + 1)
    return DraftFilm(
        film.rows[here], film.things[here], film.pair_times[here], film.centre_times[here], film.offset_seconds
    )


def _kept(rng: np.random.Generator, scores: list[float]) -> list[int]:
    """How many memory tokens of each segment the decoder gets to see: mostly as the router's scores deal them out (the
    published training never allocates; here a decoder that had not met it answered one "when" in twenty), else all,
    or heads of random length."""
    chance = rng.random()
    if chance < 0.65:
        budget = int(rng.integers(2 * len(scores), MEMORY_TOKENS * len(scores) + 1))
        return allocate(scores, budget, floor=1, ceiling=MEMORY_TOKENS)
    if chance < 0.85:
        return [MEMORY_TOKENS] * len(scores)
    return [int(count) for count in rng.integers(1, MEMORY_TOKENS + 1, len(scores))]
