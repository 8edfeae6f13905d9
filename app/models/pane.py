"""The window of models: a card each, a folder of one's own, and the licence before anything is fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.card import Card
from app.models.choices import Choices
from app.models.jobs import ModelJobs
from app.models.rows import Row, listed, listed_folder
from app.style import mark
from engine.errors import ModelError
from engine.weights.catalogue import models_folder
from engine.weights.checkpoint import read_config

if TYPE_CHECKING:
    from engine.weights.download import Progress


class ModelsPane(QDialog):
    """Stays open beside the main window while a download runs."""

    use_wanted = Signal(str)  # a name of the catalogue, or a folder

    def __init__(
        self,
        jobs: ModelJobs,
        in_use: str,
        precision: str = "auto",
        device: str = "auto",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.resize(620, 640)
        self._jobs = jobs
        self._downloading = ""
        self.cards: dict[str, Card] = {}
        self._list = QVBoxLayout()
        self._place = QLabel()
        self._place.setTextFormat(Qt.TextFormat.PlainText)
        self._place.setWordWrap(True)
        mark(self._place, kind="small", tone="2")
        self.choices = Choices(precision, device)
        self.folder = QPushButton("Use a folder…")
        mark(self.folder, button="plain")
        self.folder.clicked.connect(self.choose_folder)
        self.agree: Callable[[Row], bool] = self._ask_for_agreement
        self.sure: Callable[[Row], bool] = self._ask_whether_sure
        self._lay_out()
        self._connect()
        if in_use not in self.cards:
            self._add(listed_folder(in_use))
        self._jobs.find_rows(in_use)  # before all that imports PyTorch
        self._jobs.find_devices()
        self._fit_all()
        self.show_use(in_use)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setLayout(self._list)
        self._list.setSpacing(12)
        self._list.addStretch()
        for row in listed():
            self._add(row)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setAccessibleName("Models")
        scroll.setWidget(body)
        foot = QHBoxLayout()
        foot.addWidget(self._place, 1)
        foot.addWidget(self.folder)
        column = QVBoxLayout(self)
        column.addWidget(scroll, 1)
        column.addWidget(self.choices)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._jobs.progressed.connect(self._on_progress)
        self._jobs.ended.connect(self._on_end)
        self._jobs.fitted.connect(self._on_fitted)
        self._jobs.rows_found.connect(self._on_rows)
        self._jobs.devices_found.connect(self.choices.show_devices)
        for wanted in (self.choices.precision_wanted, self.choices.device_wanted):
            wanted.connect(self._fit_all)

    def _add(self, row: Row) -> None:
        """One more model at the end of the list."""
        card = self.cards[row.name] = Card(row)
        card.use_wanted.connect(self.use_wanted)
        card.download_wanted.connect(self.download)
        card.pause_wanted.connect(self._jobs.stop)
        card.remove_wanted.connect(self.remove)
        self._list.insertWidget(self._list.count() - 1, card)

    def show_use(self, name: str) -> None:
        """Which model answers; a folder gets a card of its own."""
        if name not in self.cards:
            self._add(listed_folder(name))
            self._jobs.find_rows(name)
            self._fit(name)
        for card in self.cards.values():
            card.show_use(name)
        self._place.setText(f"Downloads lie in {models_folder()}")

    def download(self, name: str) -> None:
        """Fetch a model once its licence is accepted; one at a time."""
        if self._downloading:
            self.cards[name].set_downloading(False, "Another download runs: pause that first.")
            return
        if self.agree(self.cards[name].row):
            self._downloading = name
            self.cards[name].set_downloading(True)
            self._jobs.download(name)

    def remove(self, name: str) -> None:
        """Delete what was downloaded, once somebody has said so twice."""
        if self.sure(self.cards[name].row):
            self._jobs.remove(name)

    def choose_folder(self) -> None:
        """Use a checkpoint that lies somewhere."""
        chosen = QFileDialog.getExistingDirectory(self, "A folder with a Tempo checkpoint", str(Path.home()))
        if chosen:
            self.use_folder(Path(chosen))

    def use_folder(self, folder: Path) -> None:
        """Use the checkpoint in a folder, or say what is wrong with it."""
        try:
            read_config(folder)
        except ModelError as error:
            self._place.setText(f"{error.message} {error.advice}".strip())
        else:
            self.use_wanted.emit(str(folder))

    def _ask_for_agreement(self, row: Row) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle(f"Download {row.title}")
        box.setText(row.licence.text)
        box.setInformativeText(f"{row.source} Do you accept the licence?")
        accept = box.addButton("Accept and download", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is accept

    def _ask_whether_sure(self, row: Row) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle(f"Remove {row.title}")
        box.setText(f"{row.nbytes / 1e9:.1f} GB would have to be downloaded again.")
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is remove

    def _on_progress(self, name: str, progress: Progress) -> None:
        self.cards[name].show_progress(progress.done, progress.total, progress.seconds_left)

    def _on_end(self, name: str, message: str, advice: str) -> None:
        if name == self._downloading:
            self._downloading = ""
        card = self.cards[name]
        card.set_downloading(False, f"{message} {advice}".strip())
        if card.row.here:
            self._fit(name)

    def _on_rows(self, found: Sequence[Row]) -> None:
        for row in found:
            if row.name in self.cards:
                self.cards[row.name].show_row(row)

    def _fit_all(self) -> None:
        for name in self.cards:
            self._fit(name)

    def _fit(self, name: str) -> None:
        self._jobs.fit(name, self.choices.precision.currentData(), self.choices.device.currentData())

    def _on_fitted(self, name: str, verdict: str, why: str) -> None:
        self.cards[name].show_verdict(verdict, why)
