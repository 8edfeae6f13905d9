"""What the paper's claims are tested under: conditions by part, each a way to spend a share of all memory tokens."""

from __future__ import annotations

from dataclasses import dataclass

BUDGETS = (1 / 2, 1 / 4, 1 / 8, 1 / 16)
WAYS = ("adaptive", "uniform", "matched", "random", "pruned")
ANCHORED, ANCHORS = (3 / 4, 1 / 2, 1 / 4), (0, 1, 2, 4, 8)  # below, even one for each leaves nothing to share out
SWEEP = (1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 3 / 4)
PROMPT, NONE, ORACLE, EXTERNAL = ROUTERS = ("prompt", "none", "oracle", "external")


@dataclass(frozen=True, slots=True)
class Condition:
    """One way to answer."""

    allocation: str  # full | adaptive | uniform | matched (uniform, with as many tokens as adaptive spends) | random |
    # pruned | kept (so many of each) | blind | foreign
    share: float = 1.0  # of all memory tokens
    selection: str = "head"
    anchors: int = -1  # if negative the model's own, as far as half of the budget pays for them
    router: str = PROMPT
    kept: int = 0  # tokens of each segment, where the allocation is "kept"

    @property
    def key(self) -> str:
        """Its name in the results."""
        return f"{self.allocation}|{self.share:.4f}|{self.selection}|{self.anchors}|{self.router}|{self.kept}"


FULL = Condition("full")


def anchor_counts(most: int) -> list[int]:
    """How many anchors are tried on a model of `most` memory tokens a segment."""
    return sorted({min(count, most) for count in ANCHORS})


def parts(most: int) -> dict[str, tuple[Condition, ...]]:
    """The parts of the experiment for a model of `most` memory tokens a segment."""
    quarter_down = (1 / 4, 1 / 8, 1 / 16)
    return {
        "allocation": (
            FULL,
            *(Condition(how, share) for share in BUDGETS for how in WAYS),
        ),
        "selection": tuple(
            Condition("adaptive", share, how) for share in BUDGETS for how in ("head", "tail", "random", "merged")
        ),
        "anchors": tuple(
            Condition("adaptive", share, anchors=count) for share in ANCHORED for count in anchor_counts(most)
        ),
        "router": tuple(Condition("adaptive", share, router=who) for share in quarter_down for who in ROUTERS),
        "budgets": (*(Condition("adaptive", share) for share in SWEEP), FULL),
        "tokens": tuple(Condition("kept", kept=count) for count in range(1, most + 1)),
        "blind": (FULL, Condition("blind"), Condition("foreign")),
    }


PARTS = tuple(parts(8))
