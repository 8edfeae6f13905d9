"""A model's name or folder in, the folder to load from out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import ModelError

ASSETS = Path(__file__).parents[2] / "assets" / "models"
BUNDLED = ("nano",)


@dataclass(frozen=True, slots=True)
class Located:
    """Where a model lies, and what to call it."""

    name: str
    folder: Path
    bundled: bool  # one that comes with the program and knows a drawn world only


def locate(name_or_folder: str | Path) -> Located:
    """Find a model. Raises `ModelError` if it is neither bundled nor a folder."""
    name = str(name_or_folder)
    if name in BUNDLED:
        return _bundled(name)
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        resolved = folder.resolve()
        return Located(resolved.name, resolved, bundled=resolved.parent == ASSETS)
    raise ModelError(
        f"{name} is neither a model that this program knows nor a folder.",
        advice=f"Known is {', '.join(BUNDLED)}; or give the folder of a Tempo checkpoint.",
    )


def _bundled(name: str) -> Located:
    folder = ASSETS / name
    if not folder.is_dir():
        raise ModelError(f"The bundled model {name} is missing: {folder} does not exist.", advice="Install it again.")
    return Located(name, folder, bundled=True)
