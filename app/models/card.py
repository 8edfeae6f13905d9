"""One model in the pane: what it is, whether it fits, how far its download is, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.models.rows import Row, progress_text
from app.style import mark

_VERDICTS = {
    "": "Not known whether it fits",
    "fits": "Fits this machine",
    "fits with less": "Fits with less",
    "does not fit": "Does not fit",
}


class Card(QFrame):
    """Shows one row; the buttons say what they want by the model's name."""

    use_wanted = Signal(str)
    download_wanted = Signal(str)
    pause_wanted = Signal()
    remove_wanted = Signal(str)

    def __init__(self, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="card")
        self._row, self._in_use, self._downloading = row, False, False
        self._title = _label("strong")
        self._fit = _label("small", tone="2")
        self._facts = _label("small", tone="2")
        self._about = _label("small", tone="3")
        self._why = _label("small", tone="3")
        self._bar = QProgressBar(maximum=1000, textVisible=False)
        mark(self._bar, running="yes")
        self._progress = _label("small", tone="2")
        self._message = _label("small")
        for long in (self._about, self._why, self._message):
            long.setWordWrap(True)
        self.use, self.fetch = QPushButton("Use"), QPushButton("Download")
        self.pause, self.remove = QPushButton("Pause"), QPushButton("Remove")
        self.use.clicked.connect(lambda: self.use_wanted.emit(self._row.name))
        self.fetch.clicked.connect(lambda: self.download_wanted.emit(self._row.name))
        self.pause.clicked.connect(self.pause_wanted)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self._row.name))
        self._lay_out()
        self.show_row(row)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch()
        head.addWidget(self._fit)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._progress, 1)
        for button in (self.remove, self.pause, self.fetch, self.use):
            mark(button, button="plain")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (self._about, self._facts, self._why, self._message, self._bar):
            column.addWidget(part)
        column.addLayout(buttons)

    @property
    def row(self) -> Row:
        """What it shows."""
        return self._row

    def show_row(self, row: Row) -> None:
        """The model's state has changed, or not."""
        self._row = row
        self._title.setText(row.title)
        self._about.setText(row.about)
        self._facts.setText(row.facts)
        self.fetch.setText("Resume" if row.unfinished else "Download")
        for button, verb in ((self.use, "Use"), (self.fetch, self.fetch.text()), (self.remove, "Remove")):
            button.setAccessibleName(f"{verb} {row.title}")
        self._refresh()

    def show_use(self, name: str) -> None:
        """Which model answers."""
        self._in_use = name == self._row.name
        self._refresh()

    def show_verdict(self, verdict: str, why: str) -> None:
        """Whether it fits, and how that was found, a line each."""
        self._fit.setText(_VERDICTS[verdict])
        self._fit.setAccessibleDescription(why)
        self._why.setText(why)
        self._refresh()

    def show_progress(self, done: int, total: int, seconds_left: float | None) -> None:
        """How far the download is."""
        self._bar.setValue(round(1000 * done / max(total, 1)))
        self._progress.setText(progress_text(done, total, seconds_left))

    def set_downloading(self, downloading: bool, message: str = "") -> None:
        """A download runs, or has ended with a word."""
        self._downloading = downloading
        self._message.setText(message)
        if downloading:
            self._bar.setValue(0)
            self._progress.setText("Asking the hub…")
        self._refresh()

    @property
    def fit_known(self) -> bool:
        """Whether it says if the model fits."""
        return bool(self._fit.text())

    @property
    def message(self) -> str:
        """What it says about the last download."""
        return self._message.text()

    def _refresh(self) -> None:
        row = self._row
        self.use.setVisible(row.here)
        self.use.setEnabled(not self._in_use)
        self.use.setText("In use" if self._in_use else "Use")
        self.fetch.setVisible(row.published and row.seen and not row.here and not self._downloading)
        self.pause.setVisible(self._downloading)
        self.remove.setVisible(row.own and not self._downloading and not self._in_use)
        self._bar.setVisible(self._downloading)
        self._progress.setText(self._progress.text() if self._downloading else "")
        for part in (self._why, self._message):
            part.setVisible(bool(part.text()))


def _label(kind: str, *, tone: str = "1") -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    mark(label, kind=kind, tone=tone)
    return label
