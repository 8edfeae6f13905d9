"""Moments in, chapters for the description of a video on YouTube out, if its rules can be met. Pure.

The rules: the first chapter begins at 0:00, there are at least three, each lasts ten seconds or more. Times are whole
seconds. Source: YouTube Help, "Video chapters".
"""

from __future__ import annotations

from collections.abc import Sequence

from app.clock import clock
from app.counting import count
from app.moments.moments import Moment

LEAST_SECONDS, LEAST_CHAPTERS = 10, 3
BEGINNING = "Beginning"
_NO_ANGLES = str.maketrans("<>", "‹›")  # a description may not hold any


class ChaptersError(ValueError):
    """The rules cannot be met; the message is one plain sentence."""


def write_chapters(moments: Sequence[Moment], duration_seconds: float) -> str:
    """A line a chapter. Raises `ChaptersError` where too few can be made."""
    kept = _kept(moments, duration_seconds)
    chapters = {0: BEGINNING, **{int(moment.start_seconds): _title(moment) for moment in kept}}
    if len(chapters) < LEAST_CHAPTERS:
        raise ChaptersError(
            f"YouTube wants at least {LEAST_CHAPTERS} chapters of {LEAST_SECONDS} seconds or more, "
            f"and these moments make {len(chapters)}."
        )
    return "".join(f"{clock(start, decimals=0)} {chapters[start]}\n" for start in sorted(chapters))


def left_out(moments: Sequence[Moment], duration_seconds: float) -> str:
    """One sentence on the moments that make no chapter; empty if all do."""
    missing = len(moments) - len(_kept(moments, duration_seconds))
    if not missing:
        return ""
    return f"Left out: {count(missing, 'moment')} that would make a chapter of less than {LEAST_SECONDS} seconds."


def _kept(moments: Sequence[Moment], duration_seconds: float) -> list[Moment]:
    """Those that are far enough from one another, from the beginning and from the end, the most relevant first."""
    kept: list[Moment] = []
    for moment in sorted(moments, key=lambda moment: moment.rank):
        start = int(moment.start_seconds)
        others = [int(other.start_seconds) for other in kept]
        far = all(abs(start - other) >= LEAST_SECONDS for other in others)
        if far and (start == 0 or start >= LEAST_SECONDS) and duration_seconds - start >= LEAST_SECONDS:
            kept.append(moment)
    return kept


def _title(moment: Moment) -> str:
    name = f", {moment.chapter}" if moment.chapter else ""
    return " ".join(f"Moment {moment.rank}{name}".split()).translate(_NO_ANGLES)
