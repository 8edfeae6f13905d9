"""How people ask: many wordings of every kind for training, and others that only the test knows.

{x} and {y} are things with their article taken care of ("the {x}" stays, "a {x}" becomes "an owl", "grapes"), {xs} a
plural, {t} a second, {s} text on screen. Verbs are written for one thing; `phrasing.py` makes them agree. `TRAINED` is
everything that `patterns.py` stands for, but for what the test asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.training.asking.patterns import PATTERNS

HELD_OUT: dict[str, tuple[str, ...]] = {
    "when": (
        "At what time do we see the {x}?", "When does the {x} show up?", "When is there a {x} on screen?",
        "At which second can I see the {x}?",
    ),
    "caption": ("At what time is the text {s} on screen?", "When do we see {s} on screen?", "When is {s} shown?"),
    "what": (
        "What is there to see at {t} seconds?", "What is on screen at second {t}?", "What appears at second {t}?",
        "Which things are shown at {t} seconds?",
    ),
    "whether": (
        "Is there a {x} on screen?", "Does the film show the {x}?", "Do we see the {x} in this film?",
        "Is a {x} visible in the film?",
    ),
    "often": ("How many times is there a {x}?", "How often is the {x} shown?", "How many times can I see the {x}?"),
    "after": (
        "What is there after the {x}?", "Which things come after the {x}?", "What do we see next after the {x}?",
    ),
    "before": (
        "What is on screen before the {x}?", "Which things come before the {x}?", "What is there before the {x}?",
    ),
    "first": ("Which things do we see first?", "What is shown at the beginning?", "What is there at the start?"),
    "last": ("Which things do we see last?", "What is shown at the end of the film?", "What is there at the end?"),
    "earlier": (
        "Which one is shown first, the {x} or the {y}?", "What do we see first, the {x} or the {y}?",
        "Which appears earlier, the {x} or the {y}?",
    ),
    "colour": (
        "In which colour do we see the {x}?", "What colour does the {x} have?",
        "Can you tell me the colour of the {x}?",
    ),
    "background": (
        "What colour does the background have when the {x} is shown?",
        "Which colour is the background at {t} seconds?",
    ),
    "count": ("How many {xs} are visible?", "How many {xs} can I see?", "How many {xs} show up in the film?"),
    "motion": (
        "What does the {x} do on screen?", "In what direction does the {x} go?",
        "In which direction does the {x} move?",
    ),
    "text": (
        "What text do we see at {t} seconds?", "What is written on screen at {t} seconds?",
        "What does it say when the {x} is shown?",
    ),
    "longer": ("Which one is shown longer, the {x} or the {y}?", "Which do we see longer, the {x} or the {y}?"),
    "more": ("Can you see more {xs} or more {ys}?", "Are more {xs} or more {ys} shown?"),
    "where": ("In which place do we see the {x}?", "What place is the {x} in?", "Which place is it at {t} seconds?"),
    "together": (
        "What else do we see with the {x}?", "Which things are shown together with the {x}?",
        "What else appears with the {x}?",
    ),
    "summary": (
        "Can you tell me what happens in this film?", "What do we see in this film?",
        "Give me a summary of the film.",
    ),
}  # fmt: skip
STORIES = (  # of what is asked in training only, in words that other questions use
    "Describe this content.", "Describe all that is shown.", "Tell me all that appears.", "What is shown, and when?",
    "Describe what can be seen at which time.",
)  # fmt: skip
CHOICES = (
    "{question}\n{options}\nAnswer with the letter.", "{question}\n{options}\nWhich letter is right?",
    "{question} Choose one.\n{options}", "{question}\nOptions:\n{options}\nGive the letter of the right answer.",
    "{question}\n{options}", "{question}\n{options}\nAnswer:", "{question} Which of these is right?\n{options}",
    "{question}\n{options}\nChoose the right answer.", "{question}\n{options}\nSay only the letter.",
    "{question} Give one letter.\n{options}", "{question}\nPlease answer with one letter.\n{options}",
    "Choose the right letter.\n{question}\n{options}",
)  # fmt: skip
HELD_OUT_CHOICES = ("{question}\n{options}\nGive me the right letter.", "{question} Answer with one letter.\n{options}")
NOT_THERE = ("when", "often", "after", "before", "colour", "count", "motion", "where", "together")
UNKNOWN_TO_ALL = ("when", "whether", "often", "after", "before", "colour", "count", "motion", "where", "together")


def spelled_out(pattern: str) -> Iterator[str]:
    """Every sentence that a pattern stands for."""
    choice = re.search(r"\(([^()]*)\)", pattern)
    if choice is None:
        asks = pattern.startswith(("Can ", "Do ")) and pattern.endswith(".")
        yield pattern[:1].upper() + (f"{pattern[1:-1]}?" if asks else pattern[1:])
        return
    for chosen in choice[1].split("|"):
        yield from spelled_out(pattern[: choice.start()] + chosen + pattern[choice.end() :])


TRAINED: dict[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(one for pattern in patterns for one in spelled_out(pattern) if one not in HELD_OUT[kind]))
    for kind, patterns in PATTERNS.items()
}
