"""The process that looks for shot cuts, as its caller starts it."""

from __future__ import annotations

import json
import subprocess
import sys

from engine.cut_process import packed
from engine.ingest.video import open_video


def test_it_ends_well_while_its_caller_still_listens(short_film):
    """Its own listener is in the middle of a read then, which Python's end takes for a deadlock."""
    command = [sys.executable, "-m", "engine.cut_process", "--hurry"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(packed(open_video(short_film)))
        process.stdin.flush()
        told = [json.loads(line) for line in process.stdout]
        assert process.wait(20) == 0
        assert process.stderr.read() == b""
    assert told[-1] == {"done": True}
