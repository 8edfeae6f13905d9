"""A part of a film as people write it, 0:12-1:02:03.5, in; two numbers of seconds out. And back."""

from __future__ import annotations

import re

CLOCK = re.compile(r"\d+(?::[0-5]?\d){0,2}(?:\.\d+)?")  # 12.5, 1:02, 90:00, 1:02:03.5


def read_range(text: str) -> tuple[float, float]:
    """12-34 or 0:12-1:02:03.5 as seconds. Raises `ValueError` whose text is a sentence without its full stop."""
    start, _, end = text.replace("–", "-").partition("-")
    if not (CLOCK.fullmatch(start.strip()) and CLOCK.fullmatch(end.strip())):
        raise ValueError(f"{text!r} is no range such as 12-34 or 0:12-0:34")
    span = _seconds(start), _seconds(end)
    if span[0] >= span[1]:
        raise ValueError(f"The range {text} does not run forward")
    return span


def write_range(span: tuple[float, float]) -> str:
    """A range as `read_range` reads it, to the millisecond."""
    return "-".join(map(_clock, span))


def _seconds(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 1000:02}" + (f".{rest % 1000:03}".rstrip("0") if rest % 1000 else "")
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"
