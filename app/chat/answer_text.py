"""An answer in, safe HTML out: its times become links `tempo:SECONDS`, unsupported ones are marked instead. Pure.

Everything the model wrote is escaped; the only markup is ours.
"""

from __future__ import annotations

from html import escape

from app.clock import clock
from app.theme import Palette
from app.timeline.heat import heat, hexed
from engine.records import Answer, Citation

SCHEME = "tempo"


def answer_html(answer: Answer, palette: Palette) -> str:
    """The answer's text with its times as chips."""
    parts: list[str] = []
    place = 0
    for start, citation in _quotes(answer):
        if start < place:
            continue
        parts.append(plain_html(answer.text[place:start]))
        parts.append(_chip(answer, citation, palette))
        place = start + len(citation.quote)
    parts.append(plain_html(answer.text[place:]))
    return f'<div style="line-height:150%">{"".join(parts)}</div>'


def _quotes(answer: Answer) -> list[tuple[int, Citation]]:
    """Where in the text each named time stands."""
    found: list[tuple[int, Citation]] = []
    for citation in answer.citations:
        if citation.quote:
            starts = citation.quote_starts or (answer.text.find(citation.quote),)
            found.extend((start, citation) for start in starts if start >= 0)
    return sorted(found, key=lambda place: place[0])


def plain_html(text: str) -> str:
    """Escaped text with its line breaks."""
    return escape(text).replace("\n", "<br>")


def weak_notes(answer: Answer) -> tuple[str, ...]:
    """One sentence for every named time that is not linked: the program's own words, kept apart from the answer."""
    mean = answer.allocation.used / max(len(answer.segments), 1)
    notes = []
    for citation in answer.citations:
        if citation.supported:
            continue
        if not citation.segments:
            notes.append(f"“{citation.quote}” lies outside the part of the film that was read; it is not linked.")
        else:
            tokens = max(answer.allocation.shares[index] for index in citation.segments)
            notes.append(
                f"“{citation.quote}” is weak evidence: its segment got {tokens} tokens, the mean is {mean:.0f}."
            )
    return tuple(dict.fromkeys(notes))


def _chip(answer: Answer, citation: Citation, palette: Palette) -> str:
    words = escape(citation.quote).replace(" ", "&nbsp;")
    if not citation.supported:
        return (f'<span style="color:{palette.text2};background-color:{palette.hover}">&nbsp;{words}&nbsp;</span>'
                f'<span style="color:{palette.text3};font-size:11px">&nbsp;unsupported</span>')  # fmt: skip
    swatch = _swatch(answer, citation, palette)
    title = clock(citation.start_seconds)
    return (f'<a href="{SCHEME}:{citation.start_seconds:.3f}" title="Go to {title}" '
            f'style="color:{palette.accent};background-color:{palette.soft};text-decoration:none;font-weight:500">'
            f"&nbsp;{swatch}{words}&nbsp;</a>")  # fmt: skip


def _swatch(answer: Answer, citation: Citation, palette: Palette) -> str:
    allocation = answer.allocation
    tokens = max(allocation.shares[index] for index in citation.segments)
    colour = hexed(heat(tokens, low=allocation.k_min, high=allocation.k_max, dark=palette.dark))
    return f'<span style="color:{colour}">▮</span>&nbsp;'
