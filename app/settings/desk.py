"""What questions are asked with: the model as chosen, everything else as set. The one place that yields `Settings`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from app.settings.kept_card import KeptCard
from app.settings.pane import SettingsPane
from app.settings.store import OF_THE_FILM, SettingsStore
from app.theme import Palette
from engine.events import Event, ModelLoaded
from engine.records import ModelInfo, VideoInfo
from engine.remarks import effective, remarks
from engine.settings import Settings

Span = tuple[float, float]


class ModelChoice(Protocol):
    """What knows which model was chosen."""

    @property
    def settings(self) -> Settings:
        """Model, device, precision; the rest is of no account."""


class SettingsDesk(QObject):
    """Owns the store and, once somebody wants it, the pane."""

    changed = Signal(object)  # Settings, from the next question on, without the range
    range_changed = Signal(object)  # (start, end) or None
    models_wanted = Signal()

    def __init__(self, settings: QSettings, models: ModelChoice, palette: Palette, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._models, self._palette = window, models, palette
        self._model: ModelInfo | None = None
        self._before_reset: dict[str, Any] | None = None
        self.store = SettingsStore(settings, self)
        self.store.changed.connect(self._on_changed)
        self.pane: SettingsPane | None = None
        self.cards: list[Callable[[], KeptCard]] = []  # what else the pane shows

    @property
    def settings(self) -> Settings:
        """What the next question is asked with."""
        return self.store.over(self._models.settings)

    @property
    def standing(self) -> Settings:
        """What films are asked with in general, and made ready with: a range is for questions only."""
        return replace(self.settings, range_seconds=None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was wrong with what was stored, a sentence each."""
        return self.store.notes

    @property
    def range(self) -> Span | None:
        """The part of the film that is asked about."""
        chosen: Span | None = self.store.value(OF_THE_FILM)
        return chosen

    def set_range(self, span: Span | None) -> None:
        """Ask about this part of the open film only; None, or nothing between start and end: the whole film."""
        forward = span is not None and span[0] < span[1]
        self.store.set(OF_THE_FILM, tuple(map(float, span)) if span is not None and forward else None)

    def set_film(self, video: VideoInfo | None) -> None:
        """Another film: the range was the other one's."""
        self.set_range(None)

    def receive(self, event: Event) -> None:
        """Learn what the model in use was made for."""
        if isinstance(event, ModelLoaded):
            self._model = event.model
            self._show()

    def forget_model(self) -> None:
        """Another model was chosen: nothing is known of it until it is loaded."""
        self._model = None
        self._show()

    def show(self) -> None:
        """Open the pane, or bring it to the front."""
        if self.pane is None:
            self.pane = SettingsPane(self._palette, self._window)
            self.pane.say_notes(self.notes)
            self.pane.value_wanted.connect(self.store.set)
            self.pane.reset_wanted.connect(self._reset_all)
            self.pane.undo_wanted.connect(self._undo_reset)
            self.pane.models_wanted.connect(self.models_wanted)
            for make in self.cards:
                self.pane.add_card(make())
            self._show()
        self.pane.show()
        self.pane.raise_()
        self.pane.activateWindow()

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        if self.pane is not None:
            self.pane.apply_palette(palette)

    def _on_changed(self, name: str) -> None:
        self._before_reset = None
        self._show()
        if name == OF_THE_FILM:
            self.range_changed.emit(self.range)
        else:
            self.changed.emit(self.standing)

    def _reset_all(self) -> None:
        before = self.store.reset_all()
        self._before_reset = before
        self._show()

    def _undo_reset(self) -> None:
        if self._before_reset is not None:
            self.store.restore(self._before_reset)

    def _show(self) -> None:
        if self.pane is None:
            return
        settings, model = self.settings, self._model
        values = {name: getattr(settings, name) for name in self.pane.rows}
        self.pane.show_values(
            values, effective={name: effective(name, model) for name in values}, remarks=remarks(settings, model)
        )
        told = f"{model.name} on {model.device}, {model.precision}" if model else f"{settings.model}, not loaded yet"
        self.pane.show_model(told)
        undo = any(values[name] != before for name, before in (self._before_reset or {}).items())
        self.pane.show_reset(possible=not self.store.untouched, undo=undo)
