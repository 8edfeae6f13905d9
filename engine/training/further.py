"""What the authors leave to future work, on a finished model: a router and an end of memory, learned from a reward.

Both are linear readings of a frozen model, so what it writes and how it answers stays as it is:

- `Router` reads relevance where the published one reads Yes and No. While it learns its logits are blurred, the budget
  is dealt out by them, and blurs that made the true answer likelier are reinforced.
- `Ending` reads, behind each memory token, whether the segment is told. While it learns it stops by chance, and what
  made the true answer likelier for fewer tokens is reinforced.

The reward is the mean log-likelihood of the true answer's tokens, compared among several draws for one question
(REINFORCE with the mean of the others as baseline, Kool et al. 2019, https://openreview.net/forum?id=r1lgTGL5DE).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engine.recall.allocation import allocate
from engine.training.batches import Films
from engine.training.learner import Learner

DRAWS = 4  # for each question
BLUR = 1.0  # of logits
ANCHORS = 1  # tokens that every segment keeps


@dataclass(frozen=True, slots=True)
class Draw:
    """One way to keep memory, and how likely the policy was to choose it."""

    shares: list[int]
    log_chance: Tensor  # scalar


class Router(nn.Module):
    """Relevance from what the compressor holds behind the question; starts as its own Yes against No."""

    def __init__(self, direction: Tensor, *, most: int, share: float) -> None:
        """`direction` [width]; segments have `most` tokens; `share` of all is the budget."""
        super().__init__()
        self.direction = nn.Parameter(direction.clone())
        self._most, self._share = most, share

    def draw(self, asked: Tensor, memory: Tensor, dice: torch.Generator) -> Draw:
        """Of one question about one film: asked [segments, width], memory [segments, memory tokens, width]."""
        logits = asked @ self.direction
        blurred = (logits + BLUR * torch.randn(logits.shape, generator=dice)).detach()
        return Draw(self._dealt(blurred, self._budget(asked)), -((blurred - logits) ** 2).sum() / (2 * BLUR**2))

    def best(self, asked: Tensor, memory: Tensor) -> list[int]:
        """Without chance."""
        return self.within(asked, self._budget(asked))

    @torch.no_grad()
    def within(self, asked: Tensor, budget: int) -> list[int]:
        """Without chance, in a budget."""
        return self._dealt(asked @ self.direction, budget)

    def _budget(self, asked: Tensor) -> int:
        return max(len(asked), round(self._share * self._most * len(asked)))

    def _dealt(self, logits: Tensor, budget: int) -> list[int]:
        return allocate(torch.sigmoid(logits).tolist(), budget, floor=ANCHORS, ceiling=self._most)


class Ending(nn.Module):
    """Whether a segment is told, behind each of its memory tokens; in the beginning it hardly ever is."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.stop = nn.Linear(2 * width, 1)  # a token, and the question's end
        nn.init.zeros_(self.stop.weight)
        nn.init.constant_(self.stop.bias, -2.0)

    def draw(self, asked: Tensor, memory: Tensor, dice: torch.Generator) -> Draw:
        """As `Router.draw`."""
        logits = self._logits(asked, memory)  # [segments, memory tokens - 1]
        ends = torch.rand(logits.shape, generator=dice) < torch.sigmoid(logits)
        shares = _lengths(ends)
        behind = torch.arange(logits.shape[1])[None]
        length = torch.tensor(shares)[:, None]
        chances = torch.where(behind == length - 1, nnf.logsigmoid(logits), nnf.logsigmoid(-logits))
        return Draw(shares, chances.masked_fill(behind >= length, 0.0).sum())

    @torch.no_grad()
    def best(self, asked: Tensor, memory: Tensor) -> list[int]:
        """Where it is likelier to end than not."""
        return _lengths(self._logits(asked, memory) > 0)

    def _logits(self, asked: Tensor, memory: Tensor) -> Tensor:
        tokens = memory[:, :-1].float()
        logits: Tensor = self.stop(torch.cat([tokens, asked[:, None].expand_as(tokens)], 2))[..., 0]
        return logits


def _lengths(ends: Tensor) -> list[int]:
    """How many tokens stand before and at the first end; all where there is none. [segments, tokens - 1] bool."""
    last = torch.ones(len(ends), 1, dtype=torch.bool)
    lengths: list[int] = (torch.cat([ends, last], 1).int().argmax(1) + 1).tolist()
    return lengths


