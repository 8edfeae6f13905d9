"""The chat: engine events in; questions, stops and seeks out. Keeps the conversation about the open film."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.chat.composer import Composer
from app.chat.model_card import ModelCard
from app.chat.turn import Turn
from app.conversation import Exchange, Outcome
from app.knowledge import Knowledge
from app.style import mark
from app.theme import Palette, icon
from engine.events import AnswerGrounded, Event, ModelLoaded
from engine.records import ModelInfo, VideoInfo


class ChatPane(QWidget):
    """Header, conversation, composer."""

    question_asked = Signal(str)
    lighter_wanted = Signal(str, int)  # a question again, with so many frames at most
    stop_wanted = Signal()
    seek_wanted = Signal(float)
    thumbnail_wanted = Signal(float)
    things_wanted = Signal()

    def __init__(self, knowledge: Knowledge, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(380)
        self._palette = palette
        self._film = False
        self._turns: list[Turn] = []
        self.card = ModelCard(knowledge, palette)
        self.card.list_wanted.connect(self.things_wanted)
        self.composer = Composer(palette)
        self.composer.sent.connect(self.question_asked)
        self.composer.stop_wanted.connect(self.stop_wanted)
        self._suggest_title = QLabel()
        mark(self._suggest_title, kind="label")
        self._suggest_box = QVBoxLayout()
        self._suggest_box.setSpacing(8)
        self._suggested: list[QPushButton] = []
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._follow = True
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._keep_up())
        self._scroll.verticalScrollBar().sliderMoved.connect(self._let_go)
        self._scroll.viewport().installEventFilter(self)
        self.head = self._head()  # stands in the dock's bar
        self.setFocusProxy(self.composer.box)
        self._lay_out()
        self.apply_palette(palette)

    def _lay_out(self) -> None:
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(16, 12, 16, 16)
        self._body.setSpacing(20)
        self._empty = QWidget()
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(0, 0, 0, 0)
        empty.setSpacing(8)
        empty.addWidget(self._suggest_title)
        empty.addLayout(self._suggest_box)
        empty.addSpacing(8)
        empty.addWidget(self.card)
        self._body.addWidget(self._empty)
        self._body.addStretch()
        self._scroll.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_line())
        column.addWidget(self._scroll, 1)
        column.addWidget(_line())
        column.addWidget(self.composer)

    def _head(self) -> QWidget:
        head = QWidget()
        title = QLabel("Ask")
        mark(title, kind="control")
        self._new = QToolButton(text="New chat", toolTip="Forget this conversation")
        self._new.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._new.setIconSize(QSize(14, 14))
        self._new.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._new.clicked.connect(self.clear)
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title)
        row.addStretch()
        row.addWidget(self._new)
        return head

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The conversation so far."""
        return tuple(turn.exchange for turn in self._turns)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The questions on screen."""
        return tuple(self._turns)

    def set_film(self, video: VideoInfo | None, questions: Sequence[str]) -> None:
        """A new film, or none: a new conversation with other suggestions."""
        self._film = video is not None
        self.clear()
        self.composer.set_film(self._film)
        for button in self._suggested:
            self._suggest_box.removeWidget(button)
            button.deleteLater()
        self._suggested = [self._suggestion(question) for question in questions]
        for button in self._suggested:
            self._suggest_box.addWidget(button)
        title = "Suggested questions" if self._film else "Try a question on the sample film"
        self._suggest_title.setText(title)
        self._suggest_title.setVisible(bool(questions))

    def begin(self, question: str) -> int:
        """A question is on its way; returns its number."""
        self.overtaken("Overtaken by the next question.")
        turn = Turn(len(self._turns) + 1, question, self._palette)
        turn.seek_wanted.connect(self.seek_wanted)
        turn.thumbnail_wanted.connect(self.thumbnail_wanted)
        turn.retry_wanted.connect(self.question_asked)
        turn.lighter_wanted.connect(self.lighter_wanted)
        self._turns.append(turn)
        self._empty.hide()
        self._body.insertWidget(self._body.count() - 1, turn)
        self._follow = True
        self._refresh()
        return len(self._turns)

    def receive(self, event: Event) -> None:
        """Pass an engine event to the question it belongs to: the last one."""
        if isinstance(event, ModelLoaded):
            self.show_model(event.model)
        if self._turns:
            self._turns[-1].receive(event)
        if isinstance(event, AnswerGrounded):
            QTimer.singleShot(0, self, self._keep_up)

    def overtaken(self, message: str) -> None:
        """Nothing more will come for what still runs."""
        for turn in self._turns:
            turn.end(Outcome.STOPPED, message)

    def clear(self) -> None:
        """An empty conversation."""
        for turn in self._turns:
            turn.end(Outcome.STOPPED, "Stopped.")
            self._body.removeWidget(turn)
            turn.hide()
            turn.deleteLater()
        self._turns = []
        self._empty.show()
        self._refresh()

    def set_busy(self, busy: bool) -> None:
        """Stop takes the place of Send; nothing may be forgotten meanwhile."""
        self.composer.set_busy(busy and bool(self._turns))
        self._new.setEnabled(not busy and bool(self._turns))

    def say_stopping(self) -> None:
        """Stop was pressed."""
        if self._turns:
            self._turns[-1].say_stopping()
        self.composer.stop.setEnabled(False)

    def show_model(self, model: ModelInfo) -> None:
        """What is loaded now."""
        self.card.show_model(model)
        note = ", knows a drawn world only" if model.bundled else ""
        self.composer.set_model(f"{model.name}{note}")

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        for turn in self._turns:
            turn.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        for part in (self.card, self.composer, *self._turns):
            part.apply_palette(palette)
        self._new.setIcon(icon("plus", palette.text2, disabled=palette.text3))

    def _suggestion(self, question: str) -> QPushButton:
        button = QPushButton(question)
        mark(button, button="row")
        button.clicked.connect(lambda: self.question_asked.emit(question))
        return button

    def _refresh(self) -> None:
        self._new.setEnabled(bool(self._turns))

    def _keep_up(self) -> None:
        """Show the end of the newest turn without hiding its question, unless it failed: then what to do counts more.
        Leave alone who scrolled away."""
        if self._follow and self._turns:
            bar, turn = self._scroll.verticalScrollBar(), self._turns[-1]
            failed = turn.exchange.outcome is Outcome.FAILED
            bar.setValue(bar.maximum() if failed else min(bar.maximum(), turn.y() - 12))

    def _let_go(self, value: int) -> None:
        self._follow = value >= self._scroll.verticalScrollBar().maximum() - 24

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """A turn of the wheel upwards means: do not follow the answer."""
        if event.type() == QEvent.Type.Wheel:
            bar = self._scroll.verticalScrollBar()
            QTimer.singleShot(0, self, lambda: self._let_go(bar.value()))
        return super().eventFilter(watched, event)


def _line() -> QFrame:
    line = QFrame()
    mark(line, panel="line")
    line.setFixedHeight(1)
    return line
