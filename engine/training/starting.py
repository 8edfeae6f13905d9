"""What decoder, projector and memory tokens start from: the small VLM, and samples of what it will write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from engine.training.architecture import COMPRESSOR_SYSTEM, ROUTER_SENTENCE, TempoNet
from engine.training.asking.kinds import UNLETTERED, ask
from engine.training.binding import LAYERS, bind_times
from engine.training.directions import Places
from engine.training.drawn import bears, draft_film
from engine.training.handwriting import Hand
from engine.training.keeping import ALL
from engine.training.lessons import NOTED, draft_notes, key_words
from engine.training.presets import SHARES
from engine.training.prompts import Vocabulary
from engine.training.tokens import SECONDS, world_words

if TYPE_CHECKING:
    from engine.training.run import Run

# The decoder starts from the small VLM's text layers, which read pictures. What is about to become a name points the
# other way than its picture (`seeing.link_words`): turned round, and at a picture's norm, memory reads like one.
PROJECTED = -0.75
NOTES, FILMS, SEGMENTS, ASKED = 60, 60, 8, 3  # of a sample: films as notes, films as memory, questions about these


def start_decoder(network: TempoNet, svlm_weights: dict[str, Tensor]) -> None:
    """The decoder's layers are the small VLM's, behind those that bind times; any further ones begin by adding nothing.

    Raises `ValueError` if it has no place for them."""
    weights, bound = {}, network.bound_layers
    for key, value in svlm_weights.items():
        number = re.match(r"layers\.(\d+)\.", key)
        weights[f"layers.{int(number[1]) + bound}.{key[number.end() :]}" if number else key] = value
    missing = network.decoder.model.load_state_dict(weights, strict=False)
    if missing.unexpected_keys:
        raise ValueError(f"the decoder has no place for {missing.unexpected_keys[:3]}")
    with torch.no_grad():
        network.projector.weight.copy_(PROJECTED * torch.eye(*network.projector.weight.shape))
        network.projector.bias.zero_()
        for layer in network.decoder.model.layers[bound + len(network.svlm.language_model.layers) :]:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory before the stages: [segments, memory tokens, width], what it was to say there, and whether it bears."""

    memory: Tensor
    said: Tensor  # [segments, memory tokens], ids
    relevant: Tensor  # [segments]

    @property
    def hand(self) -> tuple[Tensor, Tensor]:
        """What `Hand.of` learns from; the first token of each segment says several things at once."""
        return self.memory[:, 1:].flatten(0, 1), self.said[:, 1:].flatten()


@torch.no_grad()
def sample(run: Run) -> Sample:
    """Memory as the small VLM writes it."""
    rng, learner, network = np.random.default_rng(15), run.learner(), run.network
    network.svlm.language_model.load_state_dict(run.weights("svlm"))
    start_memory(network, run.words)
    torch.manual_seed(FILMS)  # the pool is blurred
    memory, said, relevant = [], [], []
    for number in range(FILMS):
        draft = draft_film(rng, run.pool, segments=SEGMENTS)
        asked = [ask(draft.desk(rng), UNLETTERED) for _ in range(ASKED)]
        system = COMPRESSOR_SYSTEM + (ROUTER_SENTENCE if number % 2 else "")
        with learner.cast():
            memory.append(learner.compress([draft.clip], [[one.question for one in asked]], system)[0].float())
        for place in range(SEGMENTS):
            for one in asked:
                noted = key_words(draft.film, one, place, network.memory_tokens)
                said.append([run.words.encode(word)[0] for word in noted])
                relevant.append(bears(one, place))
    return Sample(torch.cat(memory).flatten(0, 1), torch.tensor(said), torch.tensor(relevant))


@torch.no_grad()
def read_times(run: Run, drawn: Sample, hand: Hand) -> None:
    """Bind times in the decoder, and leave room for them in what the projector makes of memory."""
    network = run.network
    if network.bound_layers != LAYERS:
        raise ValueError(f"{LAYERS} layers are bound, or none, but not {network.bound_layers}")
    table, size = network.decoder.model.embed_tokens.weight.float(), network.decoder.config.head_dim
    notes, yes = sample_notes(run, hand)
    memory, relevant = torch.cat([notes, drawn.memory]) * PROJECTED, torch.cat([yes, drawn.relevant])
    places = Places.among(table, run.words, memory, relevant, size)
    names = [(((run.words.encode(f" {word}")[0], 1.0),),) for word in world_words()]
    weight, bias = places.writing(memory, relevant, hand.write(names, steadily=True) * PROJECTED)
    network.projector.weight.copy_(PROJECTED * weight)
    network.projector.bias.copy_(bias)
    bind_times(network.decoder, run.words, memory @ weight.T + bias, places)


def sample_notes(run: Run, hand: Hand) -> tuple[Tensor, Tensor]:
    """Notes [segments, memory tokens, width], and which of them say Yes [segments]."""
    rng, tokens = np.random.default_rng(16), run.network.memory_tokens
    drawn = draft_notes(
        rng, run.pool, run.words, segments=SEGMENTS, films=NOTES, tokens=tokens, shares=SHARES, keeping=ALL
    )
    notes = [note for film in drawn.notes for note in film]
    yes = run.words.encode("Yes")[0]
    relevant = torch.tensor([any(word == yes for token in note for word, _ in token) for note in notes])
    return hand.write(notes).view(len(notes), tokens, -1), relevant


@torch.no_grad()
def begin(
    network: TempoNet, svlm_weights: dict[str, Tensor], decoder_weights: dict[str, Tensor], words: Vocabulary
) -> None:
    """From the small VLM and the schooled decoder."""
    network.svlm.language_model.load_state_dict(svlm_weights)
    start_memory(network, words)
    for name, part in (("decoder", network.decoder), ("projector", network.projector)):
        part.load_state_dict(_under(name, decoder_weights))


@torch.no_grad()
def start_memory(network: TempoNet, words: Vocabulary) -> None:
    """Memory tokens as the words behind which the small VLM was taught to note key words.

    The published ones start from a normal (`draw_memory`): off such tokens neither names nor relevance could be read
    before the stages (an area of .47 under the ROC curve), off these the latter can (.99)."""
    table = network.svlm.language_model.embed_tokens.weight
    for place in range(network.memory_tokens):
        network.memory[:, place] = table[words.encode(NOTED[place % len(NOTED)])[0]]


@torch.no_grad()
def restore_numbers(network: TempoNet, svlm_weights: dict[str, Tensor], words: Vocabulary) -> None:
    """Make the compressor's numbers those of the small VLM again, which was taught to match times.

    Nothing in the four stages keeps a number of the question like the same number of a stamp. After `stage3` of 40
    seconds one was not found any more: " 9" (an area of .65 under the ROC curve, before `stage3` 1.0; .79 with rows of
    before `stage3`, 1.0 with these)."""
    places = [words.encode(f"{before}{number}")[0] for number in range(SECONDS) for before in ("", " ")]
    table = network.svlm.language_model.embed_tokens.weight
    table[places] = svlm_weights["embed_tokens.weight"][places].to(table)


@torch.no_grad()
def draw_memory(network: TempoNet, *, seed: int) -> None:
    """Memory tokens from a normal with the mean and deviation of the compressor's embedding rows, as published."""
    table = network.svlm.language_model.embed_tokens.weight.float()
    drawn = torch.randn(network.memory.shape, generator=torch.Generator().manual_seed(seed))
    network.memory.copy_(drawn.to(table.device) * table.std(0) + table.mean(0))


def _under(name: str, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(f"{name}."): value for key, value in weights.items() if key.startswith(f"{name}.")}
