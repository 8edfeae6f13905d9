"""A conversation in, Markdown with times out. Pure."""

from __future__ import annotations

import re

from app.clock import clock, elapsed, span
from app.conversation import Conversation, Exchange, Outcome
from app.pins import pins
from engine.records import Answer, VideoInfo

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def write_markdown(conversation: Conversation) -> str:
    """Film, then every question with its answer, its evidence and what the model saw."""
    blocks = [_film(conversation.video)]
    blocks.extend(_exchange(exchange) for exchange in conversation.exchanges)
    return "\n\n".join(blocks) + "\n"


def _film(video: VideoInfo) -> str:
    facts = (
        f"{clock(video.duration_seconds)}, {video.width} × {video.height}, {video.frame_rate:.4g} fps, {video.codec}"
    )
    return f"# {_plain(video.path.name)}\n\n{facts}"


def _exchange(exchange: Exchange) -> str:
    blocks = [f"## {exchange.number}. {_plain(exchange.question)}"]
    if exchange.text:
        blocks.append(_plain(exchange.text))
    if exchange.outcome is not Outcome.ANSWERED:
        blocks.append(f"*{_plain(exchange.message or 'Not finished.')}*")
    if exchange.answer is not None:
        blocks.extend(_grounds(exchange.answer))
    return "\n\n".join(blocks)


def _grounds(answer: Answer) -> list[str]:
    blocks = []
    found = pins(answer)
    if found:
        rows = ["| # | Time | Tokens | Relevance | |", "|--:|---|--:|--:|---|"]
        for pin in found:
            kind = ("named in the answer" if pin.named else "evidence") + (", weak" if pin.weak else "")
            rows.append(f"| {pin.number} | {span(pin.seconds, pin.end_seconds)} | {pin.tokens} "
                        f"| {pin.relevance:.2f} | {kind} |")  # fmt: skip
        blocks.append("\n".join(rows))
    outside = [citation.quote for citation in answer.citations if not citation.segments]
    if outside:
        blocks.append("Times outside the film: " + ", ".join(_plain(quote) for quote in outside) + ".")
    blocks.append(_facts(answer))
    blocks.extend(f"> {_plain(note)}" for note in answer.notes)
    return blocks


def _facts(answer: Answer) -> str:
    model, allocation = answer.model, answer.allocation
    return (
        f"Model {_plain(model.name)} on {model.device}, {model.precision}. "
        f"{answer.frames_sampled} frames at {answer.sample_fps:.3g} a second in {len(answer.segments)} segments; "
        f"{allocation.used} of {allocation.limit} tokens, {allocation.k_min} to {allocation.k_max} a segment. "
        f"First word after {elapsed(answer.seconds.first_token)}, all after {elapsed(answer.seconds.total)}."
    )


def _plain(text: str) -> str:
    """What the model or the person wrote is text, never markup."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "  \n")
