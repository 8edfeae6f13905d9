"""The upper part of the chat: a word on sound, the welcome or the questions, and what could be asked next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.announcing import announce
from app.chat.announcing import words_for
from app.chat.conversation_view import ConversationView
from app.chat.follow_ups import follow_ups
from app.chat.labels import Note, wrapped
from app.chat.turns import Turns
from app.chat.welcome import Suggestions, Welcome
from app.conversation import Exchange, Outcome
from app.knowledge import Knowledge
from app.theme import Palette
from app.throttle import SOON
from engine.events import Event
from engine.records import Answer, VideoInfo

ALONE = "Each question is answered on its own: name what you mean."
DEAF = "This film has sound. The model does not hear it: it answers from the pictures alone."


class ConversationPart(QWidget):
    """Everything that scrolls."""

    asked = Signal(str)  # a suggested question was chosen
    things_wanted = Signal()
    back_wanted = Signal()  # to the conversation that was set aside

    def __init__(self, knowledge: Knowledge, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggested: tuple[str, ...] = ()
        self.view = ConversationView(palette)
        self._deaf = Note(DEAF, palette, picture="speaker-slash")
        self._deaf.hide()
        self.welcome = Welcome(knowledge, palette)
        self.next = Suggestions()
        self.next.hide()
        self.alone = wrapped(ALONE, kind="small", tone="3")
        self.alone.hide()
        self.turns = Turns(self.view, palette, above=2, parent=self)
        for part in (self._deaf, self.welcome, self.next, self.alone):
            self.view.column.add(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.welcome.card.list_wanted.connect(self.things_wanted)
        self.welcome.aside.wanted.connect(self.back_wanted)
        for offered in (self.welcome.suggestions, self.next):
            offered.chosen.connect(self.asked)

    def set_film(self, video: VideoInfo | None, questions: Sequence[str]) -> None:
        """A new film, or none, with questions to suggest."""
        self._suggested = tuple(questions)
        self._deaf.setVisible(video is not None and video.has_audio)
        title = "Suggested questions" if video is not None else "Try a question on the sample film"
        self.welcome.suggestions.offer(title, questions)
        if video is not None:
            self.turns.prepare()

    def receive(self, event: Event) -> None:
        """Pass an engine event to the question it belongs to, and say aloud how that ended."""
        running, current = self.turns.running, self.turns.current
        self.turns.receive(event)
        if running and current is not None and (words := words_for(event, current.number)):
            announce(self, words)

    def offer_next(self, answer: Answer) -> None:
        """What could be asked after an answer, which itself comes first."""
        QTimer.singleShot(SOON, self, lambda: self._offer_next(answer))

    def _offer_next(self, answer: Answer) -> None:
        asked = [exchange.question for exchange in self.turns.exchanges]
        self.next.offer("Ask next", follow_ups(answer, asked=asked, suggested=self._suggested))
        self._show_next()

    def refresh(self, aside: Sequence[Exchange]) -> None:
        """Show what belongs to an empty conversation, or to one."""
        self.welcome.setVisible(len(self.turns) == 0)
        if len(self.turns) == 0:
            self.view.to_start()
        self.welcome.aside.offer(len(aside))
        self._show_next()

    def _show_next(self) -> None:
        some, current = len(self.turns) > 0, self.turns.current
        answered = current is None or current.take.exchange.outcome is Outcome.ANSWERED
        self.next.setVisible(some and answered and bool(self.next.rows))
        self.alone.setVisible(some and answered)  # where a question about the answer would be typed next

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        self.turns.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        for part in (self.view, self._deaf, self.welcome.card, self.turns):
            part.apply_palette(palette)
