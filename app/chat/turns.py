"""The questions of a conversation as widgets: made for what is asked, and made again, a few at a time, from records."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from app.chat.actions import REWORDING
from app.chat.answer.markup import load
from app.chat.asking.waiting import Wish
from app.chat.conversation_view import ConversationView
from app.chat.spare import Spare
from app.chat.turn import SPARE, Turn
from app.conversation import Exchange, Outcome
from app.task import BESIDE, step_back
from app.theme import Palette
from engine.events import Event

PASSED_ON = ("seek_wanted", "span_wanted", "segment_pointed", "thumbnail_wanted", "answer_chosen", "stop_wanted",
             "model_wanted")  # fmt: skip
_AS_IT_IS = ("thumbnail_wanted", "stop_wanted", "model_wanted")  # of a question, whichever is chosen
_AT_ONCE = 2  # turns that fill a window
_SLICE_SECONDS = 0.004  # for more of them, between what else the window does
_RESTED_MILLISECONDS = 40  # after a question, until the next one's widgets are made
_SETTLED_MILLISECONDS = 60  # until layouts know their heights


class Turns(QObject):
    """Oldest first."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)
    segment_pointed = Signal(object)
    thumbnail_wanted = Signal(float)
    answer_chosen = Signal(int, object)  # the number of a question, and the Answer to it that is looked at
    stop_wanted = Signal()
    model_wanted = Signal()
    wished = Signal(object)  # a Wish: a question again, or another answer
    edit_wanted = Signal(int, str)

    def __init__(self, view: ConversationView, palette: Palette, *, above: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._palette = view, palette
        self._above = above  # widgets that stand over the first question
        self._turns: list[Turn] = []
        self._pending: list[Exchange] = []  # older than all turns, not made yet
        self._current: Turn | None = None  # whom events belong to
        self._chosen: Turn | None = None  # whose heat the timeline shows
        self._temperature, self._seed = 0.0, 0
        self._loading: Thread | None = None
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._go_on)
        self._undressed: list[Turn] = []  # in the colours of before
        self._spare = Spare(lambda: self._new(SPARE), view.column, self)
        self._resting = QTimer(self, singleShot=True, interval=_RESTED_MILLISECONDS)
        self._resting.timeout.connect(self._spare.prepare)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The whole conversation, made or not."""
        return (*self._pending, *(turn.exchange for turn in self._turns))

    @property
    def made(self) -> tuple[Turn, ...]:
        """Those on screen."""
        return tuple(self._turns)

    @property
    def current(self) -> Turn | None:
        """The one that was asked last."""
        return self._current

    @property
    def running(self) -> bool:
        """True while an answer is on its way."""
        return self._current is not None and self._current.take.running

    def __len__(self) -> int:
        return len(self._pending) + len(self._turns)

    def begin(self, wish: Wish, notes: Sequence[str] = ()) -> int:
        """A question is on its way; returns its number."""
        number = wish.turn if 0 < wish.turn <= len(self) else len(self) + 1
        temperature, seed = wish.drawn(self._temperature, self._seed)
        exchange = Exchange(
            number, wish.question, Outcome.RUNNING, notes=tuple(notes), asked_at=time.time(),
            temperature=temperature, seed=seed, range_seconds=wish.range_seconds,
        )  # fmt: skip
        if number <= len(self):
            self._make_all()
            self._current = self._turns[number - 1]
            self._current.begin(exchange)
        else:
            self._current = self._spare.take() or self._new(SPARE)
            self._enter(self._current, len(self._turns))
            self._current.start(exchange)
        self.prepare()
        self._chosen = self._current
        self._mark_newest()
        last = self._current is self._turns[-1]
        self._view.to_end() if last else self._view.to_question(self._current)
        return number

    def receive(self, event: Event) -> None:
        """Pass an engine event to the question it belongs to."""
        if self._current is not None:
            ran = self._current.take.running
            self._current.receive(event)
            if ran and self._current.take.exchange.outcome is Outcome.ANSWERED:
                self._view.settle_on(self._current)

    def prepare(self) -> None:
        """Make ready for the next question, when the window has had its rest."""
        if self._loading is None:
            self._loading = Thread(target=lambda: (step_back(BESIDE), load()), name="markdown", daemon=True)
            self._loading.start()
        self._resting.start()

    def end(self, message: str) -> None:
        """Nothing more will come for what still runs."""
        if self._current is not None:
            self._current.take.end(Outcome.STOPPED, message)

    def clear(self) -> tuple[Exchange, ...]:
        """An empty conversation; returns what it was."""
        self.end("Stopped.")
        was = self.exchanges
        self._slices.stop()
        self._view.to_end()  # lets go of the question that was read
        for turn in self._turns:
            self._view.column.remove(turn)
        self._turns, self._pending, self._current, self._chosen = [], [], None, None
        self._undressed = []
        return was

    def restore(self, exchanges: Sequence[Exchange]) -> None:
        """The newest at once, older ones while nobody waits for them."""
        self.clear()
        numbered = [each if each.number == place else replace(each, number=place)
                    for place, each in enumerate(exchanges, start=1)]  # fmt: skip
        self._pending = numbered
        self._view.to_end()
        self._view.hold_end(True)
        for _ in range(min(_AT_ONCE, len(numbered))):
            self._made(self._pending.pop(), 0)
        self._chosen = self._turns[-1] if self._turns else None
        self._mark_newest()
        self._slices.start()

    def set_temperature(self, temperature: float, seed: int = 0) -> None:
        """What the settings say."""
        self._temperature, self._seed = temperature, seed
        for turn in self._turns:
            turn.set_temperature(temperature)

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        for turn in self._turns:
            turn.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self._spare.discard()
        self.prepare()
        self._undressed = list(self._turns)
        for _ in range(min(_AT_ONCE, len(self._turns))):
            self._undressed.pop().apply_palette(palette)
        self._slices.start()

    def _go_on(self) -> None:
        """A few more turns made, or dressed."""
        until, making = time.monotonic() + _SLICE_SECONDS, bool(self._pending)
        while (self._pending or self._undressed) and time.monotonic() < until:
            if self._pending:
                self._made(self._pending.pop(), 0)
            else:
                self._undressed.pop().apply_palette(self._palette)
        if not self._pending and not self._undressed:
            self._slices.stop()
        if making and not self._pending:
            QTimer.singleShot(_SETTLED_MILLISECONDS, self, lambda: self._view.hold_end(False))

    def _make_all(self) -> None:
        while self._pending:
            self._made(self._pending.pop(), 0)

    def _made(self, exchange: Exchange, place: int) -> None:
        self._enter(self._new(exchange), place)

    def _new(self, exchange: Exchange) -> Turn:
        turn = Turn(exchange, self._palette)
        for name in _AS_IT_IS:
            getattr(turn, name).connect(getattr(self, name))
        turn.seek_wanted.connect(lambda seconds: (self._choose(turn), self.seek_wanted.emit(seconds)))
        turn.span_wanted.connect(lambda start, end: (self._choose(turn), self.span_wanted.emit(start, end)))
        turn.segment_pointed.connect(lambda index: self._point(turn, index))
        turn.take_shown.connect(lambda: self._choose(turn, again=True))
        turn.retry_wanted.connect(lambda: self.wished.emit(_as_before(turn)))
        turn.lighter_wanted.connect(lambda most: self.wished.emit(replace(_as_before(turn), frames=most)))
        turn.again_wanted.connect(lambda: self.wished.emit(self._again(turn)))
        turn.edit_wanted.connect(lambda: self.edit_wanted.emit(turn.number, turn.shown.exchange.question))
        return turn

    def _enter(self, turn: Turn, place: int) -> None:
        turn.set_temperature(self._temperature)
        turn.set_newest(False)
        self._turns.insert(place, turn)
        self._view.column.insert(self._above + place, turn)
        turn.show()

    def _choose(self, turn: Turn, *, again: bool = False) -> None:
        """Who follows an answer into the film wants that answer's heat beside it."""
        answer = turn.shown.exchange.answer
        if answer is not None and not turn.take.running and (again or turn is not self._chosen):
            self._chosen = turn
            self.answer_chosen.emit(turn.number, answer)

    def _point(self, turn: Turn, index: int | None) -> None:
        """Another question's segments are not those that the timeline shows."""
        if turn is self._chosen or index is None:
            self.segment_pointed.emit(index)

    def _again(self, turn: Turn) -> Wish:
        """Another answer is drawn, for the likeliest is there already; one that never came is asked for once more."""
        wish = _as_before(turn)
        if turn.shown.exchange.answer is None:
            return wish
        return replace(wish, temperature=self._temperature or REWORDING, seed=turn.next_seed)

    def _mark_newest(self) -> None:
        for turn in self._turns:
            turn.set_newest(turn is self._turns[-1])


def _as_before(turn: Turn) -> Wish:
    """The same question about the same part of the film, drawn the same way."""
    exchange = turn.shown.exchange
    return Wish(exchange.question, turn.number, temperature=exchange.temperature, seed=exchange.seed,
                range_seconds=exchange.range_seconds)  # fmt: skip
