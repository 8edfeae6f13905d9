"""Whether an answer is right: a question with its truth and any text in, right or wrong out.

Strict: all that the truth says and nothing that it does not. An answer that names a second colour, another thing or a
time too many is wrong; so is a right guess wrapped in doubt. What people may say in more than one way may be said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.reply.times import named_times
from engine.training.asking.asked import Asked
from engine.training.asking.truth import SEGMENT
from engine.training.world.language import NUMBERS, TIMES, plural
from engine.training.world.lettering import WORDS
from engine.training.world.palette import NAMED
from engine.training.world.places import PLACES
from engine.training.world.plan import DOWN, GROWS, LEFT, RIGHT, SHRINKS, STILL, TURNS, UP
from engine.training.world.things import ALL_THINGS

DENIED = re.compile(
    r"\b(not|never|no) (?:\w+ ){0,2}(?:appear|shown|seen|there|visible|in the film)|^no\b|\bthere (?:is|are) no\b", re.I
)
FOREIGN = re.compile(r"\bnot (?:in|of|part of) my world\b", re.I)
SPELLINGS = {"gray": "grey", "violet": "purple"}
MOVES = {
    "left": LEFT, "right": RIGHT, "up": UP, "upwards": UP, "down": DOWN, "downwards": DOWN,
    "grows": GROWS, "grow": GROWS, "bigger": GROWS, "larger": GROWS,
    "shrinks": SHRINKS, "shrink": SHRINKS, "smaller": SHRINKS,
    "turns": TURNS, "turn": TURNS, "rotates": TURNS, "spins": TURNS, "still": STILL,
}  # fmt: skip
OF_ONE = ("colour", "count", "often", "motion", "where")  # they tell of one thing, and no other belongs in the answer
LETTER = re.compile(r"\b([A-D])\b(?!')")
ON_SCREEN = re.compile(r"[A-Z]{2,}|\d+")
SETTING = re.compile(rf"\bin front of ({'|'.join(NAMED)})\b|\b({'|'.join(PLACES)})\b", re.I)
Judge = Callable[[Asked, str], bool]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the model was told that each segment's middle lies, and when each starts: how times become segments."""

    centres: Sequence[float]
    starts: Sequence[float]
    end: float

    def segment(self, seconds: float) -> int:
        """The segment that a time names: the one with that stamp, else the one it falls in; -1 outside the film."""
        nearest = min(range(len(self.centres)), key=lambda place: abs(self.centres[place] - seconds))
        if abs(self.centres[nearest] - seconds) <= 0.051:
            return nearest
        if not self.starts[0] <= seconds <= self.end:
            return -1
        return max(place for place, start in enumerate(self.starts) if start <= seconds)


def right(asked: Asked, text: str, grid: Grid, *, slack: int = 1) -> bool:
    """Whether the answer is right; times may be off by `slack` segments at either end of a span."""
    if asked.unknown:
        return bool(FOREIGN.search(text))
    if FOREIGN.search(text):
        return False
    if asked.absent:
        return _denied(asked, text)
    if asked.spans or asked.kind in ("when", "caption"):
        return _timed(asked, text, grid, slack)
    if asked.value and asked.kind in OF_ONE and set(things(text, apart=NAMED)) - set(asked.names):
        return False
    return JUDGES[asked.kind](asked, text)


def _denied(asked: Asked, text: str) -> bool:
    """It says that the thing is not there, and neither when nor how often it is."""
    others = set(things(_uncoloured(text, asked.names))) - set(asked.names)
    often = [times for times in TIMES[1:] if re.search(rf"\b{times}\b", text, re.I)]
    told = bool(others or often or list(named_times(text)))
    return bool(DENIED.search(text)) and not told and not text.lower().startswith("yes")


