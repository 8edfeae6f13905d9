"""One question and its answer, from asking to evidence: engine events in, seeks and retries out."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.chat.answer_text import answer_html, weak_notes
from app.chat.answer_view import AnswerView
from app.chat.evidence import EvidenceGrid
from app.chat.facts import Facts
from app.chat.progress import Progress
from app.chat.stages import StageRow
from app.clock import elapsed
from app.conversation import Exchange, Outcome
from app.pins import pins
from app.style import mark
from app.theme import Palette, icon
from engine.events import AnswerGrounded, Event, Failed, NoteAdded, SegmentsFound, Stopped, TokenDecoded
from engine.records import Answer

LEAST_FRAMES = 4


class Turn(QWidget):
    """A question in the conversation."""

    seek_wanted = Signal(float)
    thumbnail_wanted = Signal(float)
    retry_wanted = Signal(str)
    lighter_wanted = Signal(str, int)  # the question again, with so many frames at most

    def __init__(self, number: int, question: str, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange = Exchange(number=number, question=question, outcome=Outcome.RUNNING)
        self._palette = palette
        self._progress = Progress()
        self._notes: list[str] = []
        self._frames = 0
        self._asked_at = time.monotonic()
        self._facts: Facts | None = None
        self.stages = StageRow()
        self.status = QLabel()
        mark(self.status, kind="small", tone="2")
        self.view = AnswerView()
        self.view.seek_wanted.connect(self.seek_wanted)
        self.view.hide()
        self.evidence = EvidenceGrid()
        self.evidence.seek_wanted.connect(self.seek_wanted)
        self.evidence.thumbnail_wanted.connect(self.thumbnail_wanted)
        self._clock = QTimer(self, interval=100)
        self._clock.timeout.connect(self._say)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        for part in (_question_card(number, question), self.stages, self.status, self.view):
            self._column.addWidget(part)
        self._clock.start()
        self._say()

    @property
    def exchange(self) -> Exchange:
        """What came of it so far."""
        return self._exchange

    def receive(self, event: Event) -> None:
        """Follow the engine."""
        self._progress = self._progress.after(event, seconds=self._seconds())
        self.stages.show_progress(self._progress)
        match event:
            case SegmentsFound(frames_sampled=frames):
                self._frames = frames
                self._begin_again()
            case TokenDecoded(text=text):
                self._write(text)
            case NoteAdded(text=text):
                self._notes.append(text)
            case AnswerGrounded(answer=answer):
                self._finish(answer)
            case Stopped():
                self.end(Outcome.STOPPED, "Stopped.")
            case Failed(message=message, advice=advice, out_of_memory=short):
                self._fail(message, advice, lighter=self._frames // 2 if short else 0)
        self._say()

    def end(self, outcome: Outcome, message: str) -> None:
        """Nothing more comes: stopped, failed, or overtaken by another film."""
        if self._exchange.outcome is Outcome.RUNNING:
            self._exchange = Exchange(self._exchange.number, self._exchange.question, outcome, self._exchange.text,
                                      message=message)  # fmt: skip
            self._clock.stop()
            self.status.setText(f"{message} After {elapsed(self._seconds())}.")
            self.status.show()

    def say_stopping(self) -> None:
        """Stop was pressed; the device is not free yet."""
        if self._exchange.outcome is Outcome.RUNNING:
            self._clock.stop()
            self.status.setText("Stopping …")

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        self.evidence.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        self.evidence.apply_palette(palette)
        for note in self.findChildren(Note):
            note.apply_palette(palette)
        if self._facts is not None:
            self._facts.apply_palette(palette)
            self._copy.setIcon(icon("copy", palette.text2))
        if self._exchange.answer is not None:
            self.view.setHtml(answer_html(self._exchange.answer, palette))

    def _seconds(self) -> float:
        return time.monotonic() - self._asked_at

    def _say(self) -> None:
        if self._exchange.outcome is not Outcome.RUNNING:
            return
        seconds = self._seconds()
        left = self._progress.remaining_seconds(seconds)
        guess = "" if left is None else f", about {max(round(left), 1)} s until the answer starts"
        self.status.setText(f"{self._progress.sentence()}: {elapsed(seconds)} so far{guess}")

    def _begin_again(self) -> None:
        """The engine ran out of memory halfway and starts anew: what was written is void."""
        if self._exchange.text:
            self._exchange = Exchange(self._exchange.number, self._exchange.question, Outcome.RUNNING)
            self.view.clear()

    def _write(self, text: str) -> None:
        self._exchange = Exchange(self._exchange.number, self._exchange.question, Outcome.RUNNING,
                                  self._exchange.text + text)  # fmt: skip
        self.view.show()
        self.view.add(text)

    def _finish(self, answer: Answer) -> None:
        self._exchange = Exchange(self._exchange.number, answer.question, Outcome.ANSWERED, answer.text, answer)
        self._clock.stop()
        self.status.hide()
        self.view.setHtml(answer_html(answer, self._palette))
        self.view.show()
        for note in dict.fromkeys((*weak_notes(answer), *self._notes, *answer.notes)):
            self._column.addWidget(Note(note, self._palette))
        found = pins(answer)
        self._column.addLayout(self._evidence_head(len(found)))
        if found:
            self._column.addWidget(self.evidence)
            self.evidence.show_pins(found, answer.allocation, self._palette)
        self._facts = Facts(answer, self._palette)
        self._column.addWidget(self._facts)

    def _evidence_head(self, count: int) -> QHBoxLayout:
        title, text = QLabel("Evidence"), QLabel()
        mark(title, kind="label")
        mark(text, kind="small", tone="2")
        places = "1 place" if count == 1 else f"{count} places"
        text.setText(f"{places}, with the tokens each got" if count else "No segment stands out")
        self._copy = QToolButton(toolTip="Copy the answer")
        self._copy.setAccessibleName("Copy the answer")
        self._copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.setIconSize(QSize(16, 16))
        self._copy.setIcon(icon("copy", self._palette.text2))
        mark(self._copy, button="icon")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._exchange.text))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(text, 1)
        row.addWidget(self._copy)
        return row

    def _fail(self, message: str, advice: str, *, lighter: int) -> None:
        self.end(Outcome.FAILED, message)
        self.status.hide()
        box = QFrame()
        mark(box, panel="error")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 10, 12, 10)
        for text, kind, tone in ((message, "control", "1"), (advice, "small", "2")):
            if text:
                column.addWidget(_wrapped(text, kind=kind, tone=tone))
        question, wishes = self._exchange.question, QHBoxLayout()
        wishes.addWidget(_button("Try again", lambda: self.retry_wanted.emit(question)))
        if lighter >= LEAST_FRAMES:
            wishes.addWidget(_button(f"Try with {lighter} frames", lambda: self.lighter_wanted.emit(question, lighter)))
        wishes.addStretch()
        column.addLayout(wishes)
        self._column.addWidget(box)


def _button(text: str, wish: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    mark(button, button="plain")
    button.clicked.connect(wish)
    return button


def _question_card(number: int, question: str) -> QFrame:
    card = QFrame()
    mark(card, panel="raised")
    row = QHBoxLayout(card)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(10)
    count = QLabel(str(number))
    mark(count, kind="strong", tone="3")
    row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(_wrapped(question, kind="strong", tone="1"), 1)
    return card


class Note(QWidget):
    """A remark of the program, kept apart from the answer."""

    def __init__(self, text: str, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_wrapped(text, kind="small", tone="2"), 1)
        self.apply_palette(palette)

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self._picture.setPixmap(icon("info", palette.text2).pixmap(15, 15))


def _wrapped(text: str, *, kind: str, tone: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    mark(label, kind=kind, tone=tone)
    return label
