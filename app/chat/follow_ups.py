"""What could be asked next, from what was asked and answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.clock import clock
from app.pins import pins
from engine.records import Answer

_MOST = 3


def follow_ups(answer: Answer, *, asked: Sequence[str], suggested: Sequence[str]) -> tuple[str, ...]:
    """Up to three questions nobody asked yet: about a place that stands out and is not named, then those suggested."""
    done = {_plain(question) for question in asked}
    places = [pin for pin in pins(answer) if not pin.named] or [pin for pin in pins(answer) if not pin.weak]
    offered = [_about(pin.seconds, pin.end_seconds, bundled=answer.model.bundled) for pin in places[:1]]
    found = [question for question in (*offered, *suggested) if _plain(question) not in done]
    return tuple(dict.fromkeys(found))[:_MOST]


def _about(start: float, end: float, *, bundled: bool) -> str:
    """In the words that the bundled model was taught, or in anybody's."""
    middle = (start + end) / 2
    return f"What appears at {round(middle)} seconds?" if bundled else f"What happens at {clock(middle, decimals=0)}?"


def _plain(question: str) -> str:
    return " ".join(question.lower().split()).rstrip("?. ")
