"""What the pane says of each model, before anything heavy is asked. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.weights.catalogue import BUNDLED, OWN, PUBLISHED, Licence, downloaded, locate, models_folder

UNKNOWN = Licence("a folder of your own", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One model."""

    name: str  # as the catalogue calls it
    title: str
    about: str
    licence: Licence
    here: bool  # it can be used
    unfinished: bool = False
    own: bool = False  # downloaded by this program, so it can be removed
    source: str = ""  # where a download comes from, in words; empty for what cannot be downloaded
    gigabytes: float = 0.0  # to fetch, about; the hub tells it exactly when a download starts
    nbytes: int = 0  # on disk

    @property
    def published(self) -> bool:
        """Whether it can be downloaded."""
        return bool(self.source)

    @property
    def facts(self) -> str:
        """Size and licence in a line."""
        if not (self.here or self.published):
            return "The folder is gone"
        if self.here or self.unfinished:
            size = f"{self.nbytes / 1e9:.1f} GB" if self.nbytes >= 1e9 else f"{self.nbytes / 1e6:.0f} MB"
            state = "on disk" if self.here else f"of about {self.gigabytes:.0f} GB on disk"
            return f"{size} {state}  ·  {self.licence.name}"
        return f"about {self.gigabytes:.0f} GB to download  ·  {self.licence.name}"


def rows() -> tuple[Row, ...]:
    """Every model of the catalogue, the bundled ones first."""
    found = [
        Row(
            name,
            f"Tempo {name}",
            "bundled; knows a drawn world only",
            OWN,
            here=True,
            nbytes=_size(locate(name).folder),
        )
        for name in BUNDLED
    ]
    for model in PUBLISHED.values():
        folder, own = downloaded(model), models_folder() / model.name
        held = folder or (own if own.is_dir() else None)
        found.append(
            Row(
                model.name,
                model.title,
                model.about,
                model.licence,
                here=folder is not None,
                unfinished=folder is None and held is not None,
                own=held == own,
                source=model.source,
                gigabytes=model.gigabytes,
                nbytes=_size(held) if held else 0,
            )
        )
    return tuple(found)


def folder_row(folder: str) -> Row:
    """A checkpoint of one's own."""
    path = Path(folder)
    here = path.is_dir()
    return Row(folder, path.name, f"in {path.parent}", UNKNOWN, here=here, nbytes=_size(path) if here else 0)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def progress_text(done: int, total: int, seconds_left: float | None) -> str:
    """1.2 of 12.0 GB, 4 min left."""
    unit, name = (1e9, "GB") if total >= 1e9 else (1e6, "MB")
    text = f"{done / unit:.1f} of {total / unit:.1f} {name}"
    if seconds_left is None:
        return text
    if seconds_left >= 5400:
        return f"{text}, {seconds_left / 3600:.0f} h left"
    if seconds_left >= 90:
        return f"{text}, {seconds_left / 60:.0f} min left"
    return f"{text}, {max(1, round(seconds_left))} s left"
