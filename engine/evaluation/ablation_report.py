"""Tables and verdicts of the ablations: rows of results in, Markdown and JSON out.

A claim counts as holding where the difference has the claimed sign and p < 0.01, as failing where it has the other sign
at that p, and as open between; nothing is left out because it is inconvenient. p is of each claim by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.evaluation.ablation_controls import controls
from engine.evaluation.conditions import (
    ANCHORED,
    BUDGETS,
    FULL,
    ROUTERS,
    SWEEP,
    WAYS,
    Condition,
    anchor_counts,
    parts,
)
from engine.evaluation.statistics import Estimate, estimate, mean_area, mean_over_kinds, paired

Row = dict[str, Any]
SURE = 0.01
NEAR = 0.02  # what counts as no loss: the interval must not reach further down
GROUPS: dict[str, Callable[[Row], bool]] = {
    "all": lambda row: True,
    "one segment": lambda row: bool(row["about"] == "one"),
    "several": lambda row: bool(row["about"] == "many"),
}


def report(rows: Sequence[Row], *, most: int, scorer: str) -> tuple[str, dict[str, Any]]:
    """Markdown for a person, and the same for a program."""
    text, told = [], {}
    for segments in sorted({row["segments"] for row in rows}):
        own = [row for row in rows if row["segments"] == segments]
        films = len({row["film"] for row in own})
        text.append(f"## {segments} segments: {len(own)} questions on {films} films\n")
        told[str(segments)] = section(own, most=most)
        for title, table in tables(own, most=most, scorer=scorer):
            text.append(f"### {title}\n\n{table}\n")
    return "\n".join(text), told


def section(rows: Sequence[Row], *, most: int) -> dict[str, Any]:
    """Every condition's share of right answers, by group of questions."""
    conditions = list(dict.fromkeys(one for part in parts(most).values() for one in part))
    return {
        condition.key: {
            group: {"mean": found.mean, "low": found.low, "high": found.high, "count": found.count}
            for group in GROUPS
            if (found := share(rows, condition, group)).count
        }
        for condition in conditions
        if any(condition.key in row["right"] for row in rows)
    }


def share(rows: Sequence[Row], condition: Condition, group: str = "all", measure: str = "right") -> Estimate:
    """Share of right answers under a condition."""
    own = [row for row in rows if condition.key in row[measure] and GROUPS[group](row)]
    return estimate([float(row[measure][condition.key]) for row in own], [row["film"] for row in own])


def compared(rows: Sequence[Row], one: Condition, other: Condition, group: str) -> tuple[Estimate, float]:
    """By how much one condition is ahead, question by question, and how likely that is by chance."""
    own = [row for row in rows if {one.key, other.key} <= set(row["right"]) and GROUPS[group](row)]
    differences = [float(row["right"][one.key]) - float(row["right"][other.key]) for row in own]
    films = [row["film"] for row in own]
    return estimate(differences, films), paired(differences, films)


def tables(rows: Sequence[Row], *, most: int, scorer: str) -> list[tuple[str, str]]:
    """Titles and Markdown tables of whatever was measured."""
    found = [
        ("Kinds of question, all memory", _kinds(rows)),
        ("Allocation at equal budgets", _grid(rows, "budget", _allocations())),
        ("Which tokens of a segment are kept", _grid(rows, "budget", _selections())),
        ("Anchors (as many as the budget pays for: the same for all)", _grid(rows, "budget", _anchors(most))),
        (f"Who routes (external: {scorer})", _grid(rows, "budget", _routers())),
        ("Budgets swept, adaptive", _list(rows, [Condition("adaptive", one) for one in SWEEP] + [FULL], _fraction)),
        ("Tokens kept of every segment", _list(rows, _kept(most), lambda one: str(one.kept))),
        ("Controls", controls(rows, share)),
        ("Relevance: area under the ROC curve", _areas(rows)),
        ("How shares are distributed (adaptive, a quarter)", _distribution(rows, most)),
        ("Claims", _claims(rows)),
    ]
    return [(title, table) for title, table in found if table]


def _allocations() -> dict[str, dict[str, Condition]]:
    return {_fraction(Condition("", one)): {how: Condition(how, one) for how in WAYS} for one in BUDGETS}


def _selections() -> dict[str, dict[str, Condition]]:
    ways = ("head", "tail", "random", "merged")
    return {_fraction(Condition("", one)): {how: Condition("adaptive", one, how) for how in ways} for one in BUDGETS}


def _anchors(most: int) -> dict[str, dict[str, Condition]]:
    return {
        _fraction(Condition("", one)): {str(n): Condition("adaptive", one, anchors=n) for n in anchor_counts(most)}
        for one in ANCHORED
    }


def _routers() -> dict[str, dict[str, Condition]]:
    return {
        _fraction(Condition("", one)): {who: Condition("adaptive", one, router=who) for who in ROUTERS}
        for one in (1 / 4, 1 / 8, 1 / 16)
    }


def _grid(rows: Sequence[Row], first: str, lines: dict[str, dict[str, Condition]]) -> str:
    """A table of conditions for each group of questions, and of the tokens that they spent."""
    columns = list(next(iter(lines.values())))
    out = [f"| {first} | questions | {' | '.join(columns)} |", "|---|---|" + "---:|" * len(columns)]
    for name, conditions in lines.items():
        if not any(one.key in row["right"] for row in rows for one in conditions.values()):
            continue
        for group in GROUPS:
            found = [share(rows, one, group) for one in conditions.values()]
            if any(one.count for one in found):
                out.append(f"| {name} | {group} | {' | '.join(map(str, found))} |")
        out.append(f"| {name} | tokens a segment | {' | '.join(_spent(rows, one) for one in conditions.values())} |")
    return "\n".join(out) if len(out) > 2 else ""


