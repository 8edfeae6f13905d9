"""The decoder's first layers as they start, on notes that say Yes in one run of segments."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as nnf

from engine.training import network as forward
from engine.training.architecture import Shape, build, write_base
from engine.training.binding import LAYERS, TEXT_NORM, bind_times, level_words
from engine.training.clips import sample_times, timed
from engine.training.decoding import decoded
from engine.training.directions import Places
from engine.training.prompts import SLOT, Vocabulary, decoder_opening, decoder_prompt
from engine.training.starting import PROJECTED

TOKENS = 8


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    from transformers import PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("base")
    write_base(folder, Shape(vision_layers=2, vision_hidden=64))
    return Vocabulary(PreTrainedTokenizerFast.from_pretrained(folder)), folder


@pytest.fixture(scope="module")
def bound(words):
    """A decoder without any training, its words, the places it writes to, and how memory is written there."""
    words, folder = words
    torch.manual_seed(3)
    decoder = build(folder).decoder
    table = decoder.model.embed_tokens.weight
    with torch.no_grad():  # as in trained ones, all words have something in common
        table.copy_(nnf.normalize(torch.randn(table.shape), dim=1) + 0.7 * nnf.normalize(torch.randn(256), dim=0))
    relevant = torch.rand(300) < 0.4
    memory = torch.stack([written(table, note(words, n, told)) for n, told in enumerate(relevant.tolist())])
    places = Places.among(table.detach(), words, memory, relevant, 64)
    weight, bias = places.writing(memory, relevant, written(table, range(300, 400)))
    with torch.no_grad():
        bind_times(decoder, words, memory @ weight.T + bias, places)
    return decoder, words, places, weight, bias


def note(words, seed, relevant):
    names = np.random.default_rng(seed).integers(300, 400, TOKENS // 2).tolist()
    told = words.encode("Yes" if relevant else "No")[0]
    return [token for name in names for token in (told, name)]


def written(table, tokens):
    return table.detach()[list(tokens)] * (10 * PROJECTED)


class Film:
    """What the first layers make of a film whose segments `run` are relevant; others keep `few` tokens."""

    def __init__(self, bound, segments, run, *, few=TOKENS, start=0):
        self.decoder, self.words, self.places, weight, bias = bound
        model = self.decoder.model
        clip = timed(start + sample_times(segments, frame_rate=25), np.zeros((2 * segments, 1)))
        counts = [TOKENS if n in run else few for n in range(segments)]
        notes = [note(self.words, 1000 + n, n in run)[:count] for n, count in enumerate(counts)]
        first, last = (clip.centre_times[run[place]] for place in (0, -1))
        text = decoder_prompt(
            self.words, clip, counts, "When do we see the film?", f"The film appears from {first} to {last} seconds."
        )
        slots = torch.cat([written(model.embed_tokens.weight, one) for one in notes])
        slots = slots @ weight.T + bias
        self.added = []
        whole, model.layers, layer = model.layers, model.layers[:LAYERS], forward._layer

        def noted(*given, **more):
            made = layer(*given, **more)
            self.added.append((made[0] - given[1]).view(-1, 256)[: len(text.ids)])
            return made

        forward._layer = noted
        try:
            with torch.no_grad():
                decoded(model, decoder_opening(self.words), [text.ids], slots, frugal=False)
        finally:
            forward._layer, model.layers = layer, whole
        self.ids = np.array(text.ids)
        self.seconds = np.array([int(float(time)) for time in clip.centre_times])
        self.memory, self.of = np.nonzero(self.ids == SLOT)[0], np.repeat(np.arange(segments), counts)
        self.judging = np.concatenate([np.arange(count) % 2 == 0 for count in counts])
        self.run = run

    def read(self, layer, where, place):
        """The whole seconds that a layer has added at these positions."""
        table = self.decoder.model.embed_tokens.weight.detach()
        numbers = table[[self.words.encode(f"{n}")[0] for n in range(1000)]] @ self.places.times.T
        added = self.added[layer][torch.from_numpy(where)] @ getattr(self.places, place).T
        return (added @ numbers.T).argmax(1).numpy()

    def position(self, word):
        """Where a word of the answer stands."""
        return np.nonzero(self.ids == self.words.encode(word)[0])[0][-1:]


@pytest.mark.parametrize("few", [1, 2, TOKENS])
@pytest.mark.parametrize(("segments", "start"), [(8, 0), (64, 0), (16, 300)])
def test_memory_is_told_its_own_time(bound, segments, start, few):
    film = Film(bound, segments, range(2, 4), few=few, start=start)
    right = film.read(1, film.memory, "times") == film.seconds[film.of]
    assert right.mean() > 0.95


@pytest.mark.parametrize("few", [1, 2, TOKENS])
@pytest.mark.parametrize("segments", [8, 64])
def test_memory_that_tells_relevance_is_told_the_time_before(bound, segments, few):
    film = Film(bound, segments, range(2, 4), few=few)
    judging = film.judging & (film.of > 0)
    right = film.read(2, film.memory[judging], "times_before") == film.seconds[film.of[judging] - 1]
    assert right.mean() > 0.95


@pytest.mark.parametrize("few", [1, 2, TOKENS])
@pytest.mark.parametrize("segments", [16, 64])
def test_an_answer_reads_where_relevance_begins_and_ends(bound, segments, few):
    places = range(1, segments - 3, segments // 8)
    films = [Film(bound, segments, range(first, first + 2), few=few) for first in places]
    starts = [film.read(3, film.position(" from"), "times")[0] == film.seconds[film.run[0]] for film in films]
    ends = [film.read(3, film.position(" to"), "times")[0] == film.seconds[film.run[-1]] for film in films]
    assert np.mean(starts) > 0.85
    assert np.mean(ends) > 0.85


@pytest.mark.parametrize("asking", [" from", " to"])
def test_words_that_drifted_are_levelled(bound, asking):
    """A number of a time stamp is found where relevance changes otherwise, and tells no time."""
    decoder, words, places, *_ = bound
    table = decoder.model.embed_tokens.weight
    kept, number = table.detach().clone(), words.encode("21")[0]
    drifted = {
        " to": 20 * places.relevant_before,
        " from": 0.2 * places.relevant - (table[number].detach() @ places.text) * places.text,
    }

    def right():
        film = Film(bound, 16, range(4, 6), few=1)
        written = film.added[3][film.position(asking)] @ places.times.T
        usual = 0.5 < float(written.norm()) < 5
        second = film.seconds[film.run[0 if asking == " from" else -1]]
        return usual and bool(film.read(3, film.position(asking), "times")[0] == second)

    assert right()
    try:
        with torch.no_grad():
            table[number] += drifted[asking]
        assert not right()
        level_words(decoder, words, LAYERS)
        assert right()
    finally:
        with torch.no_grad():
            table.copy_(kept)


def test_what_memory_is_does_not_stand_where_words_are(bound):
    decoder, words, places, *_ = bound
    table = decoder.model.embed_tokens.weight.detach()
    own = torch.stack([places.memory, places.judging, places.relevant, places.relevant_before])
    assert (table @ own.T).abs().max() < 1e-4
    assert torch.allclose(table @ places.text, torch.full((len(table),), TEXT_NORM), atol=1e-4)
    ends = torch.zeros(len(table))
    ends[words.encode(">")[0]] = TEXT_NORM
    assert torch.allclose(table @ places.end, ends, atol=1e-4)


def test_a_decoder_with_one_group_of_heads_is_refused(bound, tmp_path):
    write_base(tmp_path, Shape(heads=2, kv_heads=1, vision_layers=2, vision_hidden=64))
    with pytest.raises(ValueError, match="two groups of heads"):
        bind_times(build(tmp_path).decoder, bound[1], torch.zeros(4, 8, 256), bound[2])
