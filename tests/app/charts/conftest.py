"""These run in a process of their own: `tests/app/test_charts_apart.py` says why and sets the variable."""

import os

collect_ignore_glob = [] if os.environ.get("TEMPO_DESK_CHARTS") else ["test_c*.py"]
