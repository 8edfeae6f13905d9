"""One take of a question, from asking to evidence: engine events, or a record of long ago, in; wishes out."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.chat.answer.view import AnswerView
from app.chat.failure import Failure
from app.chat.grounds import Grounds
from app.chat.progress import Progress
from app.chat.stages import StageRow
from app.clock import elapsed
from app.conversation import Exchange, Outcome
from app.style import mark
from app.theme import Palette
from engine.events import AnswerGrounded, Event, Failed, NoteAdded, SegmentsFound, Stopped, TokenDecoded
from engine.records import Answer


class Take(QWidget):
    """What came of a question the first time, or a later one."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)
    segment_pointed = Signal(object)
    thumbnail_wanted = Signal(float)
    retry_wanted = Signal()
    lighter_wanted = Signal(int)
    model_wanted = Signal()
    ended = Signal()

    def __init__(self, exchange: Exchange, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange, self._palette = exchange, palette
        self._progress = Progress()
        self._frames = 0
        self._began = time.monotonic()
        self.stages: StageRow | None = None
        self.status = QLabel()
        self.status.setWordWrap(True)
        mark(self.status, kind="small", tone="2")
        self._view: AnswerView | None = None  # made for the first word: what comes before it must not wait
        self.grounds = Grounds(palette)
        self._pass_on(self.grounds)
        self.grounds.thumbnail_wanted.connect(self.thumbnail_wanted)
        self._clock = QTimer(self, interval=100)  # the eye needs counters no faster, whatever the engine tells
        self._clock.timeout.connect(self._say)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        if self.running:
            self.stages = StageRow(palette)
            self._column.addWidget(self.stages)
        for part in (self.status, self.grounds):
            self._column.addWidget(part)
        if not self.running:
            self._show_record()
        elif exchange.number:
            self._run()

    @property
    def exchange(self) -> Exchange:
        """What came of it so far."""
        return self._exchange

    @property
    def view(self) -> AnswerView:
        """The words."""
        if self._view is None:
            self._view = AnswerView(self._palette)
            self._pass_on(self._view)
            self._view.hide()
            self._column.insertWidget(self._column.indexOf(self.grounds), self._view)
        return self._view

    @property
    def running(self) -> bool:
        """True until it ended in one way or another."""
        return self._exchange.outcome is Outcome.RUNNING

    def receive(self, event: Event) -> None:
        """Follow the engine."""
        if not self.running:
            return
        if not isinstance(event, Stopped):  # which says nothing of where it stopped
            self._progress = self._progress.after(event, seconds=self._seconds())
        match event:
            case SegmentsFound(frames_sampled=frames):
                self._frames = frames
                self._begin_again()
            case TokenDecoded(text=text):
                self._write(text)
            case NoteAdded(text=text):
                self._exchange = replace(self._exchange, notes=(*self._exchange.notes, text))
                self.grounds.add_note(text)  # the engine says it before hours of reading, not after
            case AnswerGrounded(answer=answer):
                self._finish(answer)
            case Stopped():
                self.end(Outcome.STOPPED, "Stopped.")
            case Failed(message=message, advice=advice, out_of_memory=short, no_model=no_model):
                frames = self._frames // 2 * short
                self._exchange = replace(self._exchange, advice=advice, lighter_frames=frames, no_model=no_model)
                self.end(Outcome.FAILED, message)

    def end(self, outcome: Outcome, message: str) -> None:
        """Nothing more comes: stopped, failed, or overtaken by another film."""
        if not self.running:
            return
        said = f"{message} {self._progress.sentence()}." if message == "Stopped." else message
        self._progress = self._progress.after(Stopped(), seconds=self._seconds())
        self._show_progress()
        self._clock.stop()
        if self._view is not None:
            self._view.settle()
        self._exchange = replace(self._exchange, outcome=outcome, message=said, seconds=self._seconds())
        self._show_end()
        self.ended.emit()

    def say_stopping(self) -> None:
        """Stop was pressed; the device is not free yet."""
        if self.running:
            self._clock.stop()
            self.status.setText("Stopping …")

    def start(self, exchange: Exchange) -> None:
        """Of a take that was made before anything was asked: this is asked."""
        self._exchange, self._began = exchange, time.monotonic()
        self._run()

    def prepare_view(self) -> None:
        """Make the place of the words before the first one comes."""
        self.view.hide()

    def complete(self) -> None:
        """Make at once what is left to make of an answer."""
        self.grounds.complete()

    def hide_stages(self) -> None:
        """What the model saw says the same; an answer of a while ago needs the room less."""
        if self.stages is not None and not self.running:
            self.stages.hide()

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        self.grounds.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        if self.stages is not None:
            self.stages.apply_palette(palette)
        if self._view is not None:
            self._view.apply_palette(palette)
        self.grounds.apply_palette(palette)

    def _pass_on(self, part: AnswerView | Grounds) -> None:
        part.seek_wanted.connect(self.seek_wanted)
        part.span_wanted.connect(self.span_wanted)
        part.segment_pointed.connect(self.segment_pointed)

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _run(self) -> None:
        for note in self._exchange.notes:  # what is known before anything is answered
            self.grounds.add_note(note)
        self._clock.start()
        self._say()

    def _say(self) -> None:
        self._show_progress()
        seconds = self._seconds()
        left = self._progress.remaining_seconds(seconds)
        guess = "" if left is None else f", about {elapsed(max(round(left), 1))} until the answer starts"
        self.status.setText(f"{self._progress.sentence()}: {elapsed(seconds)} so far{guess}")

    def _show_progress(self) -> None:
        if self.stages is not None:
            self.stages.show_progress(self._progress)

    def _begin_again(self) -> None:
        """The engine ran out of memory halfway and starts anew: what was written is void."""
        if self._exchange.text:
            self._exchange = replace(self._exchange, text="")
            self.view.begin_again()

    def _write(self, text: str) -> None:
        self._exchange = replace(self._exchange, text=self._exchange.text + text)
        self.view.show()
        self.view.add(text)

    def _finish(self, answer: Answer) -> None:
        self._clock.stop()
        notes = tuple(dict.fromkeys((*self._exchange.notes, *answer.notes)))
        self._exchange = replace(self._exchange, outcome=Outcome.ANSWERED, text=answer.text, answer=answer, notes=notes)
        self._show_progress()
        self._show_answer(answer, fresh=True)
        self.ended.emit()

    def _show_record(self) -> None:
        """An exchange of long ago, without its stages."""
        exchange = self._exchange
        if exchange.answer is not None:
            self._show_answer(exchange.answer, fresh=False)
            self.complete()
            return
        if exchange.text:
            self.view.show()
            self.view.show_text(exchange.text)
        self._show_end()

    def _show_answer(self, answer: Answer, *, fresh: bool) -> None:
        self.status.hide()
        self.view.show()
        self.view.show_answer(answer)
        self.grounds.show_exchange(self._exchange, fresh=fresh)

    def _show_end(self) -> None:
        """Of a take that was stopped or failed."""
        for note in self._exchange.notes:
            self.grounds.add_note(note)
        if self._exchange.outcome is Outcome.FAILED:
            self.status.hide()
            box = Failure(self._exchange)
            box.retry_wanted.connect(self.retry_wanted)
            box.lighter_wanted.connect(self.lighter_wanted)
            box.model_wanted.connect(self.model_wanted)
            self._column.addWidget(box)
        else:
            self.status.setText(f"{self._exchange.message} After {elapsed(self._exchange.seconds)}.")
            self.status.show()
