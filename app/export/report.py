"""A conversation in, the one record that every kind of file is written from out. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.chat.answer.cited import Cited, cited, places, weak_notes
from app.chat.answer.markup import Block, blocks_of
from app.clock import clock, elapsed
from app.conversation import Conversation, Exchange, Outcome
from app.counting import count, count_of
from app.pins import Pin, pins
from engine.records import Answer, VideoInfo


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer."""

    number: int
    question: str
    blocks: tuple[Block, ...]
    times: tuple[Cited, ...]  # what a run's `cited` counts in
    ended: str  # why there is no whole answer; empty if there is one
    pins: tuple[Pin, ...]
    facts: str
    notes: tuple[str, ...]
    earlier: tuple[Section, ...] = ()  # takes before this one, oldest first


@dataclass(frozen=True, slots=True)
class Report:
    """A film and what was asked about it."""

    title: str
    facts: str
    sections: tuple[Section, ...]


def report_of(conversation: Conversation) -> Report:
    """Everything worth keeping."""
    sections = tuple(_section(exchange) for exchange in conversation.exchanges)
    return Report(conversation.video.path.name, _film(conversation.video), sections)


def kind_of(pin: Pin) -> str:
    """Why a place is in the list."""
    return ("named in the answer" if pin.named else "evidence") + (", weak" if pin.weak else "")


def mark_of(time: Cited) -> str:
    """What stands behind the words that name a time."""
    return f"[{clock(time.start_seconds)}]" if time.supported else "[unsupported]"


def _section(exchange: Exchange) -> Section:
    answer = exchange.answer
    done = exchange.outcome is Outcome.ANSWERED
    return Section(
        number=exchange.number,
        question=exchange.question,
        blocks=blocks_of(exchange.text, places(answer) if answer else ()),
        times=cited(answer) if answer else (),
        ended="" if done else " ".join(filter(None, (exchange.message or "Not finished.", exchange.advice))),
        pins=pins(answer) if answer else (),
        facts=_facts(exchange, answer) if answer else "",
        notes=_notes(exchange, answer),
        earlier=tuple(_section(take) for take in exchange.earlier),
    )


def _notes(exchange: Exchange, answer: Answer | None) -> tuple[str, ...]:
    judged = (*weak_notes(answer), *answer.notes) if answer else ()
    return tuple(dict.fromkeys((*judged, *exchange.notes)))


def _film(video: VideoInfo) -> str:
    return f"{clock(video.duration_seconds)}, {video.width} × {video.height}, {video.frame_rate:.4g} fps, {video.codec}"


def _facts(exchange: Exchange, answer: Answer) -> str:
    model, allocation = answer.model, answer.allocation
    drawn = f" Drawn at temperature {exchange.temperature:g}, seed {exchange.seed}." if exchange.temperature else ""
    return (
        f"Model {model.name} on {model.device}, {model.precision}. "
        f"{count(answer.frames_sampled, 'frame')} at {answer.sample_fps:.3g} a second "
        f"in {count(len(answer.segments), 'segment')}; {count_of(allocation.used, allocation.limit, 'token')}, "
        f"{allocation.k_min} to {allocation.k_max} a segment. "
        f"First word after {elapsed(answer.seconds.first_token)}, all after {elapsed(answer.seconds.total)}.{drawn}"
    )
