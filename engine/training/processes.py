"""One command in several processes on this machine, as accelerate expects to find them (`launch.py`).

torchrun does the same, but answers an error of one of them, or Ctrl+C, with tracebacks of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import IO

# By default glibc gives every large block back at once, and the system clears it anew: 8 % of forward and backward.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**33)}
LOOK_EVERY, PATIENCE, GRACE = 0.2, 3.0, 10.0  # seconds


def run_several(count: int, arguments: Sequence[str]) -> int:
    """`python` with these arguments `count` times, each with its share of the cores; 0, or the exit status of the one
    that failed, which ends the others.

    The first one tells how it goes; what others say of errors is told only where they failed and it did not, for they
    complain about a partner that is gone as well.
    """
    with ExitStack() as stack:
        said: list[IO[str]] = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(count - 1)]
        running = [
            subprocess.Popen([sys.executable, *arguments], env={**os.environ, **one}, stderr=stderr)
            for one, stderr in zip(_environments(count), (None, *said), strict=True)
        ]
        try:
            place, status = _awaited(running)
        except KeyboardInterrupt:  # they had it too
            return 130
        finally:
            _end(running)
        if status and place:
            said[place - 1].seek(0)
            sys.stderr.write(said[place - 1].read())
    return status


def _environments(count: int) -> list[Mapping[str, str]]:
    threads = os.environ.get("OMP_NUM_THREADS") or str(max(1, (os.cpu_count() or 1) // count))
    shared = {
        "TORCH_CPP_LOG_LEVEL": os.environ.get("TORCH_CPP_LOG_LEVEL", "ERROR"),  # that every step trains all is no news
        **{name: os.environ.get(name, value) for name, value in KEEP_MEMORY.items()},
        "OMP_NUM_THREADS": threads,
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(_free_port()),
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
    }
    return [{**shared, "RANK": str(number), "LOCAL_RANK": str(number)} for number in range(count)]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _awaited(running: Sequence[subprocess.Popen[bytes]]) -> tuple[int, int]:
    """Which of them failed, and its status; the first and 0 when all are done."""
    while True:
        ended = [one.poll() for one in running]
        for place, status in enumerate(ended):
            if status and place and _fails_too(running[0]):  # for the same reason, most likely
                place, status = 0, running[0].returncode
            if status:
                return place, status if status > 0 else 128 - status
        if all(status == 0 for status in ended):
            return 0, 0
        time.sleep(LOOK_EVERY)


def _fails_too(process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.wait(PATIENCE) != 0
    except subprocess.TimeoutExpired:
        return False


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for one in running:
        if one.poll() is None:
            one.terminate()
    for one in running:
        try:
            one.wait(GRACE)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
