"""Blocks in, a QTextDocument out; only what differs from last time is set anew.

Times become chips: room before the words for a swatch, a link where the time holds, a word of warning where it does
not. Room and warning are the view's own: by their positions, selections and copies do without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

from app.chat.answer import formats
from app.chat.answer.cited import Cited
from app.chat.answer.markup import Block, Kind, Look, Run
from app.theme import Palette

LEAD, TRAIL = "\u2066\u00a0\u00a0\u00a0", "\u00a0\u2069"  # isolated: in a line from right to left the swatch stays left
WARNING = " unsupported"


@dataclass(frozen=True, slots=True)
class Chip:
    """A time as it stands in the document. The cursors hold on to it while other text comes and goes."""

    words: QTextCursor
    whole: QTextCursor  # with room and warning
    time: Cited


@dataclass(frozen=True, slots=True)
class _Written:
    block: Block
    start: int  # cutting from here on is rid of it and of all behind it
    in_empty: bool  # it went into an empty line that was there before
    chips: int  # how many stand above


class Setter:
    """Keeps one document in step with an answer."""

    def __init__(self, document: QTextDocument, palette: Palette) -> None:
        self._document, self._palette = document, palette
        self._written: list[_Written] = []
        self._times: tuple[Cited, ...] = ()
        self._empty = True  # the document's last line is empty and free to use
        self._formats: dict[tuple[Kind, int, Look], QTextCharFormat] = {}
        self.chips: list[Chip] = []

    def show(self, blocks: Sequence[Block], times: tuple[Cited, ...] = ()) -> None:
        """Bring the document in step."""
        same = 0 if times != self._times else self._same(blocks)
        self._times = times
        if same == len(self._written) == len(blocks):
            return
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        self._cut(same)
        for block in blocks[same:]:
            self._set(block)
        cursor.endEditBlock()

    def dress(self, palette: Palette) -> None:
        """Set everything anew in other colours."""
        blocks, self._palette = [written.block for written in self._written], palette
        self._formats.clear()
        self._cut(0)
        self.show(blocks, self._times)

    def _same(self, blocks: Sequence[Block]) -> int:
        """How many blocks from the top stand already."""
        for place, (written, block) in enumerate(zip(self._written, blocks, strict=False)):
            if written.block is not block and written.block != block:
                return place
        return min(len(self._written), len(blocks))

    def _cut(self, keep: int) -> None:
        """Remove all blocks but the first `keep`."""
        if keep >= len(self._written):
            return
        first = self._written[keep]
        cursor = self._between(first.start, self._document.characterCount() - 1)
        cursor.removeSelectedText()
        if first.in_empty:
            cursor.setBlockFormat(formats.hair_format() if keep else QTextBlockFormat())
        self._empty = first.in_empty
        del self.chips[first.chips :], self._written[keep:]

    def _set(self, block: Block) -> None:
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._written.append(_Written(block, cursor.position(), self._empty, len(self.chips)))
        if block.kind is Kind.TABLE:
            self._set_table(cursor, block)
            return
        made = formats.block_format(block, first=len(self._written) == 1)
        if self._empty:
            cursor.setBlockFormat(made)
        else:
            cursor.insertBlock(made, QTextCharFormat())
        self._empty = False
        plain = self._plain(block, Look.PLAIN)
        cursor.setBlockCharFormat(plain)
        if block.marker:
            gap = "\u00a0\u00a0" if formats.from_right(block.text) else "\t"  # Qt's tabs do not turn round
            cursor.insertText(f"{block.marker}{gap}", plain)
        for run in block.runs:
            self._put(cursor, block, run)

    def _set_table(self, cursor: QTextCursor, block: Block) -> None:
        if self._empty:
            cursor.setBlockFormat(formats.hair_format())
        columns = max(map(len, block.rows), default=1)
        table = cursor.insertTable(len(block.rows), columns, formats.table_format(block, self._palette))
        for row, cells in enumerate(block.rows):
            for column, runs in enumerate(cells):
                inside = table.cellAt(row, column).firstCursorPosition()
                inside.setBlockFormat(formats.cell_format(block, column))
                for run in runs:
                    self._put(inside, block, run if row else replace(run, look=run.look | Look.BOLD))
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setBlockFormat(formats.hair_format())
        self._empty = True

    def _put(self, cursor: QTextCursor, block: Block, run: Run) -> None:
        plain = self._plain(block, run.look)
        if run.cited is None or run.cited >= len(self._times):
            cursor.insertText(run.text, plain)
            return
        time = self._times[run.cited]
        words = formats.time_format(plain, time, self._palette)
        begin = cursor.position()
        quote = run.text.replace(" ", "\u00a0")  # a chip is not broken over two lines where it can be helped
        cursor.insertText(f"{LEAD}{quote}{TRAIL}", words)
        first, last = begin + len(LEAD), cursor.position() - len(TRAIL)
        if not time.link:
            cursor.insertText(WARNING, formats.warning_format(plain, time, self._palette, self._size))
        self.chips.append(Chip(self._between(first, last), self._between(begin, cursor.position()), time))

    def _plain(self, block: Block, look: Look) -> QTextCharFormat:
        key = (block.kind, block.level, look)
        if key not in self._formats:
            self._formats[key] = formats.char_format(block, look, self._palette, self._size)
        return self._formats[key]

    @property
    def _size(self) -> int:
        return max(self._document.defaultFont().pixelSize(), 1)

    def _between(self, start: int, end: int) -> QTextCursor:
        made = QTextCursor(self._document)
        made.setPosition(start)
        made.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        made.setKeepPositionOnInsert(True)  # what is written behind a chip is not part of it
        return made
