"""An answer in; what its named times are worth, where they stand in its text, and the words about weak ones out. Pure.

A time is a link only if the engine found it supported. The link is `tempo:SECONDS#INDEX`, made here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.chat.answer.markup import Place
from app.clock import clock, span
from app.counting import count, plural
from engine.records import Answer, Citation

SCHEME = "tempo"


@dataclass(frozen=True, slots=True)
class Cited:
    """One time that an answer names."""

    index: int
    quote: str
    start_seconds: float
    end_seconds: float
    segment: int | None  # the one with most tokens; None outside the film
    tokens: int
    supported: bool
    reason: str  # why it is no link; empty if it is one

    @property
    def link(self) -> str:
        """Where a click goes; empty where it may not."""
        return f"{SCHEME}:{self.start_seconds:.3f}#{self.index}" if self.supported else ""

    @property
    def tip(self) -> str:
        """A sentence to show beside it."""
        if not self.supported:
            return self.reason
        return (
            f"Go to {clock(self.start_seconds)}. Its part of the film, "
            f"{span(self.start_seconds, self.end_seconds)}, got {count(self.tokens, 'token')}."
        )


def cited(answer: Answer) -> tuple[Cited, ...]:
    """Every time the answer names, in the order of its citations."""
    return tuple(_judge(answer, index, citation) for index, citation in enumerate(answer.citations))


def places(answer: Answer) -> tuple[Place, ...]:
    """Where they stand in the raw text."""
    found: list[Place] = []
    for index, citation in enumerate(answer.citations):
        if citation.quote:
            starts = citation.quote_starts or (answer.text.find(citation.quote),)
            found.extend(Place(at, at + len(citation.quote), index) for at in starts if at >= 0)
    return tuple(sorted(found, key=lambda place: place.start))


def weak_notes(answer: Answer) -> tuple[str, ...]:
    """One sentence for every named time that is not linked: the program's own words, kept apart from the answer."""
    return tuple(dict.fromkeys(time.reason for time in cited(answer) if time.reason))


def _judge(answer: Answer, index: int, citation: Citation) -> Cited:
    shares = answer.allocation.shares
    segment = max(citation.segments, key=lambda place: shares[place], default=None)
    tokens = 0 if segment is None else shares[segment]
    return Cited(
        index=index,
        quote=citation.quote,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        segment=segment,
        tokens=tokens,
        supported=citation.supported and segment is not None,
        reason=_reason(answer, citation, tokens),
    )


def _reason(answer: Answer, citation: Citation, tokens: int) -> str:
    if citation.supported and citation.segments:
        return ""
    if not citation.segments:
        return f"“{citation.quote}” lies outside the part of the film that was read; it is not linked."
    shares = [answer.allocation.shares[place] for place in citation.segments]
    mean, share = answer.allocation.used / max(len(answer.segments), 1), sum(shares) / len(shares)
    if share > mean:
        return f"“{citation.quote}” reaches beyond the end of the film; it is not linked."
    one = f"its segment got {count(tokens, 'token')}"
    got = one if len(shares) == 1 else f"its segments got {share:.0f} {plural(round(share), 'token')} on average"
    return f"“{citation.quote}” is weak evidence: {got}, the mean is {mean:.3g}."