def _timed(asked: Asked, text: str, grid: Grid, slack: int) -> bool:
    if DENIED.search(text) or (asked.value == "yes" and not text.lower().lstrip().startswith("yes")):
        return False
    if set(things(_uncoloured(_without(text, asked.value), asked.names))) - set(asked.names):
        return False
    if asked.kind == "whether":  # the question was whether; a time that is given all the same is a matter of `when`
        return True
    times = list(named_times(_without(text, asked.value)))
    if asked.kind == "caption" and not _quoted(asked, text, [time.quote for time in times]):
        return False
    told = [(grid.segment(time.start_seconds), grid.segment(time.end_seconds)) for time in times]
    # By the film's own clock: samples lie up to half a second behind it, and so do the starts of the grid.
    true = [(int(start) // SEGMENT, (int(end) - 1) // SEGMENT) for start, end in asked.spans]
    return len(told) == len(true) and all(
        first >= 0 <= last and abs(first - a) <= slack and abs(last - b) <= slack
        for (first, last), (a, b) in zip(sorted(told), sorted(true), strict=True)
    )


def _without(text: str, quoted: str) -> str:
    """The answer without the text on screen that it quotes: "The text 14 appears at 3.0 seconds"."""
    return text.replace(f"text {quoted}", "text", 1) if quoted else text


def _quoted(asked: Asked, text: str, times: Iterable[str]) -> bool:
    """Whether no other text on screen is quoted than the one that was asked about."""
    for time in times:
        text = text.replace(time, "")
    return not ON_SCREEN.search(text.replace(asked.value, ""))


def _uncoloured(text: str, names: Sequence[str]) -> str:
    """The answer without colours before the things it is about: an orange train is no orange."""
    forms = "|".join(re.escape(form) for name in names for form in (name, plural(name)))
    return re.sub(rf"\b(?:{'|'.join(NAMED)}) (?=(?:{forms})\b)", "", text, flags=re.I) if names else text


def _names(asked: Asked, text: str) -> bool:
    """Exactly the things, apart from the one that the question was about; of nothing it says so."""
    told = things(_uncoloured(_after_time(text), asked.names))
    named = [name for name in told if name != asked.about or name in asked.names]
    if not asked.names:
        return not named and bool(re.search(r"\b(alone|nothing|no other)\b", text, re.I))
    if DENIED.search(text) or not _on_its_side(asked, text):
        return False
    return named == list(asked.names) if asked.ordered else set(named) == set(asked.names)


def _on_its_side(asked: Asked, text: str) -> bool:
    """Where the thing asked about is named again, what was asked for stands on the side of it that was asked for."""
    if asked.kind not in ("after", "before") or asked.about not in things(text):
        return True
    return bool(re.search(rf"\b{asked.kind} (?:the )?{asked.about}\b", text, re.I))


def _compared(asked: Asked, text: str) -> bool:
    """The one of two; the other only as what it is compared with."""
    if DENIED.search(text):
        return False
    named = things(text)
    beside = len(named) == 1 or bool(re.search(r"\b(than|before)\b", text, re.I))
    return named[:1] == list(asked.names) and set(named) <= {*asked.names, asked.about} and beside


def _colour(asked: Asked, text: str) -> bool:
    said = [SPELLINGS.get(word, word) for word in words(text)]
    return {word for word in said if word in NAMED} == {asked.value} and "not" not in said


def _count(asked: Asked, text: str) -> bool:
    counted = re.sub(rf"\ban? (?={asked.names[0]}\b)", "one ", text.lower())
    said = [NUMBERS[int(word)] if word.isdigit() and int(word) < len(NUMBERS) else word for word in words(counted)]
    return {word for word in said if word in NUMBERS} == {asked.value}


def _often(asked: Asked, text: str) -> bool:
    said = re.sub(r"\b(\d)\b", lambda found: NUMBERS[int(found[1])], text.lower())
    said = re.sub(r"\bone time\b", "once", re.sub(r"\btwo times\b", "twice", said))
    return [times for times in TIMES if re.search(rf"\b{times}\b", said)] == [asked.value]


def _motion(asked: Asked, text: str) -> bool:
    said = {MOVES[word] for word in words(text) if word in MOVES}
    if re.search(r"\bnot move\b", text, re.I):
        said.add(STILL)
    return said == {asked.value}


def _text(asked: Asked, text: str) -> bool:
    """The words and numbers on screen, in their order and no others."""
    said = [word for word in ON_SCREEN.findall(_after_time(text)) if word in WORDS or word.isdigit()]
    return said == asked.value.split()


def _where(asked: Asked, text: str) -> bool:
    said = words(text)
    return {place for place in PLACES if place in said} == {asked.value} and "not" not in said


def _summary(asked: Asked, text: str) -> bool:
    """Every chapter's setting in order, and its star where it has one."""
    settings = [(colour or place).lower() for colour, place in SETTING.findall(text)]
    stars = [CALLED[word] for word in words(SETTING.sub("", text)) if word in CALLED]
    return settings == list(asked.accepted) and stars == list(asked.names)


def _choice(asked: Asked, text: str) -> bool:
    letters = set(LETTER.findall(text))
    if letters:
        return letters == {asked.value}
    return text.strip().rstrip(".").lower() == asked.accepted[0].lower()


JUDGES: dict[str, Judge] = {
    "what": _names, "together": _names, "after": _names, "before": _names, "first": _names, "last": _names,
    "earlier": _compared, "longer": _compared, "more": _compared, "colour": _colour, "count": _count, "often": _often,
    "motion": _motion, "text": _text, "where": _where, "summary": _summary, "choice": _choice,
}  # fmt: skip
CALLED = {form: name for name in ALL_THINGS for form in (name, plural(name))}


def things(text: str, *, apart: Iterable[str] = ()) -> list[str]:
    """Things of the world that a text names, each once, in its order."""
    left_out = set(apart)
    named = [CALLED[word] for word in words(re.sub(r"\bin the mountains\b", "", text, flags=re.I)) if word in CALLED]
    return [name for name in dict.fromkeys(named) if name not in left_out]


def words(text: str) -> list[str]:
    """Words and whole numbers, small."""
    return re.findall(r"[a-z]+|\d+", text.lower())


def _after_time(text: str) -> str:
    """The answer without "At 12 seconds"."""
    return re.sub(r"\bat (?:second )?\d+(?:\.\d+)?(?: seconds?)?\b", "", text, flags=re.I)
