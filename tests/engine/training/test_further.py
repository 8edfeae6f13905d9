"""A router and an end of memory that learn from a reward."""

from __future__ import annotations

import math

import pytest
import torch

from engine.training import further
from engine.training.batches import Films
from engine.training.clips import Clip, Example
from engine.training.further import Ending, Reinforced, Router, questions
from engine.training.keeping import Keeping
from engine.training.presets import MEDIUM, MICRO, NANO
from engine.training.reinforcing import middling

SEGMENTS, MOST, WIDTH = 6, 4, 8
CLIP = Clip((("0.5", "1.5"),) * SEGMENTS, ("1.0",) * SEGMENTS, torch.zeros(SEGMENTS * 2))
FILMS = Films((Example(CLIP, (("When?", "Then."), ("What?", "That."))),) * 2, "", Keeping(), (1,))


def test_it_learns_on_films_as_long_as_shares_want_and_no_longer():
    """The place in a stage's turn says nothing: the order in which lengths come has changed before."""
    assert middling(NANO.stages[-1].mixes) is MEDIUM
    assert middling(NANO.stages[-1].mixes[::-1]) is MEDIUM
    assert middling(MICRO.stages[0].mixes) is MICRO.stages[0].mixes[0]


@pytest.fixture
def hidden():
    """Memory and what relevance is read from; the segment that matters is the second of each film."""
    dice = torch.Generator().manual_seed(0)
    asked = torch.randn(2 * SEGMENTS, 2, WIDTH, generator=dice)
    memory = torch.randn(2 * SEGMENTS, 2, MOST, WIDTH, generator=dice)
    asked[..., 0] = -1.0
    asked[1::SEGMENTS, :, 0] = 1.0
    return memory, asked


def taught(policy, reward, hidden, monkeypatch, *, price=0.0, steps=150):
    """The policy after so many steps towards `reward(shares)`, which stands for the answer's likelihood."""
    monkeypatch.setattr(further, "read_all", lambda learner, batch: hidden)
    monkeypatch.setattr(
        further, "answered", lambda learner, batch, memory, shares: ([-reward(one) for one in shares], None)
    )
    step = Reinforced(torch.nn.Identity(), policy, price=price)
    optimiser = torch.optim.AdamW(policy.parameters(), lr=0.05, weight_decay=0.0)
    for number in range(steps):
        value, _ = step(Films(FILMS.examples, "", Keeping(), (number,)))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
    return policy


def test_a_router_learns_to_give_where_giving_pays(hidden, monkeypatch):
    memory, asked = hidden
    router = Router(torch.zeros(WIDTH), most=MOST, share=0.5)
    taught(router, lambda shares: torch.tensor([float(shares[1])]), hidden, monkeypatch)
    for part, which in questions(FILMS):
        shares = router.best(asked[part, which], memory[part, which])
        assert shares[1] == MOST == max(shares)
        assert sum(shares) <= 0.5 * MOST * SEGMENTS
        assert min(shares) >= 1


def test_an_ending_learns_to_write_only_as_much_as_helps(hidden, monkeypatch):
    memory, asked = hidden

    def reward(shares):
        return torch.tensor([float(min(shares[1], 3))])

    told = taught(Ending(WIDTH), reward, hidden, monkeypatch, price=2.0, steps=400)
    for part, which in questions(FILMS):
        shares = told.best(asked[part, which], memory[part, which])
        assert shares[1] >= 3
        assert sum(shares) - shares[1] <= SEGMENTS


def test_an_ending_knows_how_likely_its_lengths_are(hidden):
    memory, asked = hidden
    policy = Ending(WIDTH)
    torch.nn.init.normal_(policy.stop.weight, generator=torch.Generator().manual_seed(1))
    dice = torch.Generator().manual_seed(2)
    draw = policy.draw(asked[:SEGMENTS, 0], memory[:SEGMENTS, 0], dice)
    stops = torch.sigmoid(policy._logits(asked[:SEGMENTS, 0], memory[:SEGMENTS, 0])).tolist()
    chance = 1.0
    for length, row in zip(draw.shares, stops, strict=True):
        chance *= math.prod(1 - stop for stop in row[: length - 1]) * (row[length - 1] if length < MOST else 1.0)
    assert draw.log_chance.item() == pytest.approx(math.log(chance), rel=1e-4)


def test_the_lengths_that_can_be_drawn_are_all_there_are(hidden):
    memory, asked = hidden
    policy, dice = Ending(WIDTH), torch.Generator().manual_seed(3)
    torch.nn.init.zeros_(policy.stop.bias)
    met = {share for _ in range(20) for share in policy.draw(asked[:SEGMENTS, 0], memory[:SEGMENTS, 0], dice).shares}
    assert met == set(range(1, MOST + 1))
