"""What stands under an answer: remarks of the program, the places it rests on, what the model saw."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.answer.cited import weak_notes
from app.chat.evidence import EvidenceGrid, evidence_head
from app.chat.facts import Facts
from app.chat.labels import Note
from app.conversation import Exchange
from app.pins import pins
from app.theme import Palette


class Grounds(QWidget):
    """Made one part a turn of the loop, so that the window answers in between, or all at once."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)
    segment_pointed = Signal(object)
    thumbnail_wanted = Signal(float)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self.notes: list[Note] = []
        self.evidence: EvidenceGrid | None = None
        self.facts: Facts | None = None
        self._left: list[Callable[[], None]] = []
        self._making = QTimer(self, interval=0)
        self._making.timeout.connect(self._make_one)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.hide()

    def add_note(self, text: str) -> None:
        """A remark, once."""
        if all(note.text != text for note in self.notes):
            note = Note(text, self._palette)
            self.notes.append(note)
            self._column.addWidget(note)
            self.show()

    def show_exchange(self, exchange: Exchange, *, fresh: bool) -> None:
        """All that belongs to an answer. If it is `fresh` its pictures are wished for before they are scrolled to."""
        self._left = [
            lambda: self._show_notes(exchange),
            lambda: self._show_evidence(exchange),
            *([self._want_pictures] if fresh else []),
            lambda: self._show_facts(exchange),
        ]
        self.show()
        self._making.start()

    def complete(self) -> None:
        """Make at once what is left to make."""
        while self._left:
            self._make_one()

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        if self.evidence is not None:
            self.evidence.set_thumbnail(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        for part in (self.evidence, self.facts, *self.notes):
            if part is not None:
                part.apply_palette(palette)

    def _make_one(self) -> None:
        if self._left:
            self._left.pop(0)()
        if not self._left:
            self._making.stop()

    def _show_notes(self, exchange: Exchange) -> None:
        answer = exchange.answer
        noted = (*weak_notes(answer), *exchange.notes, *answer.notes) if answer is not None else exchange.notes
        for note in (*noted, *_drawn(exchange)):
            self.add_note(note)

    def _show_evidence(self, exchange: Exchange) -> None:
        answer = exchange.answer
        found = pins(answer) if answer is not None else ()
        self._column.addLayout(evidence_head(found))
        if answer is None or not found:
            return
        self.evidence = EvidenceGrid(found, answer.allocation, self._palette)
        self.evidence.seek_wanted.connect(self.seek_wanted)
        self.evidence.span_wanted.connect(self.span_wanted)
        self.evidence.segment_pointed.connect(self.segment_pointed)
        self.evidence.thumbnail_wanted.connect(self.thumbnail_wanted)
        self._column.addWidget(self.evidence)

    def _want_pictures(self) -> None:
        if self.evidence is not None:
            self.evidence.want_all()

    def _show_facts(self, exchange: Exchange) -> None:
        self.facts = Facts(exchange, self._palette)
        self._column.addWidget(self.facts)


def _drawn(exchange: Exchange) -> tuple[str, ...]:
    """Say so when the words were left to chance."""
    if not exchange.temperature:
        return ()
    return (
        f"Drawn at temperature {exchange.temperature:g} (seed {exchange.seed}); "
        "the model's likeliest wording may differ.",
    )
