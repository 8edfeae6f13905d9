"""Small pictures for the list of films, in and out of the bytes they are kept as. May run on any thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage

from app.history.records import FilmCard

SIZE = QSize(256, 144)  # of the widest film; twice what the list shows, for doubled screens
_QUALITY = 82  # some 8 kB


def jpeg(picture: QImage) -> bytes:
    """A picture, made small, as it is kept."""
    small = picture.scaled(SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "JPG", _QUALITY)
    buffer.close()
    return bytes(data.data())


def with_pictures(cards: Sequence[FilmCard]) -> tuple[tuple[FilmCard, QImage], ...]:
    """Every card with its picture, a null one where there is none."""
    return tuple((card, QImage.fromData(card.picture) if card.picture else QImage()) for card in cards)
