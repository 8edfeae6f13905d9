"""What a question is asked with, one chip each: model, token budget, part of the film. The value is the label."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.chat.buttons import IconButton
from app.chat.flow import Flow
from app.clock import span
from app.counting import count
from app.theme import Palette, icon
from app.tool_button import ToolButton

BUDGETS = (1024, 2048, 4096, 8192, 12288)
_WHOLE = "Whole film"


class Chips(QWidget):
    """The three, in as many lines as they need."""

    model_wanted = Signal()
    budget_chosen = Signal(object)  # tokens, or None for what the model was made for
    range_cleared = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._budget: int | None = None
        self._usual = 0
        self.model = _chip("Choose a model (Ctrl+M)")
        self.model.clicked.connect(self.model_wanted)
        self.budget = _chip("Tokens for the whole film: more show finer, fewer answer sooner")
        self.budget.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.budget.setMenu(QMenu(self.budget))
        self.budget.menu().aboutToShow.connect(self._fill_budgets)
        self.range = _chip("The part of the film that is asked about")
        self.range.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.range.setMenu(QMenu(self.range))
        self.range.menu().aboutToShow.connect(self._fill_range)
        self.clear = IconButton("x", "Ask about the whole film again")
        self.clear.clicked.connect(self.range_cleared)
        row = Flow(self, gap=4)
        for part in (self.model, self.budget, self.range, self.clear):
            row.addWidget(part)
        self.set_model("nano", "knows a drawn world only")
        self.set_budget(None)
        self.set_range(None)
        self.apply_palette(palette)

    def set_model(self, name: str, remark: str = "") -> None:
        """The model in use."""
        self.model.setText(name)
        self.model.setAccessibleName(f"Model: {name}{', ' if remark else ''}{remark}")
        self.model.setToolTip(f"{name}{': ' if remark else ''}{remark}\nChoose a model (Ctrl+M)")

    def set_budget(self, tokens: int | None) -> None:
        """What the settings say."""
        self._budget = tokens
        self._say_budget()

    def set_usual_budget(self, tokens: int) -> None:
        """What the model was made for, once an answer told."""
        self._usual = tokens
        self._say_budget()

    def set_range(self, seconds: tuple[float, float] | None) -> None:
        """The part of the film that is asked about; None for all of it."""
        words = _WHOLE if seconds is None else span(*seconds)
        self.range.setText(words)
        self.range.setAccessibleName(f"Part of the film: {words}")
        self.clear.setVisible(seconds is not None)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        for chip, name in ((self.model, "cpu"), (self.budget, "stack"), (self.range, "selection")):
            chip.setIcon(icon(name, palette.text2))
        self.clear.apply_palette(palette)

    def _say_budget(self) -> None:
        tokens = self._budget or self._usual
        words = count(tokens, "token") if tokens else "Usual tokens"
        self.budget.setText(words)
        self.budget.setAccessibleName(f"Token budget: {words}")

    def _fill_budgets(self) -> None:
        menu = self.budget.menu()
        menu.clear()
        group = QActionGroup(menu)
        usual = f"As the model was made{f' ({self._usual:,})' if self._usual else ''}"
        choices = [(None, usual), *((tokens, count(tokens, "token")) for tokens in self._offered())]
        for tokens, words in choices:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(tokens == self._budget)
            action.triggered.connect(lambda _=False, tokens=tokens: self.budget_chosen.emit(tokens))
            group.addAction(action)

    def _offered(self) -> list[int]:
        own = {self._budget} if self._budget else set()
        return sorted({*BUDGETS, *own})

    def _fill_range(self) -> None:
        menu = self.range.menu()
        menu.clear()
        if self.clear.isHidden():
            menu.addAction("To ask about a part only, select it on the timeline").setEnabled(False)
        else:
            menu.addAction("Ask about the whole film", self.range_cleared.emit)


def _chip(tip: str) -> QToolButton:
    chip = ToolButton(tip, dress="chip", size=14)
    chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return chip
