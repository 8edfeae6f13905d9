"""A wording and what it is about in, a question as somebody would type it out."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from engine.training.asking.wordings import HELD_OUT, TRAINED
from engine.training.world.language import article, plural
from engine.training.world.things import PLURAL

MANY = {
    "does": "do", "is": "are", "was": "were", "appears": "appear", "moves": "move", "shows": "show", "goes": "go",
    "comes": "come", "has": "have", "stays": "stay", "changes": "change",
}  # fmt: skip
CARELESS = 0.15  # of the trained questions come without capital and full stop


def phrased(
    rng: np.random.Generator, kind: str, *, held_out: bool, x: str = "", y: str = "", t: int = -1, s: str = ""
) -> str:
    """One way to ask, among those that need no more than is given."""
    given = {"x": x, "y": y, "t": "" if t < 0 else str(t), "s": s}
    fitting = _fitting(kind, held_out, frozenset(slot[0] for slot, value in given.items() if value))
    text = filled(fitting[int(rng.integers(len(fitting)))], given)
    if not held_out and rng.random() < CARELESS:
        text = text[0].lower() + text[1:].rstrip("?.")
    return text


@cache
def _fitting(kind: str, held_out: bool, known: frozenset[str]) -> tuple[str, ...]:
    return tuple(text for text in (HELD_OUT if held_out else TRAINED)[kind] if _slots(text) <= known)


def slots_of(kind: str, *, held_out: bool) -> list[set[str]]:
    """What each wording of a kind is about."""
    return [_slots(text) for text in (HELD_OUT if held_out else TRAINED)[kind]]


def filled(text: str, given: dict[str, str]) -> str:
    """The wording about these things, in grammatical English."""
    for slot in ("x", "y"):
        name = given.get(slot, "")
        if name:
            text = text.replace(f"{{{slot}s}}", plural(name)).replace(f"{{{slot}}}", name)
            text = _agreeing(text, name)
    return text.replace("{t}", given.get("t", "")).replace("{s}", given.get("s", ""))


def _slots(text: str) -> set[str]:
    return {slot[0] for slot in re.findall(r"\{(\w+)\}", text)}


def _agreeing(text: str, name: str) -> str:
    text = re.sub(rf"\ba {re.escape(name)}\b", f"{article(name)}{name}", text)
    if name.rpartition(" ")[2] in PLURAL:
        before = rf"\b(does|is|was|has)(?= (?:the |there |there any |there a |any )?{re.escape(name)}\b)"
        behind = rf"(?<=\b{re.escape(name)} )(appears|moves|shows|goes|comes|is|does|has|stays)\b"
        for pattern in (before, behind):
            text = re.sub(pattern, _many, text, flags=re.IGNORECASE)
    return text


def _many(found: re.Match[str]) -> str:
    verb = MANY[found[1].lower()]
    return verb.capitalize() if found[1][0].isupper() else verb