def _spent(rows: Sequence[Row], condition: Condition) -> str:
    used = [row["used"][condition.key] / row["segments"] for row in rows if condition.key in row["used"]]
    return f"{np.mean(used):.2f}" if used else "-"


def _list(rows: Sequence[Row], conditions: Sequence[Condition], named: Callable[[Condition], str]) -> str:
    out = [f"| | {' | '.join(GROUPS)} |", "|---|" + "---:|" * len(GROUPS)]
    for condition in conditions:
        found = [share(rows, condition, group) for group in GROUPS]
        if found[0].count:
            out.append(f"| {named(condition)} | {' | '.join(map(str, found))} |")
    return "\n".join(out) if len(out) > 2 else ""


def _kinds(rows: Sequence[Row]) -> str:
    out = ["| kind | questions | right | times in the very segments | relevance area |", "|---|---:|---:|---:|---:|"]
    for kind in [*dict.fromkeys(row["kind"] for row in rows), "all"]:
        own = [row for row in rows if kind in (row["kind"], "all")]
        if FULL.key not in own[0]["right"]:
            return ""
        exact = share(own, FULL, "all", "exact")
        out.append(f"| {kind} | {len(own)} | {share(own, FULL)} | {exact} | {_area(own, 'prompt').told('.4f')} |")
    right = [float(row["right"][FULL.key]) for row in rows]
    mean = mean_over_kinds(right, [row["kind"] for row in rows], [row["film"] for row in rows])
    return "\n".join(out) + f"\n\nMean over kinds: {mean}."


def _areas(rows: Sequence[Row]) -> str:
    out = ["| who scores | area | questions |", "|---|---:|---:|"]
    for who in ROUTERS:
        found = _area(rows, who)
        if found.count:
            out.append(f"| {who} | {found.told('.4f')} | {found.count} |")
    return "\n".join(out) if len(out) > 2 else ""


def _area(rows: Sequence[Row], who: str) -> Estimate:
    return mean_area([row["areas"].get(who, math.nan) for row in rows], [row["film"] for row in rows])


def _distribution(rows: Sequence[Row], most: int) -> str:
    shares = [np.sort(np.asarray(row["shares"])) for row in rows if row["about"] != "none"]
    if not shares:
        return ""
    tenth = np.mean([one[-max(1, len(one) // 10) :].sum() / max(one.sum(), 1) for one in shares])
    skews = [float(((one - one.mean()) ** 3).mean() / one.std() ** 3) for one in shares if one.std() > 0]
    joined = np.concatenate(shares)
    out = ["| tokens of a segment | segments |", "|---:|---:|"]
    out += [f"| {count} | {(joined == count).mean():.1%} |" for count in range(int(joined.min()), most + 1)]
    words = (
        f"\n\nThe tenth of the segments with most tokens holds {tenth:.0%} of them; mean skewness "
        f"{np.mean(skews) if skews else 0.0:.2f}; used of the budget: "
        f"{np.mean([one.sum() / max(1, round(most * len(one) / 4)) for one in shares]):.0%}."
    )
    return "\n".join(out) + words


def _claims(rows: Sequence[Row]) -> str:
    """The paper's claims, each against what it is compared with."""
    quarter, eighth, sixteenth = (Condition("adaptive", one) for one in (1 / 4, 1 / 8, 1 / 16))
    pairs: list[tuple[str, Condition, Condition, str]] = [
        ("less is more: half is better than all", Condition("adaptive", 1 / 2), FULL, "all"),
    ]
    for one in (quarter, eighth, sixteenth):
        for how in WAYS[1:]:
            pairs.append(
                (f"adaptive is ahead of {how} at {_fraction(one)}", one, Condition(how, one.share), "one segment")
            )
    for one in (quarter, eighth):
        for how in ("tail", "random", "merged"):
            pairs.append(
                (f"head is ahead of {how} at {_fraction(one)}", one, Condition("adaptive", one.share, how), "all")
            )
    for count, budget in ((1, 1 / 4), (1, 1 / 2), (4, 3 / 4)):
        some, none = (Condition("adaptive", budget, anchors=one) for one in (count, 0))
        name = f"anchors ({count} each) are ahead of none at {_fraction(some)}"
        pairs += [(name, some, none, group) for group in ("all", "several")]
    for one in (quarter, sixteenth):
        for who in ("none", "external", "oracle"):
            other = Condition("adaptive", one.share, router=who)
            pairs.append((f"the routing prompt is ahead of {who} at {_fraction(one)}", one, other, "all"))
    out = ["| claim | questions | ahead by | p | |", "|---|---|---:|---:|---|"]
    if any({quarter.key, FULL.key} <= set(row["right"]) for row in rows):
        ahead, p = compared(rows, quarter, FULL, "all")
        near = "holds" if ahead.low >= -NEAR else "fails" if ahead.high < -NEAR else "open"
        out.append(f"| a quarter of the tokens is within two points of all | all | {ahead} | {p:.2g} | {near} |")
    for claim, one, other, group in pairs:
        if any({one.key, other.key} <= set(row["right"]) for row in rows):
            ahead, p = compared(rows, one, other, group)
            if ahead.count:
                verdict = "open" if p >= SURE else "holds" if ahead.mean > 0 else "fails"
                out.append(f"| {claim} | {group} | {ahead} | {p:.2g} | {verdict} |")
    return "\n".join(out) if len(out) > 2 else ""


def _kept(most: int) -> list[Condition]:
    return [Condition("kept", kept=count) for count in range(1, most + 1)]


def _fraction(condition: Condition) -> str:
    names = {1.0: "all"} | {one: f"1/{round(1 / one)}" for one in SWEEP if one < 0.7}
    return names.get(condition.share, f"{condition.share:.2g}")
