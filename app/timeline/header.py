"""The line above the plot: what is shown, the legend, and the timeline's own buttons. Stands in the dock's bar."""

from __future__ import annotations

import json

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from app.counting import count_of
from app.style import mark
from app.theme import Palette, icon
from app.timeline.heatmap import Heatmap
from app.timeline.lanes import LEFT, SWITCHES
from app.timeline.legend import Legend
from app.tool_button import ToolButton

_BUTTONS = {  # name: (icon, tooltip, checkable)
    "follow": ("crosshair-simple", "Follow the playhead while zoomed", True),
    "log": ("chart-line-up", "Logarithmic scale for tokens: shows the low end", True),
    "out": ("minus", "Zoom out (wheel, -)", False),
    "in": ("plus", "Zoom in (wheel, +)", False),
    "fit": ("arrows-out-line-horizontal", "Whole film (double click, Ctrl+0)", False),
    "charts": ("chart-bar", "Charts of relevance and tokens (Ctrl+D)", False),
    "lanes": ("rows", "Choose lanes", False),
}
_MARGIN = 16  # of the bar it stands in
_FACTORS = {"in": 1.6, "out": 1 / 1.6}
_KEPT = ("follow", "log")


class Header(QWidget):
    """Title, caption, legend, buttons. Where all do not fit beside one another the caption is `below`, in the pane."""

    zoom_wanted = Signal(float)  # a factor
    fit_wanted = Signal()
    charts_wanted = Signal()
    toggled = Signal(str, bool)  # follow, log
    lane_switched = Signal(str, bool)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.legend = Legend(palette)
        self.caption, self.below = QLabel(), QLabel()
        for label in (self.caption, self.below):
            mark(label, kind="small", tone="2")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it may go below
        self.below.setContentsMargins(_MARGIN, 0, _MARGIN, 2)
        self.below.setWordWrap(True)
        self._title = QLabel("Timeline")
        mark(self._title, kind="control")
        self.buttons = {name: self._button(name) for name in _BUTTONS}
        self.menu = QMenu(self)
        self.switches = {name: self._switch(name, words) for name, (words, _) in SWITCHES.items()}
        self.menu.addSeparator()
        self.compare_menu = self.menu.addMenu("Compare with")
        self.buttons["lanes"].setMenu(self.menu)
        self.buttons["lanes"].setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._title)
        row.addWidget(self.caption, 1)
        row.addWidget(self.legend)
        for button in self.buttons.values():
            row.addWidget(button)
        self.apply_palette(palette)

    def _button(self, name: str) -> QToolButton:
        _, text, checkable = _BUTTONS[name]
        button = ToolButton(text)
        button.setCheckable(checkable)
        if checkable:
            button.toggled.connect(lambda on: (self._ink(name), self.toggled.emit(name, on)))
        elif name == "fit":
            button.clicked.connect(lambda _=False: self.fit_wanted.emit())
        elif name == "charts":
            button.clicked.connect(lambda _=False: self.charts_wanted.emit())
        elif name in _FACTORS:
            button.clicked.connect(lambda _=False: self.zoom_wanted.emit(_FACTORS[name]))
        return button

    def _switch(self, name: str, words: str) -> QAction:
        action = self.menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(lambda on: self.lane_switched.emit(name, on))
        return action

    def say(self, heatmap: Heatmap, *, numbers: int = 0) -> None:
        """What the lanes show."""
        text = caption(heatmap, numbers=numbers)
        if text != self.caption.text():
            self.caption.setText(text)
            self.below.setText(text)
            self._fit()
        if heatmap.k_max or not heatmap.question:
            self.legend.set_limits(heatmap.k_min, heatmap.k_max)

    @property
    def hidden(self) -> frozenset[str]:
        """Lanes switched off."""
        return frozenset(name for name, action in self.switches.items() if not action.isChecked())

    def state(self) -> str:
        """The switches, to be kept from one start to the next."""
        return json.dumps({"hidden": sorted(self.hidden), **{name: self.buttons[name].isChecked() for name in _KEPT}})

    def restore_state(self, state: str) -> None:
        """As they were left. A state that cannot be understood changes nothing."""
        try:
            kept = json.loads(state)
            hidden, buttons = set(kept["hidden"]), {name: bool(kept[name]) for name in _KEPT}
        except (ValueError, TypeError, KeyError):
            return
        for name, action in self.switches.items():
            action.setChecked(name not in hidden)
        for name, on in buttons.items():
            self.buttons[name].setChecked(on)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        self.legend.apply_palette(palette)
        for name in self.buttons:
            self._ink(name)

    def _ink(self, name: str) -> None:
        button = self.buttons[name]
        button.setIcon(icon(_BUTTONS[name][0], self._palette.accent if button.isChecked() else self._palette.text2))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """One line or two."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.legend.sizeHint().width() + sum(button.sizeHint().width() for button in self.buttons.values())
        title = max(self._title.sizeHint().width(), LEFT - _MARGIN)
        narrow = title + self.caption.sizeHint().width() + 16 + beside > self.width()
        self.caption.setVisible(not narrow)
        self.below.setVisible(narrow)
        self._title.setFixedWidth(self._title.sizeHint().width() + 16 if narrow else title)


def caption(heatmap: Heatmap, *, numbers: int = 0) -> str:
    """What the heat shows, in a sentence; `numbers` is how many questions there are."""
    question = f"question {heatmap.question}" + (f" of {numbers}" if numbers > heatmap.question else "")
    unscored = count_of(heatmap.unscored, len(heatmap.segments), "segment")
    if not heatmap.question:
        return "Fills in when you open a film and ask a question"
    if heatmap.ended and heatmap.provisional:
        missing = f", {unscored} not scored" if heatmap.unscored else ""
        return f"Question {heatmap.question} was not finished: token counts are provisional{missing}"
    if heatmap.ended:
        return f"Question {heatmap.question} was not answered"
    if not heatmap.segments:
        return f"Question {heatmap.question}: reading the film"
    if heatmap.provisional and heatmap.unscored:
        return f"Provisional: {unscored} not scored yet"
    return f"Tokens given for {question}: {sum(heatmap.shares.values()):,} of {heatmap.limit:,}"
