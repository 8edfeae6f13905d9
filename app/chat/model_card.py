"""What is loaded, what it can tell and what it cannot; the list of everything the bundled model knows."""

from __future__ import annotations

from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.knowledge import Knowledge
from app.style import mark
from app.theme import Palette, icon
from engine.records import ModelInfo

_CAN_GENERAL = ("what happens, and when", "who and what is in the picture", "the order of events")
_CANNOT_GENERAL = ("what is said, or any sound", "details between sampled frames", "facts from outside the film")


class ModelCard(QFrame):
    """Before the first question nothing is loaded yet: then the card tells of the bundled model."""

    list_wanted = Signal()

    def __init__(self, knowledge: Knowledge, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="card")
        self._picture = QLabel()
        self._name = _label("", kind="strong")
        self._size = _label("", kind="small", tone="2")
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._summary = _label("", kind="small", tone="2")
        self._can = [_label("", kind="small", tone="2") for _ in _CAN_GENERAL]
        self._cannot = [_label("", kind="small", tone="2") for _ in _CANNOT_GENERAL]
        self._advice = _label("", kind="small", tone="2")
        count = len(knowledge.things)
        self._list = QPushButton(f"All {count} things it knows" if count else "No list of things found")
        self._list.setEnabled(count > 0)
        self._list.clicked.connect(self.list_wanted)
        mark(self._list, button="link")
        self._knowledge = knowledge
        self._lay_out()
        self.show_model(None)
        self.apply_palette(palette)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._picture)
        head.addWidget(self._name)
        head.addWidget(self._size, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for column, (title, rows) in enumerate((("It can tell you", self._can), ("It cannot", self._cannot))):
            grid.addWidget(_label(title, kind="label"), 0, column)
            grid.setColumnStretch(column, 1)
            for place, row in enumerate(rows, start=1):
                grid.addWidget(row, place, column, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._summary)
        column.addLayout(grid)
        column.addWidget(self._advice)
        column.addWidget(self._list, 0, Qt.AlignmentFlag.AlignLeft)

    def show_model(self, model: ModelInfo | None) -> None:
        """Tell of a model; None for the bundled one before it is loaded."""
        bundled = model is None or model.bundled
        self._name.setText("Tempo nano" if model is None else model.name)
        self._size.setText("bundled, not loaded yet" if model is None else _size(model))
        self._list.setVisible(bundled)
        knows = self._knowledge
        if bundled:
            self._fill(knows.can, knows.cannot)
            self._summary.setText(self._world())
            self._advice.setText("Real films want Tempo-6B: with the bundled model their heatmap is drawn, but the "
                                 "answer will be wrong.")  # fmt: skip
        else:
            self._fill(_CAN_GENERAL, _CANNOT_GENERAL)
            self._summary.setText("A general model for real films.")
            self._advice.setText("Times are exact to one segment.")

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self._picture.setPixmap(icon("cpu", palette.text2).pixmap(18, 18))

    def _world(self) -> str:
        count = len(self._knowledge.things)
        things = f"{count} drawn things" if count else "a few drawn things"
        return self._knowledge.summary or f"This model knows a drawn world only: {things} on plain backgrounds."

    def _fill(self, can: tuple[str, ...], cannot: tuple[str, ...]) -> None:
        for labels, sign, texts in ((self._can, "✓", can), (self._cannot, "×", cannot)):
            for label, text in zip_longest(labels, texts[: len(labels)], fillvalue=""):
                label.setText(f"{sign}  {text}" if text else "")


class ThingsDialog(QDialog):
    """The list, with a search."""

    def __init__(self, knowledge: Knowledge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = [*sorted(knowledge.things), *(f"{name}, {kind}" for name, kind in knowledge.others)]
        self.setWindowTitle("What the bundled model knows")
        self.resize(360, 480)
        self.search = QLineEdit(placeholderText=f"Search {len(names)} names", clearButtonEnabled=True)
        self.search.setAccessibleName("Search the list")
        self.list = QListWidget()
        self.list.setAccessibleName("Things the bundled model knows")
        self.list.addItems(names)
        self._count = _label("", kind="small", tone="2")
        self.search.textChanged.connect(self._filter)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for part in (self.search, self.list, self._count):
            column.addWidget(part)
        self._filter("")

    def _filter(self, text: str) -> None:
        shown = 0
        for row in range(self.list.count()):
            item = self.list.item(row)
            match = text.strip().lower() in item.text().lower()
            item.setHidden(not match)
            shown += match
        self._count.setText(f"{shown} of {self.list.count()}")


def _size(model: ModelInfo) -> str:
    millions = model.parameters / 1e6
    amount = f"{millions / 1000:.1f} B" if millions >= 1000 else f"{millions:.1f} M"
    return f"{amount} parameters, {model.device}, {model.precision}"


def _label(text: str, *, kind: str, tone: str = "1") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(kind == "small")
    mark(label, kind=kind, tone=tone)
    return label
