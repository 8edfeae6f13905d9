"""Which model answers, shown on card and chip, and what it can name: from its choice until it is loaded no more than
its name is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.chat.asking.chips import Chips
from app.chat.model_card import ModelCard
from app.knowledge import Knowledge
from engine.records import ModelInfo
from engine.settings import Settings


class ModelInUse:
    """Owns no widget."""

    def __init__(self, knowledge: Knowledge, card: ModelCard, chips: Chips) -> None:
        self._knowledge, self._card, self._chips = knowledge, card, chips
        self._chosen = _choice(Settings())
        self._model: ModelInfo | None = None

    @property
    def things(self) -> Sequence[str]:
        """What it can name; nothing for one that names everything."""
        if self._model is not None:
            return self._model.knows if self._model.bundled else ()
        return self._knowledge.things if self._chosen[0] == Settings().model else ()

    def choose(self, settings: Settings) -> None:
        """What the next question is asked with: perhaps another model, or the same at another precision."""
        if _choice(settings) != self._chosen:
            self._chosen, self._model = _choice(settings), None
            self._say("loading")

    def show_loaded(self, model: ModelInfo) -> None:
        """It is in memory."""
        self._model = model
        self._card.show_model(model)
        remark = "knows a drawn world only" if model.bundled else ""
        self._chips.set_model(f"{model.name} · {model.precision}", remark)

    def show_missing(self) -> None:
        """It could not be loaded."""
        if self._model is None:
            self._say("cannot be loaded")

    def _say(self, state: str) -> None:
        self._chips.set_model(f"{Path(self._chosen[0]).name}, {state}")


def _choice(settings: Settings) -> tuple[str, str, str]:
    return settings.model, settings.device, settings.precision
