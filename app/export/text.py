"""A conversation in, plain text out: for mails and for whoever wants no marks at all. Pure."""

from __future__ import annotations

from app.chat.answer.markup import LINE, Block, Kind, Runs
from app.clock import span
from app.conversation import Conversation
from app.counting import count
from app.export.report import Section, kind_of, mark_of, report_of


def write_text(conversation: Conversation) -> str:
    """Film, then every question with its answer."""
    report = report_of(conversation)
    blocks = [f"{report.title}\n{report.facts}"]
    for section in report.sections:
        heading = f"{section.number}. {section.question}"
        blocks.append(f"{heading}\n{'=' * min(len(heading), 72)}")
        blocks += _section(section)
        for take, earlier in enumerate(section.earlier, start=1):
            blocks.append(f"Take {take}: {earlier.question}")
            blocks += _section(earlier)
    return "\n\n".join(filter(None, blocks)) + "\n"


def answer_text(section: Section) -> str:
    """The answer alone."""
    parts: list[str] = []
    for place, block in enumerate(section.blocks):
        parts.append(("\n" if block.tight else "\n\n") if place else "")
        parts.append(_block(block, section))
    return "".join(parts)


def _section(section: Section) -> list[str]:
    rows = [
        f"{pin.number}. {span(pin.seconds, pin.end_seconds)}, {count(pin.tokens, 'token')}, "
        f"relevance {pin.relevance:.2f}, {kind_of(pin)}"
        for pin in section.pins
    ]
    places = "\n".join(("Evidence", *rows)) if rows else ""
    return [answer_text(section), section.ended, places, section.facts, *section.notes]


def _block(block: Block, section: Section) -> str:
    prefix = "> " * block.quotes + "  " * max(block.depth - 1, 0)
    if block.kind is Kind.TABLE:
        return "\n".join(prefix + "\t".join(_words(cell, section) for cell in row) for row in block.rows)
    words = "-" * 24 if block.kind is Kind.RULE else _words(block.runs, section)
    after = prefix + (" " * (len(block.marker) + 1) if block.marker else "")
    return prefix + (f"{block.marker} " if block.marker else "") + words.replace(LINE, f"\n{after}")


def _words(runs: Runs, section: Section) -> str:
    return "".join(run.text if run.cited is None else f"{run.text} {mark_of(section.times[run.cited])}" for run in runs)
