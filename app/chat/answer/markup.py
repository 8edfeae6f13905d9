"""An answer's Markdown in, blocks of plain runs out. Pure: no Qt, no HTML, nothing is fetched.

CommonMark and tables, read by markdown-it. Raw HTML stays text, a link becomes its words and its address in brackets,
a picture its description: the only links of an answer are the film's times, and those come in as `Place`s, checked
by the engine, by their characters in the raw text. They are swapped for one private character each before Markdown is
read, so that no asterisk or table line can move them, and swapped back in whatever run they end up in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, Flag, auto
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FIRST = 0x100000  # plane 16 is private: no model means anything by it
_STAND_IN = re.compile("([\U00100000-\U0010fffd])")
_UNFIT = re.compile("[\U00100000-\U0010ffff\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]")
LINE = "\u2028"  # a new line inside a block, as Qt writes it


class Look(Flag):
    """How a run is set."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    CODE = auto()
    STRUCK = auto()


class Kind(Enum):
    """What a block is."""

    TEXT = "text"
    HEADING = "heading"
    CODE = "code"
    RULE = "rule"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of the raw text name the time with this `index`."""

    start: int
    end: int
    index: int


@dataclass(frozen=True, slots=True)
class Run:
    """Words set alike; `cited` says which time they name."""

    text: str
    look: Look = Look.PLAIN
    cited: int | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, code block, rule or table. List items are texts with a depth, the first with a marker."""

    kind: Kind
    runs: Runs = ()
    level: int = 0  # of a heading, 1 to 6
    nest: str = ""  # what is around it, from outside in: l for a list, q for a block quote
    marker: str = ""  # "•" or "3." before the first block of an item
    tight: bool = False  # stands close to the block above
    rows: tuple[tuple[Runs, ...], ...] = ()  # of a table, its head first
    sides: tuple[str, ...] = ()  # of a table's columns: left, center, right

    @property
    def depth(self) -> int:
        """Lists around it."""
        return self.nest.count("l")

    @property
    def quotes(self) -> int:
        """Block quotes around it."""
        return self.nest.count("q")

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(run.text for run in self.runs)


def blocks_of(text: str, places: Sequence[Place] = ()) -> tuple[Block, ...]:
    """Read Markdown. `places` may come in any order; one that overlaps an earlier one is left out."""
    from app.chat.answer.markup_walk import Walk

    marked, quotes = _stood_in(fit(text), places)
    walk = Walk(lambda words, look: tuple(_put_back(words, look, quotes)))
    return walk.through(_reader().parse(marked))


def fit(text: str) -> str:
    """The same text, as long, without the characters that would mean something to Qt or to this file."""
    return _UNFIT.sub("\ufffd", text).replace("\u2029", "\n").replace(LINE, "\n")


def top_lines(text: str) -> tuple[int, ...]:
    """The lines at which a block begins that no text behind it can change into part of the one before.

    Of a list that ends the text, its items count: a long list is not read again for every word."""
    tokens = _outliner().parse(text)
    outer = [token for token in tokens if token.level == 0 and token.map and token.nesting >= 0]
    lines = [token.map[0] for token in outer if token.map]
    if outer and outer[-1].type in ("bullet_list_open", "ordered_list_open"):
        items = [token.map[0] for token in tokens if token.type == "list_item_open" and token.level == 1 and token.map]
        lines += [line for line in items if line > lines[-1]]
    return tuple(lines)


def load() -> None:
    """Import what reads Markdown, before an answer needs it."""
    _outliner()


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 25 ms that the window's start does not pay

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.disable(["reference"])  # `[a]: b` would vanish from sight
    reader.normalizeLink = lambda url: url  # shown as it was written, stand-ins and all
    reader.validateLink = lambda url: True  # no address becomes a link anyway
    return reader


@cache
def _outliner() -> MarkdownIt:
    """Finds blocks alone, at a fifth of the cost."""
    outliner = type(_reader())("commonmark", {"html": False}).enable(["table"]).disable(["reference"])
    outliner.core.ruler.enableOnly(["normalize", "block"])
    return outliner


def _stood_in(text: str, places: Sequence[Place]) -> tuple[str, list[tuple[str, int]]]:
    """Text with one private character a place, and the words and index each stands for."""
    parts: list[str] = []
    quotes: list[tuple[str, int]] = []
    done = 0
    for place in sorted(places, key=lambda place: place.start):
        if place.start < done or not place.start < place.end <= len(text):
            continue
        parts += (text[done : place.start], chr(_FIRST + len(quotes)))
        quotes.append((" ".join(text[place.start : place.end].split()), place.index))
        done = place.end
    return "".join((*parts, text[done:])), quotes


def _put_back(words: str, look: Look, quotes: Sequence[tuple[str, int]]) -> list[Run]:
    runs = []
    for part in _STAND_IN.split(words):
        if _STAND_IN.fullmatch(part):
            quote, index = quotes[ord(part) - _FIRST]
            runs.append(Run(quote, look, index))
        elif part:
            runs.append(Run(part, look))
    return runs


def joined(runs: Sequence[Run]) -> Runs:
    """The same words in as few runs as can be."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last is not None and last.cited is None and run.cited is None and last.look == run.look:
            made[-1] = replace(last, text=last.text + run.text)
        elif run.text:
            made.append(run)
    return tuple(made)
