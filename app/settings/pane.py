"""The window of settings: groups of rows, a filter, one way back for all. Stays open beside the main window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.settings.kept_card import KeptCard
from app.settings.row import Row
from app.settings.store import CHOSEN_ELSEWHERE
from app.style import mark
from app.theme import Palette
from engine.settings import GROUPS, KNOBS, MODEL

_SIZE = (680, 640)
_WHEN = "Changes count from the next question on."


class SettingsPane(QDialog):
    """Shows values and says which are wanted; owns none."""

    value_wanted = Signal(str, object)
    reset_wanted = Signal()
    undo_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width() - 48), min(_SIZE[1], room.height() - 64))  # the frame comes on top
        self.rows = {name: Row(knob, palette) for name, knob in KNOBS.items() if name not in CHOSEN_ELSEWHERE}
        self.filter = QLineEdit(placeholderText="Filter settings", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter settings")
        self.filter.textChanged.connect(self._sift)
        self._note, self._nothing, self._model = QLabel(), QLabel(), QLabel()
        for label in (self._note, self._nothing, self._model):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            mark(label, kind="small")
        self.models = _button("Choose a model…", self.models_wanted)
        self.all_back = _button("Reset all", None)
        self.all_back.clicked.connect(self._go_back)
        self._undo = False
        self._others: list[KeptCard] = []
        for row in self.rows.values():
            row.value_wanted.connect(self.value_wanted)
        self._lay_out()
        self.say_notes(())
        self._sift("")

    def _lay_out(self) -> None:
        body = QWidget()
        inner = self._body = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(12)
        self._cards = {group: self._card(group) for group in GROUPS}
        for card in self._cards.values():
            inner.addWidget(card)
        inner.addWidget(self._nothing)
        inner.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        self._scroll = scroll
        when = QLabel(_WHEN)
        mark(when, kind="small", tone="2")
        foot = QHBoxLayout()
        foot.addWidget(when, 1)
        foot.addWidget(self.all_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        for part in (self.filter, self._note):
            column.addWidget(part)
        column.addWidget(scroll, 1)
        column.addLayout(foot)

    def _card(self, group: str) -> QFrame:
        card, title = QFrame(), QLabel(group)
        mark(card, panel="card")
        mark(title, kind="label", tone="2")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 12, 8)
        column.setSpacing(0)
        column.addWidget(title)
        if group == MODEL:
            line = QHBoxLayout()
            line.addWidget(self._model, 1)
            line.addWidget(self.models)
            column.addLayout(line)
        for row in self.rows.values():
            if row.knob.group == group:
                column.addWidget(row)
        return card

    def add_card(self, card: KeptCard) -> None:
        """What is no setting of questions goes below them."""
        self._others.append(card)
        self._body.insertWidget(self._body.count() - 2, card)
        self._sift(self.filter.text())

    def show_values(
        self, values: Mapping[str, Any], *, effective: Mapping[str, float | None], remarks: Mapping[str, str]
    ) -> None:
        """What is in force."""
        for name, row in self.rows.items():
            row.show_value(values[name], effective=effective.get(name), remark=remarks.get(name, ""))

    def show_model(self, text: str) -> None:
        """Which model answers, where, how exactly."""
        self._model.setText(text)

    def show_reset(self, *, possible: bool, undo: bool) -> None:
        """Whether everything is as it came, and whether the last reset can be taken back."""
        self._undo = undo
        self.all_back.setText("Undo reset" if undo else "Reset all")
        self.all_back.setEnabled(possible or undo)

    def say_notes(self, notes: tuple[str, ...]) -> None:
        """What was wrong with what was stored."""
        self._note.setText("\n".join(notes))
        self._note.setVisible(bool(notes))

    @property
    def note(self) -> str:
        """What it says of what was stored."""
        return self._note.text()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        for row in self.rows.values():
            row.apply_palette(palette)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """No narrower than its rows: there is no scrolling sideways."""
        super().showEvent(event)
        beside = self._scroll.verticalScrollBar().sizeHint().width() + 2 * self._scroll.frameWidth()
        self._scroll.setMinimumWidth(self._scroll.widget().minimumSizeHint().width() + beside)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """What was typed counts, also if the window is closed right after."""
        for row in self.rows.values():
            row.commit()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc empties the filter first; Enter presses no button."""
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _go_back(self) -> None:
        for row in self.rows.values():
            row.drop_typed()
        (self.undo_wanted if self._undo else self.reset_wanted).emit()

    def _sift(self, text: str) -> None:
        words = text.lower().split()
        shown = dict.fromkeys(GROUPS, False)
        for row in self.rows.values():
            fits = row.matches(words)
            row.setVisible(fits)
            shown[row.knob.group] = shown[row.knob.group] or fits
        told = " ".join(f"{KNOBS[name].label} {KNOBS[name].help}" for name in CHOSEN_ELSEWHERE).lower()
        shown[MODEL] = all(word in told for word in words)
        for group, card in self._cards.items():
            card.setVisible(shown[group])
        self._nothing.setText(f"No setting has “{text}” in its name or its help.")
        for other in self._others:
            other.setVisible(other.matches(words))
        self._nothing.setVisible(not any(shown.values()) and all(other.isHidden() for other in self._others))


def _button(text: str, signal: Signal | None) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    mark(button, button="plain")
    if signal is not None:
        button.clicked.connect(signal)
    return button
