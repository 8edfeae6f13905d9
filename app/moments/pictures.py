"""Rows in view in, wishes for their pictures out; what arrives goes to the model, small enough for many rows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.moments.model import MomentsModel
from app.moments.view import MomentsView


class Pictures(QObject):
    """Asks for each picture once, and only for what is looked at."""

    wanted = Signal(float)

    def __init__(self, model: MomentsModel, view: MomentsView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._view = model, view
        self._asked: set[float] = set()
        view.settled.connect(self._wish)

    def forget(self) -> None:
        """Another film."""
        self._asked.clear()

    def take(self, seconds: float, picture: QImage) -> None:
        """A picture has arrived; perhaps somebody else wished for it."""
        if seconds in self._asked:
            self._asked.discard(seconds)
            width = round(96 * 16 / 9 * self._view.devicePixelRatioF())
            small = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            self._model.keep_picture(seconds, small)

    def _wish(self) -> None:
        for moment in reversed(self._view.rows_in_view()):  # the newest wish is served first: the top row's
            if self._model.picture(moment) is None and moment.middle not in self._asked:
                self._asked.add(moment.middle)
                self.wanted.emit(moment.middle)
