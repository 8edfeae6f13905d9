"""What can be done with a question and its answer: a row of icons that keeps quiet until it is wanted."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.announcing import announce
from app.chat.buttons import IconButton
from app.conversation import Exchange, Outcome
from app.style import mark
from app.theme import Palette

REWORDING = 0.7  # temperature of another answer, where the settings ask for the likeliest
_SAY_COPIED_MILLISECONDS = 1500


class Actions(QWidget):
    """Stop, copy, copy with times, ask anew, edit; and the way through earlier takes."""

    stop_wanted = Signal()
    copy_wanted = Signal(bool)  # with times
    again_wanted = Signal()
    edit_wanted = Signal()
    take_wanted = Signal(int)  # so many takes on

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._lively = False
        self.before = IconButton("caret-left", "Earlier take of this question")
        self.after = IconButton("caret-right", "Later take of this question")
        self.count = QLabel()
        mark(self.count, kind="small", tone="2")
        self.stop = IconButton("stop", "Stop this answer", tip="Stop this answer (Esc)")
        self.copy = IconButton("copy", "Copy the answer")
        self.copy_times = IconButton("clock", "Copy the answer with its times and evidence")
        self.again = IconButton("arrows-clockwise", "Another answer")
        self.edit = IconButton("pencil-simple", "Edit the question and ask again")
        self._quiet = (self.stop, self.copy, self.copy_times, self.again, self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self.before, self.count, self.after, *self._quiet):
            row.addWidget(part)
        row.addStretch()
        self._connect()
        self._said = QTimer(self, singleShot=True, interval=_SAY_COPIED_MILLISECONDS)
        self._said.timeout.connect(self._unsay)
        self._refresh()

    def _connect(self) -> None:
        self.before.clicked.connect(lambda: self.take_wanted.emit(-1))
        self.after.clicked.connect(lambda: self.take_wanted.emit(1))
        self.stop.clicked.connect(self.stop_wanted)
        self.copy.clicked.connect(lambda: self._copied(self.copy, with_times=False))
        self.copy_times.clicked.connect(lambda: self._copied(self.copy_times, with_times=True))
        self.again.clicked.connect(self.again_wanted)
        self.edit.clicked.connect(self.edit_wanted)
        for button in self._quiet:
            button.focused.connect(lambda _: self._refresh())

    def show_for(self, exchange: Exchange, *, take: int, takes: int, temperature: float) -> None:
        """What is possible with the take on screen. `temperature` is what the settings say."""
        running = exchange.outcome is Outcome.RUNNING
        answered = exchange.answer is not None
        for part in (self.before, self.count, self.after):
            part.setVisible(takes > 1)
        self.count.setText(f"{take + 1}/{takes}")
        self.count.setAccessibleName(f"Take {take + 1} of {takes}")
        self.before.setEnabled(take > 0)
        self.after.setEnabled(take < takes - 1)
        self.stop.setVisible(running)
        self.copy.setVisible(bool(exchange.text))
        self.copy_times.setVisible(answered)
        self.again.setVisible(not running)
        self.edit.setVisible(not running)
        self.again.setToolTip(_again(answered=answered, temperature=temperature))
        self.again.setAccessibleName("Another answer" if answered else "Ask again")

    def set_lively(self, lively: bool) -> None:
        """Show all icons, or none until one gets the focus."""
        if lively != self._lively:
            self._lively = lively
            self._refresh()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        for button in (self.before, self.after, *self._quiet):
            button.apply_palette(palette)

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Icons are made when they are first needed: fifty questions come back at once."""
        if self.copy.icon().isNull():
            self.apply_palette(self._palette)

    def _copied(self, button: IconButton, *, with_times: bool) -> None:
        self.copy_wanted.emit(with_times)
        self._unsay()
        button.set_picture("check", self._palette)
        button.setAccessibleDescription("Copied")
        announce(button, "Copied")
        self._said.start()

    def _unsay(self) -> None:
        for button, picture in ((self.copy, "copy"), (self.copy_times, "clock")):
            button.set_picture(picture, self._palette)
            button.setAccessibleDescription("")

    def _refresh(self) -> None:
        lively = self._lively or any(button.hasFocus() for button in self._quiet)
        for button in self._quiet:
            button.set_quiet(not lively)


def _again(*, answered: bool, temperature: float) -> str:
    """The tooltip says what will differ: asked the same way, a model at temperature 0 says the same again."""
    if not answered:
        return "Ask again"
    if temperature:
        return f"Another answer, drawn anew at temperature {temperature:g}"
    return f"Another answer, drawn at temperature {REWORDING:g}: the likeliest wording would come out the same"
