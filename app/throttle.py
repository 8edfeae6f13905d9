"""A stream of engine events in, as few as the eye can follow out, in order and without loss of meaning. Pure.

Progress keeps its last value, provisional allocations their last, scores and indexed segments are all kept, pieces of
text are joined. Any other event first lets out what waits, so nothing overtakes.
"""

from __future__ import annotations

from engine.events import BudgetAllocated, Event, FramesRead, SegmentIndexed, SegmentScored, TokenDecoded

TICK_MILLISECONDS = 33  # 30 Hz
SOON = 1  # milliseconds, by a timer: with 0 Qt posts an event, and serves no timer, no mouse before what is posted


class Throttle:
    """Holds chatty events until `drain`."""

    def __init__(self) -> None:
        self._waiting: list[Event] = []

    @property
    def waiting(self) -> bool:
        """True while something is held."""
        return bool(self._waiting)

    def push(self, event: Event) -> list[Event]:
        """Take one event; returns those to deliver at once."""
        if is_chatty(event):
            self._hold(event)
            return []
        return [*self.drain(), event]

    def drain(self) -> list[Event]:
        """Everything held, in order."""
        held, self._waiting = self._waiting, []
        return held

    def _hold(self, event: Event) -> None:
        if isinstance(event, TokenDecoded):
            if self._waiting and isinstance(last := self._waiting[-1], TokenDecoded):
                self._waiting[-1] = TokenDecoded(last.text + event.text)
                return
        elif not isinstance(event, (SegmentScored, SegmentIndexed)):
            self._waiting = [held for held in self._waiting if type(held) is not type(event)]
        self._waiting.append(event)


def is_chatty(event: Event) -> bool:
    """True for what may come hundreds of times a second."""
    if isinstance(event, BudgetAllocated):
        return event.provisional
    return isinstance(event, (FramesRead, SegmentIndexed, SegmentScored, TokenDecoded))
