"""An exchange in, text for the clipboard out: the answer's Markdown, its times as `[0:37.3]`, its evidence as a list.
Pure."""

from __future__ import annotations

from app.chat.answer.cited import cited, places
from app.clock import clock, span
from app.conversation import Exchange
from app.counting import count
from app.pins import pins


def with_times(exchange: Exchange) -> str:
    """The model's words as it wrote them, behind every time it names the place in the film that a click would reach."""
    answer = exchange.answer
    if answer is None:
        return exchange.text
    times = cited(answer)
    parts: list[str] = []
    done = 0
    for place in places(answer):
        if place.start < done:
            continue
        time = times[place.index]
        word = f"[{clock(time.start_seconds)}]" if time.supported else "[unsupported]"
        parts += (answer.text[done : place.end], " ", word)
        done = place.end
    parts.append(answer.text[done:])
    rows = [
        f"{pin.number}. [{clock(pin.seconds)}] {span(pin.seconds, pin.end_seconds)}, {count(pin.tokens, 'token')}, "
        f"relevance {pin.relevance:.2f}{', weak' if pin.weak else ''}"
        for pin in pins(answer)
    ]
    film = f"Evidence in {answer.video.path.name}:"
    return "\n\n".join(("".join(parts), *(["\n".join((film, "", *rows))] if rows else [])))
