"""A moment of the film in, that very picture as a PNG out: read by the engine, in full size, where nobody waits."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from app.clock import clock
from app.player.film_saver import FilmSaver
from app.player.pictures import Pictures
from app.saving import Kind, ask_where, last_folder
from engine.cancel import CancelToken

if TYPE_CHECKING:
    from engine.ingest.video import Film

PNG = Kind(".png", "Picture")


class Snapshots(FilmSaver):
    """Of one film. The first one asks for a place, unless something was saved before; the next go there as well."""

    def take(self, seconds: float) -> None:
        """Save the picture on show at a moment; `said` tells where it is, if nobody changed their mind."""
        path, film, cancel = self._path, self._film, self._cancel
        if path is None:
            self.said.emit("There is no picture to save yet: open a film first.", True)
            return
        name = f"{path.stem} {clock(seconds, decimals=3).replace(':', '-')}{PNG.suffix}"
        folder = last_folder(self._over)
        if folder is not None:
            place = unused(folder / name)
        elif (chosen := ask_where(self._over, "Save this picture", path.parent / name, (PNG,))) is not None:
            place = chosen
        else:
            return
        told = f"Saved {place.name} in {place.parent}."
        self._saver.start(place, lambda: png(path, film, seconds, cancel), "The picture", told)


def unused(path: Path) -> Path:
    """The path, or the first like it that no file has: `a 0-12.000 2.png`."""
    others = (path.with_stem(f"{path.stem} {number}") for number in count(2))
    return path if not path.exists() else next(other for other in others if not other.exists())


def png(path: Path, film: Film | None, seconds: float, cancel: CancelToken) -> bytes:
    """The picture on show at a moment, in the colours that players show. Raises `VideoError`, `Cancelled`."""
    from engine.ingest.frames import read_frame_at
    from engine.ingest.video import open_video

    film = film or open_video(path, cancel=cancel)
    moment = Pictures(film.seconds).at(seconds)  # a player's times are rounded, and may lie just before the picture's
    picture = read_frame_at(film, moment, cancel=cancel, for_people=True).picture  # [height, width, 3]
    height, width, _ = picture.shape
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888).save(buffer, "PNG")
    return bytes(buffer.data().data())