Policy = Router | Ending


class Reinforced(nn.Module):
    """A policy on top of a frozen learner, as a step of the training loop takes it."""

    def __init__(self, learner: Learner, policy: Policy, *, price: float = 0.0) -> None:
        """`price` in nats, of all tokens of all segments."""
        super().__init__()
        self.learner, self.policy, self.price = learner, policy, price

    def forward(self, batch: Films) -> tuple[Tensor, dict[str, float]]:
        """What to descend, the mean reward, and the share of tokens kept."""
        dice = torch.Generator().manual_seed(int(np.random.default_rng(batch.seed).integers(2**31)))
        memory, asked = read_all(self.learner, batch)
        drawn = [
            [self.policy.draw(asked[part, which], memory[part, which], dice) for part, which in questions(batch)]
            for _ in range(DRAWS)
        ]
        rewards = torch.stack([self._rewards(batch, memory, draws) for draws in drawn])  # [draws, questions]
        others = (rewards.sum(0) - rewards) / (DRAWS - 1)
        chances = torch.stack([torch.stack([draw.log_chance for draw in draws]) for draws in drawn])
        kept = np.mean([np.mean(draw.shares) for draws in drawn for draw in draws]) / memory.shape[2]
        value = -((rewards - others) * chances).mean()
        return value, {"reward": float(rewards.mean()), "kept": float(kept)}

    def _rewards(self, batch: Films, memory: Tensor, draws: Sequence[Draw]) -> Tensor:
        losses, _ = answered(self.learner, batch, memory, [draw.shares for draw in draws])
        cost = torch.tensor([np.mean(draw.shares) / memory.shape[2] for draw in draws])
        return -torch.stack([loss.mean() for loss in losses]) - self.price * cost.float()


@torch.no_grad()
def read_all(learner: Learner, batch: Films) -> tuple[Tensor, Tensor]:
    """Memory and what relevance is read from, of every segment for every question, as `Learner.compress`."""
    asks = [[question for question, _ in example.asked] for example in batch.examples]
    with learner.cast():
        memory, asked = learner.compress([example.clip for example in batch.examples], asks, batch.system)
    return memory.float(), asked


@torch.no_grad()
def answered(
    learner: Learner, batch: Films, memory: Tensor, shares: Sequence[Sequence[int]]
) -> tuple[tuple[Tensor, ...], Tensor]:
    """As `Learner.answered`, with the shares of each question in order."""
    following = iter(shares)
    with learner.cast():
        return learner.answered(batch.examples, memory, lambda *_: next(following))


def questions(batch: Films) -> list[tuple[slice, int]]:
    """Each film's segments among all, and the number of the question, in the order in which `answered` asks."""
    found, first = [], 0
    for example in batch.examples:
        part = slice(first, first + len(example.clip))
        found += [(part, which) for which in range(len(example.asked))]
        first = part.stop
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, answered from what a policy kept and from what the model's own router kept in as large a budget:
    right in every word, each word after the true ones before it; and the share of all tokens that each kept."""

    film: int
    policy: bool
    router: bool
    policy_kept: float
    router_kept: float


def compared(
    learner: Learner, policies: Mapping[str, Policy], router: Router, batches: Sequence[Films]
) -> dict[str, list[Compared]]:
    """Every question under every policy. What is read of a film is read once."""
    found: dict[str, list[Compared]] = {name: [] for name in policies}
    films = 0
    for batch in batches:
        memory, asked = read_all(learner, batch)
        asks = questions(batch)
        numbers = [films + place for place, example in enumerate(batch.examples) for _ in example.asked]
        films += len(batch.examples)
        for name, policy in policies.items():
            chosen = [policy.best(asked[part, which], memory[part, which]) for part, which in asks]
            dealt = [
                router.within(asked[part, which], sum(shares))
                for (part, which), shares in zip(asks, chosen, strict=True)
            ]
            rights = [answered(learner, batch, memory, shares)[1].tolist() for shares in (chosen, dealt)]
            kept = [[float(np.mean(one)) / memory.shape[2] for one in shares] for shares in (chosen, dealt)]
            found[name] += map(Compared, numbers, *rights, *kept)
    return found
