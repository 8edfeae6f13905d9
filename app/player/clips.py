"""A stretch of the film in, a film of its own out: copied by the engine, without loss, where nobody waits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import span
from app.player.film_saver import FilmSaver
from app.saving import Kind, ask_where
from engine.cancel import CancelToken

if TYPE_CHECKING:
    from engine.ingest.video import Film

_EARLY_SECONDS = 0.05  # from which on it is worth a word


class Clips(FilmSaver):
    """Of one film. Each asks for a place."""

    def save(self, start: float, end: float) -> None:
        """Let the person choose a place; `said` tells how it ended, if they did not change their mind."""
        path, film, cancel = self._path, self._film, self._cancel
        if path is None:
            self.said.emit("There is no film to take a clip of.", True)
            return
        kinds = _kinds(path)
        name = f"{path.stem} {span(start, end).replace(':', '-')}{kinds[0].suffix}"
        chosen = ask_where(self._over, "Save as a clip", path.with_name(name), kinds)
        if chosen is None:
            return
        if chosen.exists() and chosen.samefile(path):
            self.said.emit("A clip cannot replace the film that it is taken from.", False)
            return

        def write(part: Path) -> str:
            early = write_early(path, film, start, end, part, chosen.suffix.lower(), cancel)
            where = f" It begins {early:.1f} s early, at the last place where the film can be cut without loss."
            return f"Saved {chosen.name}.{where if early > _EARLY_SECONDS else ''}"

        self._saver.start_with(write, chosen, "The clip")


def write_early(
    path: Path, film: Film | None, start: float, end: float, part: Path, suffix: str, cancel: CancelToken
) -> float:
    """Fill `part`; by how many seconds it begins before `start`. Raises `VideoError`, `Cancelled`."""
    from engine.ingest.clip import write_clip
    from engine.ingest.video import open_video

    film = film or open_video(path, cancel=cancel)
    return start - write_clip(film, start, end, part, suffix=suffix, cancel=cancel).start_seconds


def _kinds(path: Path) -> list[Kind]:
    """The film's own container first, then the one that takes everything."""
    from engine.ingest.clip import ANY, FORMATS

    own = path.suffix.lower()
    return [*([Kind(own, "Like the film")] if own in FORMATS and own != ANY else []), Kind(ANY, "Matroska")]
