"""What the small VLM and the decoder are taught apart from films: questions about one segment, and notes to read.

`lesson(rng, task, film, place)` gives a question and the reply it wants; `note(...)` what stands for a segment's memory
when the decoder goes to school on text.
"""

from __future__ import annotations

import numpy as np

from engine.training.architecture import CAPTION_QUERY, MEMORY_TOKENS
from engine.training.drafts import DraftFilm, draft_routing
from engine.training.prompts import Reply, Vocabulary
from engine.training.things import NAMES

# What the small VLM is asked, step by step; "clock" and "moment" are checklist and relevance about times alone.
TURNS = ("check", "caption", "moment", "relevance", "caption", "clock", "moment", "clock")
NAMES_FIRST = 100  # steps before relevance is asked: finding a named thing comes before judging


def lesson(rng: np.random.Generator, task: str, film: DraftFilm, place: int) -> tuple[str, Reply]:
    """A question about one segment and its short answer; `task` is one of `TURNS`."""
    shown = film.things[place]
    if task in ("relevance", "moment"):
        question, relevant = draft_routing(rng, film, place, kind="what" if task == "moment" else "")
        return question, [("", "Yes" if relevant else "No")]
    if task == "caption":
        listed = " and ".join(f"the {NAMES[thing]}" for thing in shown)
        return CAPTION_QUERY, [("", f"{listed}<|im_end|>")]
    times = task == "clock" or rng.random() < 0.35
    return "Which of these appear?", (_times if times else _names)(rng, film, place)


def note(rng: np.random.Generator, words: Vocabulary, things: tuple[int, ...], relevant: bool) -> list[int]:
    """Eight tokens as the small VLM would write them at the memory's places: names, and Yes or No, sometimes wrong."""
    said = "Yes" if relevant != (rng.random() < 0.02) else "No"
    names = [things[place // 2 % len(things)] for place in range(MEMORY_TOKENS)]
    names = [name if rng.random() > 0.05 else int(rng.integers(len(NAMES))) for name in names]
    return [words.encode(said if place % 2 else f" {NAMES[name]}")[0] for place, name in enumerate(names)]


def _names(rng: np.random.Generator, film: DraftFilm, place: int) -> Reply:
    """Names, each judged Yes or No where it stands."""
    shown = film.things[place]
    things = rng.permutation([*shown, *rng.choice(len(NAMES), 6, replace=False)])
    return [(f" {NAMES[thing]}", "Yes" if thing in shown else "No") for thing in things]


def _times(rng: np.random.Generator, film: DraftFilm, place: int) -> Reply:
    """Times, each judged Yes or No where it stands."""
    start = film.offset_seconds + 2 * place
    near = start + rng.integers(-7, 9, 5)
    times = rng.permutation([start, start + 1, *near[near >= 0], film.offset_seconds + int(rng.integers(64))])
    return [(f" {time} seconds", "Yes" if start <= time < start + 2 else "No") for time in times]
