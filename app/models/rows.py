"""What the pane says of each model: at once what the catalogue knows, then what lies on disk. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    here: bool = False  # it can be used
    seen: bool = True  # the disk was looked at; until then nothing is known of what lies there
    hidden: bool = False  # the disk could not be looked at
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
        if self.hidden:
            return "Whether it is here could not be found out; the log has the details"
        if not self.seen:
            return f"Looking whether it is here …  ·  {self.licence.name}"
        if not (self.here or self.published):
            return "The folder is gone"
        if self.here or self.unfinished:
            size = f"{self.nbytes / 1e9:.1f} GB" if self.nbytes >= 1e9 else f"{self.nbytes / 1e6:.0f} MB"
            state = "on disk" if self.here else f"of about {self.gigabytes:.0f} GB on disk"
            return f"{size} {state}  ·  {self.licence.name}"
        return f"about {self.gigabytes:.0f} GB to download  ·  {self.licence.name}"


def listed() -> tuple[Row, ...]:
    """Every model of the catalogue, the bundled ones first, before anybody has looked at the disk."""
    bundled = [Row(name, f"Tempo {name}", "bundled; knows a drawn world only", OWN, seen=False) for name in BUNDLED]
    published = [
        Row(model.name, model.title, model.about, model.licence, seen=False, source=model.source,
            gigabytes=model.gigabytes)
        for model in PUBLISHED.values()
    ]  # fmt: skip
    return (*bundled, *published)


def rows() -> tuple[Row, ...]:
    """The same with what lies on disk. Imports huggingface_hub and walks over folders: not for the window's thread."""
    return tuple(_found(row) for row in listed())


def listed_folder(folder: str) -> Row:
    """A checkpoint of one's own, not looked at yet."""
    path = Path(folder)
    return Row(folder, path.name, f"in {path.parent}", UNKNOWN, seen=False)


def folder_row(folder: str) -> Row:
    """The same, with what lies there. Walks over the folder: not for the window's thread."""
    here = Path(folder).is_dir()
    return replace(listed_folder(folder), here=here, seen=True, nbytes=_size(Path(folder)) if here else 0)


def _found(row: Row) -> Row:
    if row.name in BUNDLED:
        return replace(row, here=True, seen=True, nbytes=_size(locate(row.name).folder))
    folder, own = downloaded(PUBLISHED[row.name]), models_folder() / row.name
    held = folder or (own if own.is_dir() else None)
    return replace(
        row, here=folder is not None, seen=True, unfinished=folder is None and held is not None, own=held == own,
        nbytes=_size(held) if held else 0,
    )  # fmt: skip


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
