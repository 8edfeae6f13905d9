"""Questions about a drawn film and their true answers, in ordinary English.

Three kinds in this version: when a thing appears, whether it does, and what appears at a time. The wordings of the
test set (`HELD_OUT`) are never used in training.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

PLURAL = frozenset(("grapes", "cherries", "peanuts", "fries", "scissors", "glasses", "dice"))

WORDINGS = {
    "when": (
        "When does the {x} appear?", "When do we see the {x}?", "When is the {x} shown?", "When is the {x} on screen?",
        "At what time does the {x} appear?", "At which second does the {x} show up?", "When can I see the {x}?",
        "Find the {x}.", "At what time is there a {x}?", "When does a {x} appear?", "Where in the film is the {x}?",
    ),
    "whether": (
        "Does a {x} appear?", "Is there a {x} in this film?", "Do we see a {x}?", "Does the film show a {x}?",
        "Does the {x} appear?", "Is a {x} shown?", "Can a {x} be seen?", "Is there any {x}?",
        "Does a {x} show up in the film?",
    ),
    "what": (
        "What appears at {t} seconds?", "What is on screen at {t} seconds?", "What do we see at {t} seconds?",
        "What is shown at {t} seconds?", "What can be seen at second {t}?", "Which things appear at {t} seconds?",
        "What is there at {t} seconds?", "At {t} seconds, what do we see?",
    ),
}  # fmt: skip
HELD_OUT = {
    "when": ("At what time do we see the {x}?", "When does the {x} show up?", "When is there a {x} on screen?"),
    "whether": ("Is there a {x} on screen?", "Does the film show the {x}?", "Do we see the {x} in this film?"),
    "what": ("What is there to see at {t} seconds?", "What is on screen at second {t}?", "What appears at second {t}?"),
}
KINDS = tuple(WORDINGS)
MANY = {"does": "do", "Does": "Do", "is": "are", "Is": "Are"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its truth. `segments` are the ones that bear on it."""

    kind: str
    question: str
    things: tuple[str, ...]
    segments: tuple[int, ...]
    at_seconds: int = -1


def wording(rng: np.random.Generator, kind: str, *, held_out: bool = False, **slots: object) -> str:
    """One way to ask; sometimes without capital or full stop, as people type."""
    text = str(rng.choice((HELD_OUT if held_out else WORDINGS)[kind])).format(**slots)
    if "x" in slots:
        text = _agreeing(text, str(slots["x"]))
    if not held_out and rng.random() < 0.15:
        text = text[0].lower() + text[1:].rstrip("?.")
    return text


def _agreeing(text: str, thing: str) -> str:
    """Article and verb as the thing wants them: "an owl", "Do the grapes appear?"."""
    text = text.replace(f" a {thing}", f" {article(thing)}{thing}")
    if thing in PLURAL:
        pattern = rf"\b(does|is) (?=(the |there |there any )?{thing})"
        text = re.sub(pattern, lambda found: MANY[found[1]] + " ", text, flags=re.IGNORECASE)
    return text


def article(thing: str) -> str:
    """ "a ", "an " or "" before the thing."""
    return "" if thing in PLURAL else "an " if thing[0] in "aeiou" else "a "


def answer(asked: Asked, times: tuple[str, ...]) -> str:
    """The true answer; `times` are the time stamps of `asked.segments` as the decoder reads them, "13.0"."""
    verb = "appear" if len(asked.things) > 1 or asked.things[0] in PLURAL else "appears"
    names = [f"the {thing}" for thing in asked.things]
    if asked.kind == "what":
        return f"At {asked.at_seconds} seconds {_listed(names)} {verb}."
    if not asked.segments:
        negated = f"{names[0]} {'do' if verb == 'appear' else 'does'} not appear."
        return f"No, {negated}" if asked.kind == "whether" else negated.capitalize()
    span = f"at {times[0]} seconds" if len(times) == 1 else f"from {times[0]} to {times[-1]} seconds"
    stated = f"{names[0]} {verb} {span}."
    return f"Yes, {stated}" if asked.kind == "whether" else stated.capitalize()


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
