"""What a model says without memory, or with that of another film, kind by kind, against guessing.

Somebody who never saw the film can say "once" or "No" every time; such a guess is right as often as it is true. Kinds
that are answered from the question alone (`FREE`) tell nothing about memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from engine.evaluation.conditions import FULL, Condition
from engine.evaluation.statistics import Estimate

Row = dict[str, Any]
MOST = 0.15  # right without having seen the film, where guessing is no better
EVEN = ("earlier", "longer", "more")  # one of two things that the question names
FREE = ("unknown",)  # the question names something that is in no film
YES_OR_NO = ("whether", "absent")  # whoever always says No is right about all of the second and half of the first
BLIND = {"no memory": Condition("blind"), "another film's memory": Condition("foreign")}


def controls(rows: Sequence[Row], share: Callable[[Sequence[Row], Condition], Estimate]) -> str:
    """A Markdown table; "" if the controls were not measured."""
    if not rows or not all(one.key in rows[0]["right"] for one in BLIND.values()):
        return ""
    out = [f"| kind | questions | its own memory | {' | '.join(BLIND)} | guessing | |", "|---|" + "---:|" * 5 + "---|"]
    for kinds in groups(rows):
        own = [row for row in rows if row["kind"] in kinds]
        found = [share(own, one) for one in (FULL, *BLIND.values())]
        guess = guessing(own)
        seen = "".join(f" {one} |" for one in found)
        out.append(f"| {', '.join(kinds)} | {len(own)} |{seen} {guess:.1%} | {verdict(found[1:], guess)} |")
    return "\n".join(out)


def groups(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Kinds in the order in which they were met, those told apart by Yes and No as one."""
    kinds = list(dict.fromkeys(row["kind"] for row in rows if row["kind"] not in FREE))
    both = tuple(kind for kind in YES_OR_NO if kind in kinds)
    alone: list[tuple[str, ...]] = [(kind,) for kind in kinds if kind not in YES_OR_NO]
    return [both, *alone] if both else alone


def guessing(rows: Sequence[Row]) -> float:
    """The share of right answers of the best guess that is always the same."""
    kinds = {row["kind"] for row in rows}
    if kinds <= set(EVEN):
        return 1 / 2
    if kinds <= set(YES_OR_NO):
        denied = [row["kind"] == "absent" or row["value"] == "no" for row in rows].count(True) / len(rows)
        return max(denied, 1 - denied)
    told = Counter(row["value"] or row["truth"] for row in rows)  # a summary has no value of its own
    return max(told.values()) / len(rows)


def verdict(found: Sequence[Estimate], guess: float) -> str:
    """Whether what was not seen is told no oftener than `MOST`, or than guessing where that is oftener."""
    bound = max(MOST, guess)
    if all(one.mean <= bound for one in found):
        return "holds"
    return "fails" if any(one.low > bound for one in found) else "open"
