"""What lists and menus say of films and conversations. Pure."""

from __future__ import annotations

from datetime import datetime

from app.clock import clock
from app.counting import count
from app.history.records import FilmCard, PastChat

_LONGEST = 60  # characters of a question in a menu


def when(moment: float, now: float) -> str:
    """A moment of the past as one says it: `today at 14:03`, `yesterday at 9:05`, `12 March`, `12 March 2024`."""
    then, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now)
    days = (today.date() - then.date()).days
    if days in (0, 1):
        return f"{'yesterday' if days else 'today'} at {then:%H:%M}"
    if 1 < days < 7:
        return f"{then:%A}"
    return f"{then.day} {then:%B}" + ("" if then.year == today.year else f" {then.year}")


def about_film(card: FilmCard, now: float) -> str:
    """A film's line in the list: length, place, questions, day."""
    parts = [clock(card.duration_seconds, decimals=0)]
    if card.seconds > 0:
        parts[0] = f"{clock(card.seconds, decimals=0)} of {parts[0]}"
    parts += [count(card.questions, "question"), when(card.opened, now)]
    return "  ·  ".join(parts)


def about_chat(chat: PastChat, now: float) -> str:
    """A conversation's line in the menu: first question, how many more, day."""
    question = " ".join(chat.first_question.split())
    if len(question) > _LONGEST:
        question = question[: _LONGEST - 2].rstrip() + " …"
    more = f" and {chat.questions - 1} more" if chat.questions > 1 else ""
    return f"{question}{more}  ({when(chat.begun, now)})"


def for_menu(text: str) -> str:
    """Text that a menu shows as it is; an ampersand would be taken for a key."""
    return text.replace("&", "&&")
