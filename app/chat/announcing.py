"""An engine event in, what a screen reader says of it out. Pure."""

from __future__ import annotations

from engine.events import AnswerGrounded, Event, Failed, Stopped

_MOST = 400  # characters; the rest is read where it stands


def words_for(event: Event, number: int) -> str:
    """What to say of an event of question `number`; empty for what only shows."""
    match event:
        case AnswerGrounded(answer=answer):
            text = answer.text if len(answer.text) <= _MOST else f"{answer.text[:_MOST].rsplit(' ', 1)[0]} …"
            return f"Answer to question {number}: {text}"
        case Failed(message=message, advice=advice):
            return f"Question {number} failed: {message} {advice}".strip()
        case Stopped():
            return f"Question {number} is stopped."
        case _:
            return ""
