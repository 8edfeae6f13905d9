"""A heatmap in, its segments by relevance and a few figures out: what the charts draw and say. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.clock import span
from app.counting import count
from app.timeline.heatmap import Heatmap
from engine.records import Segment

_TOP = 0.1  # of the segments


@dataclass(frozen=True, slots=True)
class Ranked:
    """A segment that was scored; `tokens` is None where none were dealt out yet."""

    segment: Segment
    relevance: float
    tokens: int | None

    @property
    def text(self) -> str:
        """Everything known of it, on one line."""
        tokens = "tokens not known yet" if self.tokens is None else count(self.tokens, "token")
        when = span(self.segment.start_seconds, self.segment.end_seconds)
        return f"Segment {self.segment.index + 1}  ·  {when}  ·  relevance {self.relevance:.3f}  ·  {tokens}"


def ranked(heatmap: Heatmap) -> tuple[Ranked, ...]:
    """Segments with a score, the most relevant first; of equal ones the earlier first."""
    order = sorted(heatmap.scores, key=lambda index: (-heatmap.scores[index], index))
    return tuple(Ranked(heatmap.segment(index), heatmap.scores[index], heatmap.shares.get(index)) for index in order)


def top_count(ranks: Sequence[Ranked]) -> int:
    """How many segments the top tenth has: a tenth, rounded up."""
    return math.ceil(len(ranks) * _TOP)


def top_share(ranks: Sequence[Ranked]) -> float | None:
    """The part of all tokens that went to the top tenth by relevance; None before any were dealt out."""
    tokens = [rank.tokens or 0 for rank in ranks]
    return sum(tokens[: top_count(ranks)]) / sum(tokens) if sum(tokens) else None


def most_tokens(heatmap: Heatmap) -> int:
    """The upper end of an axis of tokens."""
    return max(heatmap.k_max, *heatmap.shares.values(), 1) if heatmap.shares else max(heatmap.k_max, 1)


def figures(heatmap: Heatmap, ranks: Sequence[Ranked]) -> tuple[tuple[str, str], ...]:
    """Name and value of every number beside the charts; a dash stands for what is not known."""
    scored, total, share = len(ranks), len(heatmap.segments), top_share(ranks)
    used = sum(heatmap.shares.values())
    top = f"Tokens on the top {top_count(ranks)} by relevance" if ranks else "Tokens on the top tenth by relevance"
    return (
        ("Segments", "–" if not total else f"{total:,}" if scored == total else f"{scored:,} of {total:,} scored"),
        ("Tokens used", f"{used:,} of {heatmap.limit:,}" if heatmap.shares else "–"),
        (top, "–" if share is None else f"{share:.0%}"),
        ("Largest relevance", f"{ranks[0].relevance:.3f}" if ranks else "–"),
        ("Median relevance", f"{median(rank.relevance for rank in ranks):.3f}" if ranks else "–"),
    )


def nothing_to_show(heatmap: Heatmap) -> str:
    """Why there are no curves, in a line; empty where there are some."""
    if heatmap.scores:
        return ""
    if not heatmap.question:
        return "Ask a question: its segments appear here while they are scored"
    if heatmap.ended:
        return f"Question {heatmap.question} ended before a segment was scored"
    return f"Question {heatmap.question}: no segment is scored yet"
