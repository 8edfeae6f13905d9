"""Seconds in, the time as people write it out: `1:02:03.5`, `0:12.3`, `4:36`. Pure."""

from __future__ import annotations

import math


def clock(seconds: float, *, decimals: int = 1) -> str:
    """The time cut, not rounded, to `decimals`: a clock never shows a moment that has not come yet.

    Raises `ValueError` for a time that is not a number or negative."""
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"not a time in a film: {seconds}")
    unit = 10**decimals
    ticks = math.floor(seconds * unit + 1e-6)
    whole, part = divmod(ticks, unit)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    head = f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
    return f"{head}.{part:0{decimals}d}" if decimals else head


def span(start_seconds: float, end_seconds: float) -> str:
    """A stretch of film: `0:12.0 – 0:14.0`."""
    return f"{clock(start_seconds)} – {clock(end_seconds)}"


def elapsed(seconds: float) -> str:
    """A length of work: `0.42 s`, `8.8 s`, `2 min 05 s`."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes, second = divmod(round(seconds), 60)
    return f"{minutes} min {second:02d} s"
