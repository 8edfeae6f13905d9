"""Moments in, subtitles out that any player shows over the film while it is in one of them. Pure.

The times are the film's own, to the millisecond that both formats count in.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from app.moments.moments import Moment, Order, described, in_order

_NO_MARKS = str.maketrans("<>{}", "‹›()")  # SubRip has marks and no way to write them as text


def write_srt(moments: Sequence[Moment]) -> str:
    """SubRip."""
    cues = [
        f"{number}\n{_time(moment.start_seconds, ',')} --> {_time(moment.end_seconds, ',')}\n"
        f"{_words(moment).translate(_NO_MARKS)}\n"
        for number, moment in enumerate(in_order(moments, Order.TIME), start=1)
    ]
    return "\n".join(cues)


def write_vtt(moments: Sequence[Moment]) -> str:
    """WebVTT."""
    cues = [
        f"{number}\n{_time(moment.start_seconds, '.')} --> {_time(moment.end_seconds, '.')}\n"
        f"{html.escape(_words(moment), quote=False)}\n"
        for number, moment in enumerate(in_order(moments, Order.TIME), start=1)
    ]
    return "\n".join(("WEBVTT\n", *cues))


def _words(moment: Moment) -> str:
    """One line: an empty one would end the cue."""
    return " ".join(f"Moment {moment.rank}: {described(moment)}".split())


def _time(seconds: float, point: str) -> str:
    """`01:02:03,500`."""
    whole, part = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}{point}{part:03d}"
