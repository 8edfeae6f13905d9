"""A conversation in, Markdown with times out. Pure.

Answers keep their headings, lists and tables; whatever else the model or the person wrote is escaped, so that no
viewer makes a link, a picture or HTML of it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from app.chat.answer.markup import LINE, Block, Kind, Look, Run, Runs
from app.clock import span
from app.conversation import Conversation
from app.export.report import Report, Section, kind_of, mark_of, report_of

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|&~])")
_AT_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})(?=[.)]))")
_WRAPS = ((Look.STRUCK, "~~"), (Look.ITALIC, "*"), (Look.BOLD, "**"))
_MARKS = ("*", "~", "`")
_LEVEL = "    "
_SIDES = {"left": ":--", "right": "--:", "center": ":-:"}


def write_markdown(conversation: Conversation) -> str:
    """Film, then every question with its answer, its evidence and what the model saw."""
    return markdown_of(report_of(conversation))


def markdown_of(report: Report) -> str:
    """The same from a report."""
    blocks = [f"# {_plain(report.title)}", report.facts]
    for section in report.sections:
        blocks.append(f"## {section.number}. {_plain(section.question)}")
        blocks += _section(section)
        for take, earlier in enumerate(section.earlier, start=1):
            blocks.append(f"### Take {take}: {_plain(earlier.question)}")
            blocks += _section(earlier)
    return "\n\n".join(filter(None, blocks)) + "\n"


def answer_markdown(section: Section) -> str:
    """The answer alone, its headings below those of the file."""
    parts: list[str] = []
    for place, block in enumerate(section.blocks):
        if place:
            bare = section.blocks[place - 1].marker and not section.blocks[place - 1].runs  # what follows is inside it
            parts.append("\n" if (block.tight and block.marker) or bare else "\n\n")
        parts.append(_block(block, section))
    return "".join(parts)


def _section(section: Section) -> list[str]:
    blocks = [answer_markdown(section), f"*{_plain(section.ended)}*" if section.ended else ""]
    if section.pins:
        rows = ["| # | Time | Tokens | Relevance | |", "|--:|---|--:|--:|---|"]
        rows += [
            f"| {pin.number} | {span(pin.seconds, pin.end_seconds)} | {pin.tokens} | {pin.relevance:.2f} "
            f"| {kind_of(pin)} |"
            for pin in section.pins
        ]
        blocks.append("\n".join(rows))
    blocks.append(_plain(section.facts))
    blocks.extend(f"> {_plain(note)}" for note in section.notes)
    return blocks


def _block(block: Block, section: Section) -> str:
    around = block.nest[:-1] if block.marker else block.nest
    prefix = "".join("> " if one == "q" else _LEVEL for one in around)
    head = prefix + (f"{'-' if block.marker in '•◦▪' else block.marker} " if block.marker else "")
    lines = "\n" + prefix + (_LEVEL if block.marker else "")
    match block.kind:
        case Kind.RULE:
            return f"{head}* * *"
        case Kind.CODE:
            code = _words(block.runs, section)
            fence = "`" * max(3, _longest(code) + 1)
            return (head + f"{fence}\n{code}\n{fence}").replace("\n", lines)
        case Kind.TABLE:
            return lines.join(_table(block, section))
        case Kind.HEADING:
            return f"{head}{'#' * min(block.level + 2, 6)} {_runs(block.runs, section)}".replace(LINE, " ")
        case _:
            words = (_AT_START.sub(_escaped, line) for line in _runs(block.runs, section).split(LINE))
            return head + f"  {lines}".join(words)


def _table(block: Block, section: Section) -> list[str]:
    rows = ["| " + " | ".join(_runs(cell, section).replace(LINE, " ") for cell in row) + " |" for row in block.rows]
    return [rows[0], "|" + "|".join(_SIDES.get(side, "---") for side in block.sides) + "|", *rows[1:]]


def _runs(runs: Runs, section: Section) -> str:
    """Runs that look alike are wrapped together; where marks would not be read as marks the words go without."""
    spans = [(look, "".join(_run(run, section) for run in alike)) for look, alike in groupby(runs, key=_wrapped)]
    made = ""
    for place, (look, words) in enumerate(spans):
        after = spans[place + 1] if place + 1 < len(spans) else (Look.PLAIN, "")
        made += _wrap(words, look, before=made[-1:], after="*" if after[0] else after[1][:1])
    return made


def _wrapped(run: Run) -> Look:
    return run.look & ~Look.CODE


def _wrap(words: str, look: Look, *, before: str, after: str) -> str:
    """CommonMark reads a mark only at an edge of a word, and two that touch as one."""
    core = words.strip()
    head, tail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    before, after = head[-1:] or before, tail[:1] or after
    opens = core and before not in _MARKS and (not _sign(core[0]) or not before or before.isspace() or _sign(before))
    closes = core and after not in _MARKS and (not _sign(core[-1]) or not after or after.isspace() or _sign(after))
    if not look or not opens or not closes:
        return words
    for one, mark in _WRAPS:
        core = f"{mark}{core}{mark}" if one in look else core
    return f"{head}{core}{tail}"


def _sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"


def _run(run: Run, section: Section) -> str:
    mark = "" if run.cited is None else f" {mark_of(section.times[run.cited])}"
    if Look.CODE not in run.look:
        return _SPECIAL.sub(r"\\\1", run.text) + mark
    ticks = "`" * (_longest(run.text) + 1)
    room = " " if run.text[:1] in ("`", " ") or run.text[-1:] in ("`", " ") else ""
    return f"{ticks}{room}{run.text}{room}{ticks}{mark}"


def _words(runs: Runs, section: Section) -> str:
    """Of a code block, where nothing is marked up but times still say their place."""
    parts = (run.text if run.cited is None else f"{run.text} {mark_of(section.times[run.cited])}" for run in runs)
    return "".join(parts).replace(LINE, "\n")


def _escaped(found: re.Match[str]) -> str:
    blank, sign, number = found.groups()
    return f"{blank}\\{sign}" if sign else f"{blank}{number}\\"


def _longest(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _plain(text: str) -> str:
    """What the model or the person wrote is text, never markup."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "  \n")
