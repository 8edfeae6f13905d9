"""A question and the things a model can name in; a warning out if the question names none of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

_WORD = re.compile(r"[a-z]+")
# Words that ask, place or count, and name no thing.
_WORDS = """
a about after all also an and any anything are as at be been before begin begins beginning being between both by
can could did do does during each end ends else ever every everything exactly film find first for from get give
go goes had happen happening happens has have he her here his how i if in into is it its just kind last later
least list long many me minute minutes moment moments more most movie much my name named next no not now number
of off often on once one only or order other out over part please point same scene scenes screen second seconds
see seen she show shown shows sort start starts still tell than that the their them then there these they thing
things this those through time times to together total twice under until up us video was we were what when where
which while who whole why will with you your appear appears appeared come comes clip visible leave leaves
disappear disappears
"""
_HELPING, _SUBJECT = "do does did", "he i it she that there they this we you"
_VERB = "appear begin come disappear end find get give go happen have leave see show start tell"
_ASKING, _DO, _SUBJECTS, _VERBS = (frozenset(words.split()) for words in (_WORDS, _HELPING, _SUBJECT, _VERB))


def unknown_note(question: str, things: Sequence[str], *, besides: Collection[str] = ()) -> str:
    """One sentence if nothing that the question names is among the things; else nothing.

    `besides` are words that name no thing, of the questions that this model was taught: "moves", "red", "beach".
    """
    if not things:
        return ""
    words = _WORD.findall(question.lower())
    known = _stems(tuple(things))
    asking = _ASKING | frozenset(besides)
    told = [place for place, word in enumerate(words) if word not in asking]
    if not told or any(_stem(words[place]) in known or words[place] in known for place in told):
        return ""
    verb = _verb(words, asking)
    named = [words[place] for place in told if place != verb] or [words[place] for place in told]
    unknown = " or ".join(f"“{word}”" for word in dict.fromkeys(named[:3]))
    return f"The bundled model does not know {unknown}; it can name {len(things)} things, and says so of most others."


def _verb(words: Sequence[str], asking: Collection[str]) -> int:
    """Where "does the zeppelin land" and "did we meet the president" have a verb that is no asking word; else -1."""
    behind = next((place + 1 for place, word in enumerate(words) if word in _DO), len(words))
    if _VERBS.intersection(words[behind:]):
        return -1
    first = next((place for place in range(behind, len(words)) if words[place] not in asking), len(words))
    after = next((place for place in range(first, len(words)) if words[place] in asking), len(words))
    if after - first > 1:
        return after - 1
    return first if first < after and words[first - 1] in _SUBJECTS else -1


@lru_cache(maxsize=2)
def _stems(things: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_stem(word) for thing in things for word in _WORD.findall(thing.lower()))


def _stem(word: str) -> str:
    """One form for one and many."""
    for ending, put in (("ies", "y"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + put
    return word
