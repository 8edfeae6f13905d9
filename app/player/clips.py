"""A stretch of the film in, a film of its own out: copied by the engine, without loss, where nobody waits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import span
from app.counting import count
from app.player.film_saver import FilmSaver
from app.saving import Kind, ask_where
from engine.cancel import CancelToken

if TYPE_CHECKING:
    from engine.ingest.clip import Clip
    from engine.ingest.video import Film

_EARLY_SECONDS = 0.05  # from which on it is worth a word


class Clips(FilmSaver):
    """Of one film. Each asks for a place."""

    patience_milliseconds = 2000  # a clip that is nearly written is worth a moment's wait as the window closes

    def save(self, start: float, end: float) -> None:
        """Let the person choose a place; `said` tells how it ended, if they did not change their mind."""
        path, film, cancel = self._path, self._film, self._cancel
        if path is None:
            self.said.emit("There is no film to take a clip of.", True)
            return
        if film is not None and film.counted:
            self.said.emit("This film stores no times, so no clip can be copied out of it.", False)
            return
        kinds = _kinds(path)
        name = f"{path.stem} {span(start, end).replace(':', '-')}{kinds[0].suffix}"
        chosen = ask_where(self._over, "Save as a clip", path.with_name(name), kinds)
        if chosen is None:
            return
        if _same(chosen, path):
            self.said.emit("A clip cannot replace the film that it is taken from.", False)
            return

        def write(part: Path) -> str:
            made = copy(path, film, start, end, part, chosen.suffix.lower(), cancel)
            return f"Saved {chosen.name}.{told(made, start)}"

        self._saver.start_with(write, chosen, "The clip")


def copy(path: Path, film: Film | None, start: float, end: float, part: Path, suffix: str, cancel: CancelToken) -> Clip:
    """Fill `part`. Raises `VideoError`, `OSError`, `Cancelled`."""
    from engine.fingerprint import file_stamp
    from engine.ingest.clip import write_clip
    from engine.ingest.video import open_video

    if film is None or file_stamp(path) != film.stamp:
        film = open_video(path, cancel=cancel)
    return write_clip(film, start, end, part, suffix=suffix, cancel=cancel)


def told(clip: Clip, start: float) -> str:
    """What there is to know about a clip: sentences, each after a space."""
    early, lost = start - clip.start_seconds, clip.left_out
    words = ""
    if early > _EARLY_SECONDS:
        words += f" It begins {early:.1f} s early, at the last place where the film can be cut without loss."
    if lost:
        words += f" {count(lost, 'sound track')} of an unknown kind {'is' if lost == 1 else 'are'} left out."
    return words


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def _kinds(path: Path) -> list[Kind]:
    """The film's own container first, then the one that takes most."""
    from engine.ingest.clip import ANY, FORMATS

    own = path.suffix.lower()
    return [*([Kind(own, "Like the film")] if own in FORMATS and own != ANY else []), Kind(ANY, "Matroska")]
