"""Where the indexes lie, and how much they may take."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine.settings import MEGABYTE

if TYPE_CHECKING:
    from engine.memory.store import Store
    from engine.settings import Settings

FOLDER_VARIABLE = "TEMPO_DESK_CACHE"  # another place for what can be made again


def cache_folder() -> Path:
    """The user's cache folder, or what TEMPO_DESK_CACHE names."""
    from platformdirs import user_cache_path

    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else user_cache_path("tempo-desk", appauthor=False)


def the_store(settings: Settings) -> Store:
    """The store that every window and command of this user shares. 10 GB hold 130 segments of Tempo-6B, or 1,000 as
    features."""
    from engine.memory.store import Store

    return Store(cache_folder() / "index", settings.disk_megabytes * MEGABYTE)
