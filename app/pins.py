"""An answer in, its numbered places in the film out. Chat, timeline and export count alike from here. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.records import Answer, Citation

MOST = 8  # two rows of thumbnails; further evidence is in the heatmap itself


@dataclass(frozen=True, slots=True)
class Pin:
    """One place the answer rests on. `seconds` is where a click goes."""

    number: int
    seconds: float
    end_seconds: float
    segment: int
    tokens: int
    relevance: float
    named: bool  # the answer names this time itself
    weak: bool  # its segments got no more than the mean share


def pins(answer: Answer) -> tuple[Pin, ...]:
    """Times the answer names first, in its order, then further evidence, best first; one pin a place."""
    found: list[Pin] = []
    for citation, named in _places(answer):
        if not any(pin.segment == _best(answer, citation) and _same(pin, citation) for pin in found):
            found.append(_pin(answer, citation, number=len(found) + 1, named=named))
    return tuple(found[:MOST])


def _places(answer: Answer) -> Iterator[tuple[Citation, bool]]:
    yield from ((citation, True) for citation in answer.citations if citation.segments)
    named = {segment for citation in answer.citations for segment in citation.segments}
    yield from ((place, False) for place in answer.evidence if place.segments and not named & set(place.segments))


def _same(pin: Pin, citation: Citation) -> bool:
    return abs(pin.seconds - citation.start_seconds) < 0.05


def _best(answer: Answer, citation: Citation) -> int:
    return max(citation.segments, key=lambda index: answer.allocation.shares[index])


def _pin(answer: Answer, citation: Citation, *, number: int, named: bool) -> Pin:
    segment = _best(answer, citation)
    return Pin(
        number=number,
        seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        segment=segment,
        tokens=answer.allocation.shares[segment],
        relevance=answer.scores[segment],
        named=named,
        weak=not citation.supported,
    )
