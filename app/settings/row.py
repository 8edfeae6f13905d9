"""One setting: its name, what it does, a field, its bounds, a way back, and a sentence where something is amiss."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.settings.fields import ChoiceField, SwitchField, TextField
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton
from engine.errors import QuestionError
from engine.knobs import Knob

RIGHT = 296  # pixels of the column with the fields
AGAIN = "Another value reads the film again."


class Row(QWidget):
    """A setting. Emits values that can be used; keeps what cannot where it was typed, and says why."""

    value_wanted = Signal(str, object)  # the setting's name, a value within its bounds

    def __init__(self, knob: Knob, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.knob = knob
        self._value: Any = knob.default
        self._palette = palette
        self._wrong = self._remark = ""
        self._name, self._unit = _label("control"), _label("small", tone="2")
        self._help, self._bounds = _label("small", tone="2"), _label("caption", tone="3")
        self.message, self._sign = _label("small"), QLabel()
        self.back = ToolButton("")
        self.back.clicked.connect(self._reset)
        self.field = self._make_field()
        self.field.committed.connect(self._commit)
        self._write()
        self._lay_out()
        self.apply_palette(palette)

    def _make_field(self) -> TextField | ChoiceField | SwitchField:
        knob = self.knob
        if knob.choices is not None:
            return ChoiceField(knob)
        if knob.switch:
            return SwitchField()
        field = TextField(knob)
        field.typed.connect(self._judge)
        return field

    def _write(self) -> None:
        knob = self.knob
        help_text = f"{knob.help} {AGAIN}" if knob.again else knob.help
        self._name.setText(knob.label)
        self._name.setBuddy(self.field)
        self._unit.setText(knob.unit)
        self._help.setText(help_text)
        default = "back to the default"
        self.back.setToolTip(f"{knob.label}: {default}, {self._said(knob.default)}")
        self.back.setAccessibleName(f"{knob.label}: {default}")
        self.field.setAccessibleName(knob.label)
        self.field.setToolTip(help_text)

    def _lay_out(self) -> None:
        for wide in (self._help, self.message):
            wide.setWordWrap(True)
        line, below = QHBoxLayout(), QHBoxLayout()
        line.setSpacing(8)
        for part, stretch in ((self.field, 0), (self._unit, 1), (self.back, 0)):
            line.addWidget(part, stretch)
        below.setSpacing(6)
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.message, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, RIGHT)
        grid.addLayout(_column(self._name, self._help), 0, 0)
        grid.addLayout(_column(line, self._bounds), 0, 1)
        grid.addLayout(below, 1, 0, 1, 2)

    def show_value(self, value: Any, *, effective: float | None, remark: str) -> None:
        """What is in force, what None comes to with the model in use, and what is to be said about it."""
        kept = self._wrong and value == self._value  # what was typed and cannot be used stays on screen
        self._value, self._remark = value, remark
        told = f"{self.knob.unset}: {effective:,.10g}" if effective is not None else self.knob.unset
        self._bounds.setText(self._limits(told))
        if isinstance(self.field, TextField):
            self.field.setPlaceholderText(f"Model: {effective:,.10g}" if effective is not None else _upper(told))
            self.field.base = effective or 0
        if not kept:
            self._wrong = ""
            self.field.show_value(value)
        self._say()

    def commit(self) -> None:
        """Take what is typed, if it can be used."""
        if isinstance(self.field, TextField):
            self._commit(self.field.text())

    def drop_typed(self) -> None:
        """Forget what is typed and cannot be used."""
        self._wrong = ""
        self.field.show_value(self._value)
        self._say()

    def matches(self, words: list[str]) -> bool:
        """Whether all of these words are told of it."""
        told = f"{self.knob.label} {self.knob.help} {self.knob.group} {self.knob.name} {self.knob.unit}".lower()
        return all(word in told for word in words)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        self._say()
        self.back.setIcon(icon("arrow-counter-clockwise", palette.text2, disabled=palette.border))

    def _judge(self, text: str) -> None:
        """While somebody types: say at once what is wrong, apply nothing yet."""
        try:
            self.knob.parse(text)
            self._wrong = ""
        except QuestionError as error:
            self._wrong = error.message
        self._say()

    def _commit(self, given: object) -> None:
        if isinstance(given, str) and isinstance(self.field, TextField):
            self._judge(given)
            if self._wrong:
                return
            given = self.knob.parse(given)
            self.field.show_value(given)
        if given != self._value:
            self.value_wanted.emit(self.knob.name, given)

    def _reset(self) -> None:
        self._wrong = ""
        self.field.show_value(self.knob.default)
        self.value_wanted.emit(self.knob.name, self.knob.default)
        self._say()

    def _say(self) -> None:
        stays = self.knob.unset if self._value is None else f"at {self._said(self._value)}"
        text = f"{self._wrong} It stays {stays}." if self._wrong else self._remark
        self.message.setText(text)
        self._sign.setPixmap(icon("warning-circle" if self._wrong else "info", self._palette.text2).pixmap(15, 15))
        for part in (self.message, self._sign):
            part.setVisible(bool(text))
        self.back.setEnabled(bool(self._wrong) or self._value != self.knob.default)
        self.field.setAccessibleDescription(f"{self.field.toolTip()} {self._bounds.text()}. {text}".strip())

    def _said(self, value: Any) -> str:
        if self.knob.switch:
            return "On" if value else "Off"
        if self.knob.choices is not None:
            return self.knob.choices[value]
        figure = f"{value:,.10g}" if self.knob.bounds is not None and value is not None else self.knob.text(value)
        unit = self.knob.unit.removesuffix("s") if value == 1 else self.knob.unit
        said = self.knob.unset if value is None else f"{figure} {unit}".strip()
        return _upper(said)

    def _limits(self, unset: str) -> str:
        knob, default = self.knob, self._said(self.knob.default)
        if knob.optional:
            default = unset
        bounds = "{:,.10g} to {:,.10g}, ".format(*knob.bounds) if knob.bounds is not None else ""
        return _upper(f"{bounds}default: {default[:1].lower() + default[1:]}")


def _column(*parts: QWidget | QHBoxLayout) -> QVBoxLayout:
    """Parts below one another, the room that is left at the end."""
    column = QVBoxLayout()
    column.setSpacing(2)
    for part in parts:
        column.addWidget(part) if isinstance(part, QWidget) else column.addLayout(part)
    column.addStretch()
    return column


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _label(kind: str, *, tone: str = "1") -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    mark(label, kind=kind, tone=tone)
    return label
