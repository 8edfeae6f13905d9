"""One question of the conversation: its takes, one of them on screen, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from PySide6.QtCore import QDateTime, QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.chat.actions import Actions
from app.chat.answer.view import AnswerView
from app.chat.evidence import EvidenceGrid
from app.chat.labels import breakable, wrapped
from app.chat.take import Take
from app.clock import span
from app.conversation import Exchange, Outcome
from app.export.with_times import with_times
from app.style import mark
from app.theme import Palette
from app.throttle import SOON
from engine.events import Event

SPARE = Exchange(0, "", Outcome.RUNNING)  # nothing is asked yet


class Turn(QWidget):
    """A question, the newest answer to it, and those before."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)
    segment_pointed = Signal(object)
    thumbnail_wanted = Signal(float)
    stop_wanted = Signal()
    retry_wanted = Signal()
    lighter_wanted = Signal(int)
    model_wanted = Signal()
    again_wanted = Signal()
    edit_wanted = Signal()
    take_shown = Signal()  # another take is on screen

    def __init__(self, exchange: Exchange, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._newest = False
        self._temperature = 0.0
        self._earlier: list[Exchange] = list(exchange.earlier)
        self._whole: tuple[Exchange, Exchange] | None = None
        self.card = QuestionCard()
        self._actions: Actions | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self.card)
        self._place = len(self._earlier)
        self._old: Take | None = None  # an earlier take, while it is looked at
        self.take = self._make(replace(exchange, earlier=()) if exchange.earlier else exchange)
        self.card.show_exchange(exchange)
        QTimer.singleShot(SOON, self, self._refresh)  # what can be done with it need not be there at once

    @property
    def actions_row(self) -> Actions:
        """What can be done with it."""
        if self._actions is None:
            row = self._actions = Actions(self._palette)
            row.stop_wanted.connect(self.stop_wanted)
            row.again_wanted.connect(self.again_wanted)
            row.edit_wanted.connect(self.edit_wanted)
            row.copy_wanted.connect(self._copy)
            row.take_wanted.connect(lambda steps: self.show_take(self._place + steps))
            row.set_lively(self._newest or self.underMouse())
            self._column.addWidget(row)
            self._refresh()
        return self._actions

    @property
    def exchange(self) -> Exchange:
        """The newest take, with those before; the same object as long as nothing changed."""
        newest = self.take.exchange
        if not self._earlier:
            return newest
        if self._whole is None or self._whole[0] is not newest:
            self._whole = (newest, replace(newest, earlier=tuple(self._earlier)))
        return self._whole[1]

    @property
    def shown(self) -> Take:
        """The take on screen."""
        return self._old or self.take

    @property
    def view(self) -> AnswerView:
        """The words on screen."""
        return self.shown.view

    @property
    def evidence(self) -> EvidenceGrid | None:
        """The pictures on screen."""
        self.shown.complete()
        return self.shown.grounds.evidence

    @property
    def number(self) -> int:
        """Its place in the conversation, from 1."""
        return self.take.exchange.number

    @property
    def next_seed(self) -> int:
        """One that no take was drawn with."""
        taken = {exchange.seed for exchange in self.exchange.takes()}
        return next(seed for seed in count(1) if seed not in taken)

    def start(self, exchange: Exchange) -> None:
        """Of a turn that was made of `SPARE`: this is asked."""
        self.take.start(exchange)
        self._refresh()

    def begin(self, exchange: Exchange) -> None:
        """Ask again, or something else in its place. A take that failed or was stopped before its first word goes."""
        self.show_take(len(self._earlier))
        self.take.complete()
        last = self.take.exchange
        if last.text or last.outcome is Outcome.ANSWERED:
            self._earlier.append(last)
        self._drop(self.take)
        self.take = self._make(exchange)
        self._place = len(self._earlier)
        self._refresh()

    def show_take(self, place: int) -> None:
        """Look at another take; the newest goes on meanwhile if it runs."""
        if not 0 <= place <= len(self._earlier) or place == self._place:
            return
        if self._old is not None:
            self._drop(self._old)
            self._old = None
        if place < len(self._earlier):
            self._old = self._make(self._earlier[place])
        self.take.setVisible(self._old is None)
        self._place = place
        self._refresh()
        self.take_shown.emit()

    def receive(self, event: Event) -> None:
        """Follow the engine."""
        self.take.receive(event)
        if self.take.exchange.text and self._actions is not None:
            self._actions.copy.setVisible(True)

    def set_newest(self, newest: bool) -> None:
        """The newest shows what can be done with it; the others do when they are pointed at."""
        self._newest = newest
        if self._actions is not None:
            self._actions.set_lively(newest or self.underMouse())
        if not newest:
            self.take.hide_stages()

    def set_temperature(self, temperature: float) -> None:
        """What the settings say."""
        self._temperature = temperature
        if self._actions is not None:
            self._refresh()

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        self.shown.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        for part in (self._actions, self.take, self._old):
            if part is not None:
                part.apply_palette(palette)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Pointed at."""
        super().enterEvent(event)
        self.actions_row.set_lively(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """No more."""
        super().leaveEvent(event)
        self.actions_row.set_lively(self._newest)

    def _make(self, exchange: Exchange) -> Take:
        take = Take(exchange, self._palette)
        take.seek_wanted.connect(self.seek_wanted)
        take.span_wanted.connect(self.span_wanted)
        take.segment_pointed.connect(self.segment_pointed)
        take.thumbnail_wanted.connect(self.thumbnail_wanted)
        take.retry_wanted.connect(self.retry_wanted)
        take.lighter_wanted.connect(self.lighter_wanted)
        take.model_wanted.connect(self.model_wanted)
        take.ended.connect(self._refresh)
        self._column.insertWidget(1, take)  # below the question
        return take

    def _drop(self, take: Take) -> None:
        self._column.removeWidget(take)
        take.hide()
        take.deleteLater()

    def _copy(self, times: bool) -> None:
        exchange = self.shown.exchange
        QGuiApplication.clipboard().setText(with_times(exchange) if times else exchange.text)

    def _refresh(self) -> None:
        exchange = self.shown.exchange
        self.card.show_exchange(exchange)
        takes = len(self._earlier) + 1
        self.actions_row.show_for(exchange, take=self._place, takes=takes, temperature=self._temperature)


class QuestionCard(QFrame):
    """The question with its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="raised")
        self._number = QLabel()
        mark(self._number, kind="strong", tone="3")
        self._question = wrapped("", kind="strong")
        self._part = wrapped("", kind="small", tone="2")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._question)
        words.addWidget(self._part)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_exchange(self, exchange: Exchange) -> None:
        """What was asked, and when."""
        self._number.setText(str(exchange.number))
        self._question.setText(breakable(exchange.question))
        part = f"About {span(*exchange.range_seconds)} only" if exchange.range_seconds else ""
        self._part.setText(part)
        self._part.setVisible(bool(part))
        self.setAccessibleName(f"Question {exchange.number}: {exchange.question} {part}".strip())
        if exchange.asked_at:
            asked = QDateTime.fromSecsSinceEpoch(int(exchange.asked_at))
            self.setToolTip(f"Asked {QLocale().toString(asked, QLocale.FormatType.ShortFormat)}")
