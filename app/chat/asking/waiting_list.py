"""A line of waiting questions in, its rows out; asked now, moved, edited or removed by a button each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.chat.asking.waiting import Line, Wish
from app.chat.buttons import IconButton, plain_button
from app.chat.labels import ElidedLabel, wrapped
from app.style import mark
from app.theme import Palette

_ROW = 30
_MOST_ROWS = 4
_ACTIONS = (  # name, icon, words
    ("now", "lightning", "Ask now, stopping the current answer"),
    ("front", "arrow-line-up", "Move to the front"),
    ("edit", "pencil-simple", "Edit"),
    ("remove", "x", "Remove"),
)


class WaitingList(QWidget):
    """Hidden while nothing waits."""

    now_wanted = Signal(int)
    front_wanted = Signal(int)
    edit_wanted = Signal(int)
    remove_wanted = Signal(int)
    go_on_wanted = Signal()
    emptied = Signal()  # while the focus was in here

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._rows: list[Row] = []
        self._title = wrapped("", kind="label")
        self._go_on: QPushButton = plain_button("Go on", self.go_on_wanted.emit)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._go_on, 0, Qt.AlignmentFlag.AlignTop)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 0)
        outer.setSpacing(4)
        outer.addLayout(head)
        outer.addWidget(self._scroll)
        self.hide()

    @property
    def rows(self) -> tuple[Row, ...]:
        """One a question."""
        return tuple(self._rows)

    def show_line(self, line: Line) -> None:
        """Bring the rows up to date; the focus stays where it was, as far as that is there."""
        focus = next(((row.place, name) for row in self._rows if (name := row.focused)), None)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(place, wish) for place, wish in enumerate(line.wishes)]
        for row in self._rows:
            self._column.addWidget(row)
        count = f"{len(line)} waiting"
        self._title.setText(f"{count}. {line.held}" if line.held else count)
        self._go_on.setVisible(bool(line.held))
        self._scroll.setFixedHeight(_ROW * min(len(line), _MOST_ROWS))
        self.setVisible(len(line) > 0)
        if focus is not None:
            self._give_back(*focus)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        for row in self._rows:
            row.apply_palette(palette)

    def _row(self, place: int, wish: Wish) -> Row:
        row = Row(place, wish, self._palette)
        signals = {"now": self.now_wanted, "front": self.front_wanted, "edit": self.edit_wanted,
                   "remove": self.remove_wanted}  # fmt: skip
        for name, button in row.buttons.items():
            button.clicked.connect(lambda _=False, signal=signals[name]: signal.emit(place))
        return row

    def _give_back(self, place: int, name: str) -> None:
        if not self._rows:
            self.emptied.emit()
            return
        button = self._rows[min(place, len(self._rows) - 1)].buttons[name]
        button = button if button.isEnabled() else self._rows[0].buttons["now"]
        button.setFocus(Qt.FocusReason.TabFocusReason)


class Row(QWidget):
    """One question that waits."""

    def __init__(self, place: int, wish: Wish, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setFixedHeight(_ROW)
        instead = f" (in place of {wish.turn})" if wish.turn else ""
        words = ElidedLabel(f"{wish.question}{instead}")
        mark(words, kind="small")
        number = QLabel(str(place + 1))
        mark(number, kind="small", tone="2")
        self.buttons = {
            name: IconButton(picture, f"{tip}: {wish.question}", tip=tip) for name, picture, tip in _ACTIONS
        }
        self.buttons["front"].setEnabled(place > 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(number)
        row.addSpacing(6)
        row.addWidget(words, 1)
        for button in self.buttons.values():
            row.addWidget(button)
        self.setAccessibleName(f"Waiting question {place + 1}: {wish.question}")
        self.apply_palette(palette)

    @property
    def focused(self) -> str:
        """The name of the button with the focus."""
        return next((name for name, button in self.buttons.items() if button.hasFocus()), "")

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as there is room."""
        return QSize(200, _ROW)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        for button in self.buttons.values():
            button.apply_palette(palette)
