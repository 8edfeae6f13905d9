"""The models that this program knows, and where they lie: a name or folder in, the folder to load from out.

    nano                     comes with the program
    tempo-6b, ...-stage0/1/2 published weights, once downloaded (`download.py`) or in the hub's own cache
    FOLDER                   any checkpoint in the same layout

Files, sizes and hashes of published models are asked of the hub when they are downloaded, at the commit that `revision`
names then, and noted beside them with that commit.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ModelError

ASSETS = Path(__file__).parents[2] / "assets" / "models"
FOLDER_VARIABLE = "TEMPO_DESK_MODELS"  # another place for downloaded models
COMPLETE = "complete.json"
ROUTER = "router.safetensors"  # two rows of the base model's output embedding, beside a model
BUNDLED = ("nano",)


@dataclass(frozen=True, slots=True)
class Licence:
    """What somebody agrees to by downloading."""

    name: str
    text: str


ACADEMIC = Licence(
    "academic, non-commercial",
    "The weights of Tempo-6B are licensed for academic, non-commercial use only. The base model's files that come with "
    "them (configuration, tokenizer and two rows of numbers of Qwen3-VL-2B-Instruct) are under Apache-2.0.",
)
OWN = Licence("Apache-2.0", "Made by this project; licensed as the program is.")


@dataclass(frozen=True, slots=True)
class Published:
    """A model on the hub."""

    name: str
    title: str
    repo: str
    licence: Licence
    about: str
    gigabytes: float  # about; the hub tells the bytes
    revision: str = "main"
    base: str = "Qwen/Qwen3-VL-2B-Instruct"
    base_revision: str = "main"

    @property
    def source(self) -> str:
        """Where a download comes from and how large it is, as far as that is known before the hub is asked."""
        return (
            f"It comes from the repository {self.repo} on the Hugging Face hub, as it stands there now: "
            f"about {self.gigabytes:.0f} GB. The hub tells the exact size once the download starts."
        )


PUBLISHED = {
    one.name: one
    for one in (
        Published(
            "tempo-6b", "Tempo-6B", "Vision-CAIR/Tempo-6B", ACADEMIC, "the published model, for real films", 12.0
        ),
        Published(
            "tempo-6b-stage0",
            "Tempo-6B, stage 0",
            "Vision-CAIR/Tempo-6B-Stage0",
            ACADEMIC,
            "after the first of its four stages of training",
            12.0,
        ),
        Published(
            "tempo-6b-stage1",
            "Tempo-6B, stage 1",
            "Vision-CAIR/Tempo-6B-Stage1",
            ACADEMIC,
            "after the second of its four stages of training",
            12.0,
        ),
        Published(
            "tempo-6b-stage2",
            "Tempo-6B, stage 2",
            "Vision-CAIR/Tempo-6B-Stage2",
            ACADEMIC,
            "after the third of its four stages of training",
            12.0,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Located:
    """Where a model lies, and what to call it."""

    name: str
    folder: Path
    bundled: bool  # one that comes with the program and knows a drawn world only


def models_folder() -> Path:
    """Where downloaded models lie: the user's data folder, or what TEMPO_DESK_MODELS names."""
    from platformdirs import user_data_path

    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else user_data_path("tempo-desk", appauthor=False) / "models"


def locate(name_or_folder: str | Path) -> Located:
    """Find a model. Raises `ModelError` if it is neither bundled, nor downloaded, nor a folder."""
    name = str(name_or_folder)
    if name in BUNDLED:
        return _bundled(name)
    if name in PUBLISHED:
        return _published(PUBLISHED[name])
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        resolved = folder.resolve()
        return Located(resolved.name, resolved, bundled=resolved.parent == ASSETS)
    raise ModelError(
        f"{name} is neither a model that this program knows nor a folder.",
        advice=f"Known are {', '.join((*BUNDLED, *PUBLISHED))}; or give the folder of a Tempo checkpoint.",
    )


def downloaded(model: Published) -> Path | None:
    """The folder of a model that is here whole: downloaded by this program, or in the hub's own cache."""
    folder = models_folder() / model.name
    return folder if is_complete(folder) else _in_cache(model)


def is_complete(folder: Path) -> bool:
    """Whether a download was finished and every file still has its size."""
    try:
        told = json.loads((folder / COMPLETE).read_text(encoding="utf-8"))
        return all((folder / one["place"]).stat().st_size == one["size"] for one in told["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _bundled(name: str) -> Located:
    folder = ASSETS / name
    if not folder.is_dir():
        raise ModelError(f"The bundled model {name} is missing: {folder} does not exist.", advice="Install it again.")
    return Located(name, folder, bundled=True)


def _published(model: Published) -> Located:
    folder = downloaded(model)
    if folder is None:
        raise ModelError(
            f"{model.title} is not on this machine.", advice=f"`main.py models download {model.name}` fetches it."
        )
    return Located(model.name, folder, bundled=False)


def _in_cache(model: Published) -> Path | None:
    """A snapshot that other programs downloaded, if its weights and those of its base model are all there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    from engine.weights.tensors import weights_complete

    try:
        folders = [Path(snapshot_download(repo, local_files_only=True)) for repo in (model.repo, model.base)]
    except (LocalEntryNotFoundError, OSError, ValueError):
        return None
    return folders[0] if all(map(weights_complete, folders)) else None
