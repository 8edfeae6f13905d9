"""What somebody types for a place in a film in, its moment out. Pure.

Understood: 1:02:03.5, 62:03, 3723, 12.5, 12,5, 1h 2m 3s, 90 s, +10, -1:30, 50%, #1200 (a frame by its number).
"""

from __future__ import annotations

import re

from app.clock import clock
from app.player.pictures import Pictures

_NUMBER = r"\d+(?:[.,]\d*)?|[.,]\d+"
_CLOCK = re.compile(rf"(?:(\d+):)?(\d+):(\d{{1,2}}(?:[.,]\d*)?)|({_NUMBER})")
_UNITS = re.compile(
    rf"(?:({_NUMBER})\s*(?:h|hours?))?\s*(?:({_NUMBER})\s*(?:m|min|minutes?))?\s*(?:({_NUMBER})\s*(?:s|secs?|seconds?))?",
    re.IGNORECASE,
)
EXAMPLES = "Type a time such as 1:02:03.5, 3723, +10, 50% or #1200."


class TimeTextError(ValueError):
    """Not a place in this film; the message is one plain sentence."""


def moment_of(text: str, *, now: float, duration: float, pictures: Pictures) -> float:
    """Seconds from the film's start. Relative to `now` with a sign, of `duration` with %, by number with #.

    Raises `TimeTextError` for what is not understood, and for what lies outside the film."""
    typed = text.strip()
    if typed.startswith("#"):
        return _frame(typed, pictures)
    if typed.endswith("%"):
        return _inside(_number(typed[:-1], typed) / 100 * duration, duration, typed)
    if typed[:1] in ("+", "-", "−"):
        moved = now + _seconds(typed[1:], typed) * (1 if typed[0] == "+" else -1)
        return min(max(moved, 0.0), duration)  # as far as the film goes, like the arrow keys
    return _inside(_seconds(typed, typed), duration, typed)


def _seconds(text: str, typed: str) -> float:
    text = text.strip()
    matched = _CLOCK.fullmatch(text)
    if matched is not None:
        hours, minutes, seconds, plain = matched.groups()
        if plain is not None:
            return _number(plain, typed)
        if (hours is not None and int(minutes) > 59) or _number(seconds, typed) >= 60:
            raise TimeTextError(f"“{typed}” is no time: minutes and seconds go to 59.")
        return int(hours or 0) * 3600 + int(minutes) * 60 + _number(seconds, typed)
    units = _UNITS.fullmatch(text)
    if units is None or not any(units.groups()):
        raise TimeTextError(f"“{typed}” is no time. {EXAMPLES}" if typed else EXAMPLES)
    return sum(_number(part, typed) * unit for part, unit in zip(units.groups(), (3600, 60, 1), strict=True) if part)


def _number(text: str, typed: str) -> float:
    if re.fullmatch(_NUMBER, text.strip()) is None:
        raise TimeTextError(f"“{typed}” is no time. {EXAMPLES}")
    return float(text.strip().replace(",", "."))


def _frame(typed: str, pictures: Pictures) -> float:
    digits = re.sub(r"[\s,]", "", typed[1:])
    if re.fullmatch(r"\d+", digits) is None:
        raise TimeTextError(f"“{typed}” is no frame number: type # and a whole number.")
    if not pictures:
        raise TimeTextError("The frames of this film are still being counted: try again in a moment.")
    if int(digits) >= pictures.count:
        raise TimeTextError(f"The film has {pictures.count:,} frames, the first is #0: there is no “{typed}”.")
    return pictures.moment(int(digits))


def _inside(seconds: float, duration: float, typed: str) -> float:
    if seconds > duration:
        raise TimeTextError(f"“{typed}” lies after the end of the film, which is {clock(duration)} long.")
    return seconds
