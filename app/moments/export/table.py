"""Moments in, a table for spreadsheets and scripts out, in the order they are listed in. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.moments.moments import Moment

COLUMNS = ("rank", "start_seconds", "end_seconds", "relevance", "mean_relevance", "tokens", "segments", "cited_as",
           "chapter")  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(moments: Sequence[Moment]) -> str:
    """A row a moment, times in the film's own seconds, unrounded; `tokens` is empty where none are dealt out yet."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for moment in moments:
        lines.writerow((
            moment.rank, moment.start_seconds, moment.end_seconds, moment.peak_score, moment.mean_score,
            "" if moment.peak_tokens is None else moment.tokens, moment.segments,
            " ".join(map(str, moment.cited)), _harmless(moment.chapter),
        ))  # fmt: skip
    return text.getvalue()


def _harmless(text: str) -> str:
    """A chapter's name comes from the film, and a spreadsheet would run one that begins like a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
