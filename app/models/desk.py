"""Which model answers, where and how exactly, kept from one start to the next; the pane of models, made when it is
first wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from app.models.choices import AUTOMATIC, DEVICE, PRECISIONS
from app.models.jobs import ModelJobs
from app.models.pane import ModelsPane
from engine.settings import Settings
from engine.weights.catalogue import BUNDLED


class ModelsDesk(QObject):
    """Owns the thread that downloads, and the pane."""

    chosen = Signal(object)  # Settings

    def __init__(self, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self.jobs = ModelJobs(self)
        self.pane: ModelsPane | None = None

    @property
    def in_use(self) -> str:
        """The model that was chosen last."""
        return str(self._settings.value("model", BUNDLED[0]))

    @property
    def precision(self) -> str:
        """The precision that was chosen last."""
        found = str(self._settings.value("precision", AUTOMATIC))
        return found if found in PRECISIONS else AUTOMATIC

    @property
    def device(self) -> str:
        """The device that was chosen last."""
        found = str(self._settings.value("device", AUTOMATIC))
        return found if DEVICE.fullmatch(found) else AUTOMATIC

    @property
    def settings(self) -> Settings:
        """What questions are asked with."""
        return Settings(model=self.in_use, device=self.device, precision=self.precision)

    def show(self) -> None:
        """Open the pane, or bring it to the front."""
        if self.pane is None:
            self.pane = ModelsPane(self.jobs, self.in_use, self.precision, self.device, self._window)
            self.pane.use_wanted.connect(lambda name: self.choose(model=name))
            self.pane.choices.precision_wanted.connect(lambda precision: self.choose(precision=precision))
            self.pane.choices.device_wanted.connect(lambda device: self.choose(device=device))
        self.pane.show()
        self.pane.raise_()
        self.pane.activateWindow()

    def choose(self, **choice: str) -> None:
        """Answer with this `model`, `precision` or `device` from here on; what is not named stays."""
        for key, value in choice.items():
            self._settings.setValue(key, value)
        if self.pane is not None:
            self.pane.show_use(self.in_use)
        self.chosen.emit(self.settings)

    def stop(self) -> None:
        """End the download that runs."""
        self.jobs.stop()

    def shutdown(self) -> bool:
        """Stop what is fetched. False if its thread did not end in time."""
        return self.jobs.shutdown()
