"""An `Answer` in, what a terminal shows below its words out: citations, evidence, and the figures of the run."""

from __future__ import annotations

from collections.abc import Iterator

from engine.records import Answer, Citation


def to_text(answer: Answer) -> str:
    """Return one line for each time the answer names and each span it rests on."""
    return "".join(f"{line}\n" for line in _lines(answer))


def to_figures(answer: Answer) -> str:
    """Return how long it took to the first segment, the first word and the end, and what the memory cost."""
    times = answer.seconds
    return (
        f"First segment after {times.first_score:.1f} s, first word after {times.first_token:.1f} s, "
        f"all in {times.total:.1f} s; {answer.allocation.used} of {answer.allocation.limit} tokens."
    )


def printable(text: str) -> str:
    """Drop control characters and what is no character: words and file names must not steer or break the terminal."""
    shown = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
    return shown.encode(errors="replace").decode()


def clock(seconds: float) -> str:
    """Write a time as people do: 0:12.5, or 1:02:03.5 from an hour on."""
    minutes, rest = divmod(round(seconds * 10), 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest / 10:04.1f}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def _lines(answer: Answer) -> Iterator[str]:
    if not answer.text:
        yield "(The model said nothing.)"
    for citation in answer.citations:
        mark = "cited" if citation.supported else "weak" if citation.segments else "outside"
        yield f"{mark:>9}  {_span(citation)}  {printable(citation.quote)}"
    scores = {segment.index: score for segment, score in zip(answer.segments, answer.scores, strict=True)}
    for span in answer.evidence:
        yield f" evidence  {_span(span)}  relevance {max(scores[i] for i in span.segments):.2f}"


def _span(citation: Citation) -> str:
    return f"{clock(citation.start_seconds)} - {clock(citation.end_seconds)}"
