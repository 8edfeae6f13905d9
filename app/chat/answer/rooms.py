"""Positions in a document with chips in, positions in its words alone out, and back; and selected words as plain text.

A room is (start, length): characters that the view put around a time, which are no part of the answer. Positions count
as Qt does, in UTF-16: a smiley is two.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

Rooms = Sequence[tuple[int, int]]  # ascending, not overlapping

_AS_TEXT = str.maketrans({"\u2028": "\n", "\u00a0": " "})


def without_rooms(at: int, rooms: Rooms) -> int:
    """How many of the answer's own characters stand before a position."""
    return at - sum(min(max(at - start, 0), length) for start, length in rooms)


def with_rooms(at: int, rooms: Rooms) -> int:
    """The position before which `at` of the answer's own characters stand."""
    for start, length in rooms:
        if start < at:
            at += length
    return at


def words_between(document: QTextDocument, start: int, end: int, rooms: Rooms) -> str:
    """The answer's own words from `start` to `end`: a line a block, cells of a table apart by tabs."""
    parts: list[str] = []
    block = document.findBlock(start)
    while block.isValid() and block.position() < max(end, start + 1):
        words = _words(block, start, end, rooms)
        if words or not _beside_table(block):
            parts += (_gap(block) if parts else "", words)
        block = block.next()
    return "".join(parts)


def _words(block: QTextBlock, start: int, end: int, rooms: Rooms) -> str:
    letters = block.text().encode("utf-16-le", "surrogatepass")  # two bytes a position
    origin = block.position()
    low, high = max(start - origin, 0), min(end - origin, len(letters) // 2)
    kept, at = b"", low
    for begin, length in rooms:
        if begin + length > origin + low and begin < origin + high:
            kept += letters[2 * at : 2 * max(begin - origin, at)]
            at = max(at, begin + length - origin)
    text = (kept + letters[2 * at : 2 * high]).decode("utf-16-le", "replace").translate(_AS_TEXT)
    return text.replace("\t", " ") if block.blockFormat().textIndent() else text  # the gap behind a list's marker


def _gap(block: QTextBlock) -> str:
    table = QTextCursor(block).currentTable()
    return "\t" if table is not None and table.cellAt(block.position()).column() > 0 else "\n"


def _beside_table(block: QTextBlock) -> bool:
    """True for the empty lines that Qt keeps around a table."""
    return not block.text() and block.blockFormat().lineHeight() == 1.0
