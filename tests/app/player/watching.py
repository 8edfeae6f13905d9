"""A playback that is watched: which pictures it showed, by the numbers they carry."""

from __future__ import annotations

import numpy as np
from films import picture_number
from PySide6.QtGui import QImage

from app.player.developing import develop
from app.player.playback import Playback


class Watched:
    """A playback with the last picture kept, and the numbers of all that were shown."""

    def __init__(self):
        self.playback = Playback()
        self.playback.projector.set_sound(0.5, muted=True)
        self.frame = None
        self.numbers = []
        self.errors = []
        self.playback.frame_shown.connect(self._keep)
        self.playback.failed.connect(self.errors.append)

    def _keep(self, frame):
        self.frame = frame
        self.numbers.append(number_of(frame))

    @property
    def number(self):
        return self.numbers[-1] if self.numbers else -1


def number_of(frame):
    image = develop(frame, frame.size()).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return picture_number(rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3))
