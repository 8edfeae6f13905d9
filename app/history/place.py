"""Where the history lies."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_VARIABLE = "TEMPO_DESK_DATA"  # another place for what cannot be made again
FILE = "history.sqlite"


def data_folder() -> Path:
    """The user's data folder, or what TEMPO_DESK_DATA names."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("tempo-desk", appauthor=False)
