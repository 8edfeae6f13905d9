"""What a conversation looks like now in; what of it is not written yet out. Pure, but for keys that nobody else has.

A conversation is never written over by another: an empty one, or one that begins with another question, is new. One
that was set aside and is brought back goes on.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.conversation import Exchange, Outcome
from app.history.records import Chat, Kept


@dataclass(frozen=True, slots=True)
class Changes:
    """Exchanges to write, and keys of exchanges that are no more."""

    chat: Chat
    written: tuple[Kept, ...] = ()
    dropped: tuple[str, ...] = ()


class Recorder:
    """Follows the conversation about one film."""

    def __init__(self) -> None:
        self._aside: list[tuple[Chat, dict[int, Kept]]] = []  # of this film, set aside while it is open
        self._known: dict[int, Kept] = {}
        self._begin()

    @property
    def key(self) -> str:
        """The conversation that is followed."""
        return self._chat.key

    def forget(self) -> None:
        """Another film, or nothing that was said counts any more: a new conversation."""
        self._known = {}
        self._aside = []
        self._begin()

    def begin(self) -> None:
        """A new conversation; the one before is set aside."""
        self._begin()

    def go_on(self, chat: Chat) -> None:
        """A conversation of the past was put on screen as it is. What is said after one about an earlier version of
        the film belongs to a new one."""
        self._begin()
        if chat.earlier_version:
            self._foreign = len(chat.kept)
        else:
            self._chat = chat
            self._known = {kept.exchange.number: kept for kept in chat.kept}

    def pass_over(self, exchanges: Sequence[Exchange]) -> None:
        """What is on screen now shall not be kept."""
        self._begin()
        self._foreign = max((exchange.number for exchange in exchanges), default=0)

    def look(self, exchanges: Sequence[Exchange], *, ending: str = "") -> Changes:
        """What is new since the last look. With `ending`, the reason why nothing more comes, what runs is stopped."""
        own = [exchange for exchange in exchanges if exchange.number > self._foreign]
        if self._is_another(exchanges, own):
            self._begin()
            own = list(exchanges)
        if not self._known and own:
            self._bring_back(own[0])
        if ending:
            own = [_stopped(exchange, ending) for exchange in own]
        written = []
        for exchange in own:
            known = self._known.get(exchange.number)
            if known is None or (known.exchange is not exchange and known.exchange != exchange):
                kept = Kept(known.key if known else uuid.uuid4().hex, exchange)
                self._known[exchange.number] = kept
                written.append(kept)
        gone = self._known.keys() - {exchange.number for exchange in own}
        dropped = tuple(self._known.pop(number).key for number in gone)
        return Changes(self._chat, tuple(written), dropped)

    def _is_another(self, exchanges: Sequence[Exchange], own: Sequence[Exchange]) -> bool:
        if not exchanges:
            return bool(self._known or self._foreign)
        if exchanges[-1].number < self._foreign:
            return True
        known = self._known.get(own[0].number) if own else None
        return known is not None and known.exchange.question not in _wordings(own[0])

    def _bring_back(self, first: Exchange) -> None:
        for place, (chat, known) in enumerate(self._aside):
            if known[min(known)].exchange == first:
                del self._aside[place]
                self._chat, self._known = chat, known
                return

    def _begin(self) -> None:
        if self._known:
            self._aside.append((self._chat, self._known))
        self._chat = Chat(uuid.uuid4().hex, time.time(), ())
        self._known: dict[int, Kept] = {}
        self._foreign = 0  # up to this number exchanges are not this conversation's


def _wordings(exchange: Exchange) -> set[str]:
    """The question, and as it read before it was edited."""
    return {take.question for take in exchange.takes()}


def _stopped(exchange: Exchange, why: str) -> Exchange:
    running = exchange.outcome not in (Outcome.ANSWERED, Outcome.STOPPED, Outcome.FAILED)
    return replace(exchange, outcome=Outcome.STOPPED, message=why) if running else exchange
