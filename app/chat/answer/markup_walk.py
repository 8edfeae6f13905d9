"""markdown-it's tokens in, blocks out: the one place that knows their names. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.chat.answer.markup import LINE, Block, Kind, Look, Run, Runs, joined

if TYPE_CHECKING:
    from markdown_it.token import Token

BULLETS = ("•", "◦", "▪")
_LOOKS = {"strong": Look.BOLD, "em": Look.ITALIC, "s": Look.STRUCK}
_UNSEEN = {"softbreak": LINE, "hardbreak": LINE}  # a model that starts a new line means one


class Walk:
    """Goes through the tokens of one text once."""

    def __init__(self, runs_of: Callable[[str, Look], Runs]) -> None:
        self._runs_of = runs_of
        self._blocks: list[Block] = []
        self._nest = ""
        self._lists: list[bool] = []  # is it numbered, for every list around us
        self._marker = ""  # of an item whose first block has not come
        self._tight = False
        self._level = 0
        self._rows: list[list[Runs]] = []
        self._sides: list[str] = []
        self._in_table = False

    def through(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        """All blocks."""
        for token in tokens:
            take = getattr(self, f"_{token.type}", None)
            if take is not None:
                take(token)
        return tuple(self._blocks)

    def _inline(self, token: Token) -> None:
        runs = self._read(token.children or ())
        if self._in_table:
            self._rows[-1].append(runs)
        elif self._level:
            self._put(Kind.HEADING, runs, level=self._level)
        else:
            self._put(Kind.TEXT, runs, tight=self._tight)

    def _paragraph_open(self, token: Token) -> None:
        self._tight = token.hidden and self._takes_less_room()

    def _heading_open(self, token: Token) -> None:
        self._level = int(token.tag[1])

    def _heading_close(self, token: Token) -> None:
        self._level = 0

    def _fence(self, token: Token) -> None:
        self._put(Kind.CODE, self._runs_of(token.content.rstrip("\n").replace("\n", LINE), Look.CODE))

    _code_block = _fence

    def _hr(self, token: Token) -> None:
        self._put(Kind.RULE)

    def _blockquote_open(self, token: Token) -> None:
        self._flush_marker()
        self._nest += "q"

    def _blockquote_close(self, token: Token) -> None:
        self._nest = self._nest[:-1]

    def _bullet_list_open(self, token: Token) -> None:
        self._begin_list(numbered=False)

    def _ordered_list_open(self, token: Token) -> None:
        self._begin_list(numbered=True)

    def _begin_list(self, *, numbered: bool) -> None:
        self._flush_marker()
        self._lists.append(numbered)
        self._nest += "l"

    def _bullet_list_close(self, token: Token) -> None:
        self._lists.pop()
        self._nest = self._nest[:-1]

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        if self._lists[-1]:
            self._marker = f"{token.info}{token.markup}"  # the number that the model wrote, right or wrong
        else:
            self._marker = BULLETS[min(self._lists.count(False) - 1, len(BULLETS) - 1)]

    def _list_item_close(self, token: Token) -> None:
        self._flush_marker()

    def _table_open(self, token: Token) -> None:
        self._flush_marker()
        self._in_table, self._rows, self._sides = True, [], []

    def _tr_open(self, token: Token) -> None:
        self._rows.append([])

    def _th_open(self, token: Token) -> None:
        self._sides.append(str(token.attrs.get("style", "left")).rpartition(":")[2])

    def _table_close(self, token: Token) -> None:
        self._in_table = False
        self._put(Kind.TABLE, rows=tuple(map(tuple, self._rows)), sides=tuple(self._sides))

    def _takes_less_room(self) -> bool:
        """True within a tight list, but for the first item of an outermost one."""
        last = self._blocks[-1] if self._blocks else None
        return last is not None and last.depth > 0

    def _flush_marker(self) -> None:
        """An item that begins with no words of its own."""
        if self._marker:
            self._put(Kind.TEXT, tight=self._takes_less_room())

    def _put(
        self,
        kind: Kind,
        runs: Runs = (),
        *,
        level: int = 0,
        tight: bool = False,
        rows: tuple[tuple[Runs, ...], ...] = (),
        sides: tuple[str, ...] = (),
    ) -> None:
        marker, self._marker = self._marker, ""
        if marker and kind not in (Kind.TEXT, Kind.HEADING):
            self._blocks.append(Block(Kind.TEXT, nest=self._nest, marker=marker))
            marker = ""
        self._blocks.append(Block(kind, runs, level, self._nest, marker, tight, rows, sides))

    def _read(self, tokens: Sequence[Token]) -> Runs:
        """The runs of one paragraph."""
        runs: list[Run] = []
        looks: list[Look] = []
        links: list[tuple[str, int]] = []
        for token in tokens:
            look = Look.PLAIN
            for one in looks:
                look |= one
            name, _, way = token.type.rpartition("_")
            if name in _LOOKS:
                looks.append(_LOOKS[name]) if way == "open" else looks.remove(_LOOKS[name])
            elif token.type == "code_inline":
                runs += self._runs_of(token.content, look | Look.CODE)
            elif token.type == "link_open":
                links.append((str(token.attrs.get("href", "")), len(runs)))
            elif token.type == "link_close":
                runs += self._address(*links.pop(), runs, look)
            elif token.type == "image":
                runs += self._runs_of(_picture(token), look)
            else:
                runs += self._runs_of(_UNSEEN.get(token.type, token.content), look)
        return joined(runs)

    def _address(self, href: str, since: int, runs: Sequence[Run], look: Look) -> Runs:
        """Where a link would lead, if its words do not say so already."""
        words = "".join(run.text for run in runs[since:])
        shown = "".join(run.text for run in self._runs_of(href, look))
        return () if not shown or shown.removeprefix("mailto:") == words else self._runs_of(f" ({href})", look)


def _picture(token: Token) -> str:
    words = token.content or "a picture"
    return f"[picture, not loaded: {words}, {token.attrs.get('src', '')}]"
