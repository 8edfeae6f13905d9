"""Settings as they were left, read from QSettings and kept there. What cannot be used is the default, and said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal

from engine.errors import QuestionError
from engine.settings import KNOBS, MODEL, Settings

OF_THE_FILM = "range_seconds"  # goes with the film that is open
CHOSEN_ELSEWHERE = tuple(name for name, knob in KNOBS.items() if knob.group == MODEL)  # in the window of models
KEPT = tuple(name for name in KNOBS if name not in (OF_THE_FILM, *CHOSEN_ELSEWHERE))


class SettingsStore(QObject):
    """Values by name. Nothing that is out of bounds gets in."""

    changed = Signal(str)  # the name of a setting; "" for several

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._values: dict[str, Any] = {name: KNOBS[name].default for name in (*KEPT, OF_THE_FILM)}
        self.notes = tuple(note for name in KEPT if (note := self._read(name)))

    def value(self, name: str) -> Any:
        """What a setting is now."""
        return self._values[name]

    def over(self, chosen: Settings) -> Settings:
        """A choice of model with everything that is set here."""
        named = {name: getattr(chosen, name) for name in CHOSEN_ELSEWHERE}
        return Settings(**named, **self._values)

    def set(self, name: str, value: object) -> None:
        """Use this value from here on. Raises `QuestionError` and changes nothing if it cannot be used."""
        Settings(**{name: value})
        if value != self._values[name]:
            self._put({name: value})
            self.changed.emit(name)

    def reset_all(self) -> dict[str, Any]:
        """Everything as it came; returns what was, for `restore`. The range goes with its film and stays."""
        before = {name: self._values[name] for name in KEPT}
        self.restore({name: KNOBS[name].default for name in KEPT})
        return before

    def restore(self, values: Mapping[str, Any]) -> None:
        """Several values at once."""
        self._put(values)
        self.changed.emit("")

    @property
    def untouched(self) -> bool:
        """True if everything is as it came."""
        return all(self._values[name] == KNOBS[name].default for name in KEPT)

    def _put(self, values: Mapping[str, Any]) -> None:
        self._values.update(values)
        for name, value in values.items():
            if name in KEPT and value == KNOBS[name].default:
                self._settings.remove(_key(name))
            elif name in KEPT:
                self._settings.setValue(_key(name), KNOBS[name].text(value))

    def _read(self, name: str) -> str:
        """Take a stored value over, or forget it and return a sentence about it."""
        if not self._settings.contains(_key(name)):
            return ""
        stored = self._settings.value(_key(name))
        text = ", ".join(map(str, stored)) if isinstance(stored, list) else str(stored)
        try:
            self._values[name] = KNOBS[name].parse(text)
        except QuestionError as error:
            self._settings.remove(_key(name))
            default = KNOBS[name].unset or KNOBS[name].text(KNOBS[name].default)
            return f"A stored setting cannot be used and is {default} again: {error.message}"
        return ""


def _key(name: str) -> str:
    return f"settings/{name}"
