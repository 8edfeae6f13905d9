"""The chat: engine events in; questions, stops and seeks out. Keeps the conversation about the open film.

A question goes out only when the engine is free; until then it waits in the queue.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.asking.part import AskingPart
from app.chat.asking.queue import FAILED
from app.chat.asking.waiting import Wish
from app.chat.conversation_part import ConversationPart
from app.chat.head import Head, hairline
from app.chat.known import unknown_note
from app.chat.model_in_use import ModelInUse
from app.chat.turn import Turn
from app.chat.turns import PASSED_ON
from app.conversation import Exchange
from app.knowledge import Knowledge
from app.style import mark
from app.theme import Palette
from engine.events import AnswerGrounded, Event, Failed, ModelLoaded
from engine.records import Answer, VideoInfo
from engine.settings import Settings

OTHER_FILM = "Asked about another film."


class ChatPane(QWidget):
    """Conversation, waiting questions, composer."""

    question_asked = Signal(str)
    lighter_wanted = Signal(str, int)  # a question again, with so many frames at most
    again_wanted = Signal(str, object)  # a question again, with these settings changed: dict of names and values
    stop_wanted = Signal()
    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)  # play from here to there and no further
    segment_pointed = Signal(object)  # the index of a segment, or None
    thumbnail_wanted = Signal(float)
    things_wanted = Signal()
    model_wanted = Signal()
    budget_chosen = Signal(object)  # tokens, or None for what the model was made for
    range_cleared = Signal()
    answer_chosen = Signal(int, object)  # a question's number, and the Answer to it that is looked at
    set_aside = Signal()  # a new chat is about to begin; `exchanges` are still those of the old one
    brought_back = Signal()  # and the old one is on screen again

    def __init__(self, knowledge: Knowledge, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(320)
        self._knowledge, self._palette = knowledge, palette
        self._video: VideoInfo | None = None
        self._settings = Settings()
        self._aside: tuple[Exchange, ...] = ()
        self._going: Wish | None = None  # on its way out, until it comes back through `begin`
        self._said = ConversationPart(knowledge, palette)
        self._turns, self.card = self._said.turns, self._said.welcome.card
        self._asking = AskingPart(palette)
        self.queue, self.waiting, self.composer = self._asking.queue, self._asking.waiting, self._asking.composer
        self.model = ModelInUse(knowledge, self.card, self.composer.chips)
        self.head = Head(palette)  # stands in the dock's bar
        self.head.new_wanted.connect(self.begin_new)
        self.setFocusProxy(self.composer.box)
        self._lay_out()
        self._connect_conversation()
        self._connect_asking()
        self.apply_palette(palette)
        self._refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (hairline(), self._said, hairline(), self._asking):
            column.addWidget(part, 1 if part is self._said else 0)

    def _connect_conversation(self) -> None:
        for name in PASSED_ON:
            getattr(self._turns, name).connect(getattr(self, name))
        self._turns.wished.connect(self.queue.ask)
        self._turns.edit_wanted.connect(self.composer.edit)
        self._said.things_wanted.connect(self.things_wanted)
        self._said.back_wanted.connect(self.bring_back)
        self._said.asked.connect(self._asking.ask)

    def _connect_asking(self) -> None:
        asking, chips = self._asking, self.composer.chips
        asking.wanted.connect(self._ask)
        asking.stop_wanted.connect(self.stop_wanted)
        self.composer.box.paged.connect(self._said.view.page)
        chips.model_wanted.connect(self.model_wanted)
        chips.budget_chosen.connect(self.budget_chosen)
        chips.range_cleared.connect(self.range_cleared)

    # the conversation ---------------------------------------------------------------------------------------------

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The conversation so far."""
        return self._turns.exchanges

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The questions on screen."""
        return self._turns.made

    @property
    def can_begin_new(self) -> bool:
        """True if there is something to set aside, and nothing runs."""
        return len(self._turns) > 0 and not self.queue.busy

    def restore(self, exchanges: Sequence[Exchange]) -> None:
        """Put a conversation of the past on screen, in place of the one there."""
        self._turns.restore(exchanges)
        self.composer.leave_edit()
        self.composer.box.recalled.fill(exchange.question for exchange in exchanges)
        self._refresh()

    def set_film(self, video: VideoInfo | None, questions: Sequence[str]) -> None:
        """A new film, or none: a new conversation with other suggestions. What waits is not asked about it unasked."""
        if self._video is not None and video is not None and video.path != self._video.path:
            self.queue.leave_film(OTHER_FILM)
        self._video, self._aside = video, ()
        self.clear()
        self.composer.set_film(video is not None)
        self._said.set_film(video, questions)

    def begin(self, question: str) -> int:
        """A question is on its way; returns its number."""
        self.overtaken("Overtaken by the next question.")
        wish, self._going = self._going, None
        if wish is None or wish.question != question:
            wish = Wish(question, range_seconds=self._asking.range)
        self._aside = ()
        self.composer.box.recalled.add(question)
        note = unknown_note(question, self.model.things, besides=self._knowledge.besides)
        number = self._turns.begin(wish, [note] if note else ())
        self._refresh()
        return number

    def receive(self, event: Event) -> None:
        """Follow the engine."""
        if isinstance(event, ModelLoaded):
            self.model.show_loaded(event.model)
        elif isinstance(event, Failed):
            self.queue.hold(FAILED)
            self.model.show_missing() if event.no_model else None
        self._said.receive(event)
        if isinstance(event, AnswerGrounded):
            self.queue.release(FAILED)
            self._after_answer(event.answer)

    def overtaken(self, message: str) -> bool:
        """Nothing more will come for what still runs. False if nothing does."""
        ran = self._turns.running
        self._turns.end(message)
        return ran

    def begin_new(self) -> None:
        """Set the conversation aside, if nothing runs in it; it can be brought back until something is asked."""
        if not self.can_begin_new:
            return
        self.set_aside.emit()
        self._aside = self.clear()
        self._refresh()
        self.composer.box.setFocus()

    def bring_back(self) -> None:
        """The conversation that was set aside."""
        aside, self._aside = self._aside, ()
        self.restore(aside)
        self.brought_back.emit()
        self.composer.box.setFocus()

    def clear(self) -> tuple[Exchange, ...]:
        """An empty conversation; returns what it was."""
        was = self._turns.clear()
        self.queue.make_all_new()
        self.composer.leave_edit()
        self._refresh()
        return was

    # what the window tells ----------------------------------------------------------------------------------------

    def set_busy(self, busy: bool) -> None:
        """While the engine works, questions wait and nothing may be set aside."""
        self.queue.set_busy(busy)
        self._refresh()

    def say_stopping(self) -> None:
        """Stop was pressed."""
        if self._turns.current is not None:
            self._turns.current.take.say_stopping()
        self.composer.stop.setEnabled(False)

    def show_settings(self, settings: Settings) -> None:
        """What the next question is asked with."""
        self._settings = settings
        self.model.choose(settings)
        self.composer.chips.set_budget(settings.budget)
        self._turns.set_temperature(settings.temperature, settings.seed)

    def set_range(self, seconds: tuple[float, float] | None) -> None:
        """The part of the film that the next question is about; None for all of it."""
        self._asking.set_range(seconds)

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        self._turns.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        for part in (self.head, self._said, self._asking):
            part.apply_palette(palette)

    # asking -------------------------------------------------------------------------------------------------------

    def _ask(self, wish: Wish) -> None:
        self._going = wish
        match wish.changes(self._asking.range):
            case changes if not changes:
                self.question_asked.emit(wish.question)
            case {"max_frames": frames, **rest} if not rest:
                self.lighter_wanted.emit(wish.question, frames)
            case changes:
                self.again_wanted.emit(wish.question, changes)

    def _after_answer(self, answer: Answer) -> None:
        self.composer.chips.set_usual_budget(answer.allocation.limit) if self._settings.budget is None else None
        self._said.offer_next(answer)
        self._refresh()

    def _refresh(self) -> None:
        self._said.refresh(self._aside)
        self.head.new.setEnabled(self.can_begin_new)
        self.composer.set_busy(self.queue.busy and len(self._turns) > 0)
