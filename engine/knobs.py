"""What people are told of a setting: its name, its sentence of help, its unit and bounds. Window and terminal read it.

A `Knob` rides in the metadata of a field of `Settings`, so that default, bounds and words stand in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import QuestionError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
_KEY = "knob"
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")  # 1,024
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting, for people."""

    group: str
    label: str
    help: str  # one sentence
    bounds: tuple[float, float] | None = None  # of a number, both ends allowed
    choices: Mapping[Any, str] | None = None  # value -> meaning
    unit: str = ""
    step: float = 1  # what one press of an arrow key changes
    unset: str = ""  # what None means, where it is allowed
    again: bool = False  # another value means another index: the film is read again
    flag: str = ""  # of the command line
    letter: str = ""  # what stands for the value in its help
    const: Any = None  # what the flag alone means, where it takes no value
    read: Callable[[str], Any] | None = None  # a value of its own kind from text; `ValueError` with a sentence
    write: Callable[[Any], str] | None = None
    name: str = ""  # of the field
    default: Any = None
    whole: bool = False  # a number without fraction

    @property
    def optional(self) -> bool:
        """True if None is a value."""
        return bool(self.unset)

    @property
    def switch(self) -> bool:
        """True if it is on or off."""
        return isinstance(self.default, bool)

    def check(self, value: object) -> None:
        """Raise `QuestionError`, one plain sentence, if the setting cannot have this value."""
        if value is None and self.optional:
            return
        wrong = ""
        if self.choices is not None:
            wrong = "" if value in self.choices else f"be one of {', '.join(map(self.text, self.choices))}"
        elif self.bounds is not None:
            wrong = self._wrong_number(value, *self.bounds)
        elif self.switch and not isinstance(value, bool):
            wrong = "be on or off"
        if wrong:
            told = self.text(value) or "empty"
            raise QuestionError(f"{self.label} must {wrong}, not {told if len(told) < 40 else f'{told[:39]}…'}.")

    def parse(self, text: str) -> Any:
        """The value that somebody wrote; nothing written is None where that is allowed. Raises `QuestionError`."""
        text = text.strip()
        if not text and self.optional:
            return None
        value: Any = text
        if self.read is not None:
            try:
                value = self.read(text)
            except ValueError as error:
                raise QuestionError(f"{error}.") from None
        elif self.choices is not None:
            value = next((choice for choice in self.choices if self.text(choice) == text), text)
        elif self.bounds is not None:
            value = _number(text, whole=self.whole)
        elif self.switch:
            value = text.lower() in _YES if text.lower() in _YES + _NO else text
        self.check(value)
        return value

    def text(self, value: object) -> str:
        """A value as people write it, and as `parse` reads it; None is nothing."""
        if value is None:
            return ""
        if self.write is not None and not isinstance(value, str):
            return self.write(value)
        return f"{value:.10g}" if isinstance(value, float) else str(value).lower() if self.switch else str(value)

    def _wrong_number(self, value: object, low: float, high: float) -> str:
        if not isinstance(value, int if self.whole else int | float) or isinstance(value, bool):
            return "be a whole number" if self.whole else "be a number"
        return "" if low <= value <= high else f"lie between {low:,.10g} and {high:,.10g}"  # not so for NaN


def knob(default: T, group: str, label: str, help: str, **words: Any) -> T:
    """A field of `Settings` with what is told of it."""
    made: T = field(default=default, metadata={_KEY: Knob(group, label, help, default=default, **words)})
    return made


def knobs_of(settings: type[DataclassInstance]) -> dict[str, Knob]:
    """Every knob of a class of settings, by the name of its field."""
    return {
        one.name: replace(one.metadata[_KEY], name=one.name, whole=str(one.type).startswith("int"))
        for one in fields(settings)
    }


def _number(text: str, *, whole: bool) -> float | str:
    """The number, or the text itself where it is none: then `check` says so."""
    plain = text.replace(" ", "").replace("_", "")
    plain = plain.replace(",", "") if whole and _GROUPED.fullmatch(plain) else plain
    try:
        return int(plain) if whole else float(plain.replace(",", ".", 1))
    except ValueError:
        return text
