"""Pieces of an answer in, its blocks so far out; what can change no more is read once. Pure.

A block of Markdown is settled as soon as another one begins below it, so only the last is read again: the work for a
whole answer grows with its length, not with its square.
"""

from __future__ import annotations

import re

from app.chat.answer.markup import LINE, Block, Kind, Run, blocks_of, fit, top_lines

_LONGEST = 8000  # characters of one block; a model that writes on without a new line is shown as it writes
_HALF_MARK = re.compile(r"(?:^|\n)[ \t]*(?:[-=*_#+>]+|\d{1,9}[.)]?|\|?[-:| ]+)[ \t]*$")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")


class Stream:
    """The Markdown of one answer, while it is written."""

    def __init__(self) -> None:
        self._settled: list[Block] = []
        self._rest = ""

    def add(self, text: str) -> None:
        """The answer grew."""
        self._rest += text

    def blocks(self) -> list[Block]:
        """Everything so far. Those settled before are the same objects as last time."""
        begin = top_lines(self._rest)
        if len(begin) > 1:
            at = _line_start(self._rest, begin[-1])
            self._settled += blocks_of(self._rest[:at])
            self._rest = self._rest[at:]
        if len(self._rest) > _LONGEST:
            return [*self._settled, Block(Kind.TEXT, (Run(fit(self._rest).replace("\n", LINE)),))]
        return [*self._settled, *blocks_of(closed(self._rest))]


def closed(text: str) -> str:
    """The last block as it will look once what is half written is whole: bold and code closed, no lone mark at the
    end that would turn the line above into a heading."""
    if _FENCE.match(text):
        return text
    text = _HALF_MARK.sub("", text)
    if text.count("`") % 2:
        return text.rstrip("`") + "`" if not text.endswith("`") else text[:-1]
    stars = text.rstrip("*")
    trailing = len(text) - len(stars)
    if (stars.count("**") % 2) and trailing < 2:
        return stars.rstrip() + "**"  # half a closing mark, or none yet
    if not stars.count("**") % 2 and trailing:
        return stars  # an opening mark without words
    return text


def _line_start(text: str, line: int) -> int:
    at = 0
    for _ in range(line):
        at = text.index("\n", at) + 1
    return at
