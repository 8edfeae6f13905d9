"""Words in; the moments and spans of a film that they name out.

Read as times: 12.0 seconds · 12 s · <12.0 seconds> · 1:02 · 1:02:03.5 · 1 minute 5 seconds · 0:12-0:34 ·
from 13.0 to 17.2 seconds · between 3 and 5 seconds · 12.0-15.0 seconds · at 3, 5 and 9 seconds.
Not read as times: bare numbers, lengths of time ("for 3 seconds", "5 seconds later", "the first 10 seconds"), ratios
(16:9) and hours of the day (4:30 pm).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?:\.\d+)?(?![\d:]|\.\d|\s?[ap]\.?m\b)"
SECONDS = r"(?:seconds?|secs?|s)\b"
COUNTED = (  # 12 s, 2 minutes, 1 minute and 5 seconds
    rf"{NUMBER}[\s-]?(?:{SECONDS}|(?:minutes?|mins?)\b(?:,?\s(?:and\s)?{NUMBER}[\s-]?{SECONDS})?)"
    rf"|\d+m\s?{NUMBER}s\b"
)
MOMENT = rf"(?:{CLOCK}|{COUNTED})"
JOINED = r"\s?(?:-|–|—|to|until|till|through)\s?<?"
LENGTH_BEFORE = re.compile(
    r"\b(?:for|lasts?|lasting|every|within|first|last|next|takes?)\s(?:about\s|around\s)?<?$", re.I
)
LENGTH_AFTER = re.compile(r">?[\s-](?:long|later|earlier|apart|each|before|after|ago|of\b|in length|in duration)", re.I)
UNIT_AT_END = re.compile(r"[a-z]+$", re.I)
PART = re.compile(rf"({NUMBER})[\s-]?([hms]?)", re.I)
UNIT_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "": 1.0}

SPAN = re.compile(
    rf"""(?<![\w:.,-])(?<!\d,)(?:
        (?P<start>{MOMENT}|{NUMBER})>?{JOINED}(?P<end>{MOMENT})
      | (?<=between\s)(?P<low>{MOMENT}|{NUMBER})\sand\s(?P<high>{MOMENT})
      | (?<=at\s)(?P<list>{NUMBER}(?:,\s{NUMBER})*,?\s(?:and|or)\s{NUMBER}\s?{SECONDS})
      | (?P<moment>{MOMENT})
    )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A moment (`start_seconds == end_seconds`) or a span that a text names."""

    start_seconds: float
    end_seconds: float
    quote: str
    quote_start: int


def named_times(text: str) -> Iterator[NamedTime]:
    """Yield the times that `text` names, in its order. Each quote is `text[quote_start:quote_start + len(quote)]`."""
    for match in SPAN.finditer(text):
        if LENGTH_BEFORE.search(text, 0, match.start()) or LENGTH_AFTER.match(text, match.end()):
            continue
        if match["list"]:
            yield from _listed(match["list"], match.start("list"))
        elif match["moment"]:
            moment = seconds_of(match["moment"])
            yield NamedTime(moment, moment, match["moment"], match.start("moment"))
        else:
            yield _span(match, *(("start", "end") if match["start"] else ("low", "high")))


def seconds_of(words: str) -> float:
    """Return the seconds that one time stands for: `1:02:03.5`, `12`, `12 s` or `1 minute 5 seconds`."""
    if ":" in words:
        total = 0.0
        for part in words.split(":"):
            total = total * 60 + float(part)
        return total
    return sum(float(number.replace(",", "")) * UNIT_SECONDS[unit.lower()] for number, unit in PART.findall(words))


def _span(match: re.Match[str], first: str, second: str) -> NamedTime:
    start, end = match[first], match[second]
    unit = UNIT_AT_END.search(end)
    if unit and not UNIT_AT_END.search(start) and ":" not in start:
        start = f"{start} {unit[0]}"  # "2 to 3 minutes"
    low, high = sorted((seconds_of(start), seconds_of(end)))
    quote_start, quote_end = match.start(first), match.end(second)
    return NamedTime(low, high, match.string[quote_start:quote_end], quote_start)


def _listed(words: str, offset: int) -> Iterator[NamedTime]:
    """Read "3, 5 and 9 seconds": the unit belongs to every number."""
    for part in re.finditer(rf"{NUMBER}(?:\s?{SECONDS})?", words, re.IGNORECASE):
        moment = seconds_of(part[0])
        yield NamedTime(moment, moment, part[0], offset + part.start())
