"""Words and pictures that start in one space."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from engine.training.architecture import MICRO, build, write_base
from engine.training.prompts import Vocabulary
from engine.training.seeing import NAME_NORM, link_words
from engine.training.world.labels import ASPECTS
from engine.training.world.language import plural
from engine.training.world.palette import NAMED
from engine.training.world.things import ALL_THINGS


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("linked")
    write_base(folder, MICRO)
    words = Vocabulary(PreTrainedTokenizerFast.from_pretrained(folder))
    chance = torch.Generator().manual_seed(1)
    vision = {
        f"reader.heads.0.{aspect}.weight": torch.randn(count, MICRO.width, generator=chance)
        for aspect, count in ASPECTS.items()
    }
    language = build(folder).svlm.language_model
    link_words(language, vision, words)
    table = language.embed_tokens.weight.detach()
    return vision, lambda word: table[words.encode(f" {word}")[0]]


def alike(one, other):
    return float(torch.nn.functional.cosine_similarity(one, other, dim=0))


def test_a_name_starts_opposite_to_where_its_thing_is_looked_for(linked):
    vision, row = linked
    looks = vision["reader.heads.0.thing.weight"][: len(ALL_THINGS)]
    looks = looks - looks.mean(0)
    for place in range(0, len(ALL_THINGS), 25):
        if ALL_THINGS[place] not in NAMED:
            assert alike(row(ALL_THINGS[place]), looks[place]) < -0.99
            assert float(row(ALL_THINGS[place]).norm()) == pytest.approx(NAME_NORM, rel=1e-3)


def test_several_things_start_beside_one_but_can_be_told_from_it(linked):
    _, row = linked
    names = [name for name in ALL_THINGS[::25] if plural(name) != name]
    for name, other in pairwise(names):
        assert 0.7 < alike(row(name), row(plural(name))) < 0.95
        assert alike(row(name), row(plural(name))) > alike(row(name), row(plural(other))) + 0.2


def test_numbers_of_things_and_movements_start_where_they_are_seen(linked):
    vision, row = linked
    counts = vision["reader.heads.0.count.weight"] - vision["reader.heads.0.count.weight"].mean(0)
    for word, look in zip(("one", "two", "three", "four", "five"), counts, strict=True):
        assert alike(row(word), look) < -0.99
    assert alike(row("grow"), row("grows")) > 0.99
    assert alike(row("left"), row("right")) < 0.7
