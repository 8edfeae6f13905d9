"""Which model answers, kept from one start to the next; the pane of models, made when it is first wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from app.models.jobs import ModelJobs
from app.models.pane import PRECISIONS, ModelsPane
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
        found = str(self._settings.value("precision", "auto"))
        return found if found in PRECISIONS else "auto"

    @property
    def settings(self) -> Settings:
        """What questions are asked with."""
        return Settings(model=self.in_use, precision=self.precision)

    def show(self) -> None:
        """Open the pane, or bring it to the front."""
        if self.pane is None:
            self.pane = ModelsPane(self.jobs, self.in_use, self.precision, self._window)
            self.pane.use_wanted.connect(self.choose)
            self.pane.precision_wanted.connect(lambda precision: self.choose(self.in_use, precision))
        self.pane.show()
        self.pane.raise_()
        self.pane.activateWindow()

    def choose(self, name: str, precision: str = "") -> None:
        """Answer with this model, at this precision or the one chosen last, from here on."""
        self._settings.setValue("model", name)
        self._settings.setValue("precision", precision or self.precision)
        if self.pane is not None:
            self.pane.show_use(name)
        self.chosen.emit(self.settings)

    def stop(self) -> None:
        """End the download that runs."""
        self.jobs.stop()

    def shutdown(self) -> bool:
        """Stop what is fetched. False if its thread did not end in time."""
        return self.jobs.shutdown()
