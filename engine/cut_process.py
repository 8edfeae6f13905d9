"""A process of its own that looks for shot cuts: a film and words on stdin, what was found on stdout, line by line.

A thread that yields to all others may be left waiting with Python's lock in its hand, and then a window waits with it;
a process cannot. It works at the lowest priority unless started with `--hurry`, and ends when nobody is left who
listens.

In: four bytes (the length, big-endian), a pickled `Film`, then lines: `rest` or `go`. Out: JSON, one object a line:
`{"seconds": reached, "cuts": [..]}` with the cuts since the last line, `{"done": true}` at the end, or
`{"trouble": "a sentence"}`.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

from engine.cancel import CancelToken
from engine.errors import Cancelled, TempoError
from engine.ingest.video import Film

TELL_SECONDS = 0.25  # between two lines


def packed(film: Film) -> bytes:
    """What the process is told first."""
    data = pickle.dumps(film)
    return len(data).to_bytes(4, "big") + data


def main() -> int:
    """Search, and say what was found."""
    if "--hurry" not in sys.argv:
        yield_to_others()
    source = sys.stdin.buffer
    film = read_film(source)
    if film is None:
        return 1
    cancel, free = CancelToken(), threading.Event()
    free.set()
    threading.Thread(target=listen, args=(source, free, cancel), daemon=True).start()
    try:
        search(film, cancel, free, tell)
    except (Cancelled, BrokenPipeError):
        return 1
    except TempoError as error:
        tell({"trouble": error.message})
    return 0


def search(film: Film, cancel: CancelToken, free: threading.Event, tell: Callable[[dict[str, object]], None]) -> None:
    """The whole film, with a line now and then. Raises `VideoError` if it is gone, `Cancelled`."""
    from engine.ingest.cuts import find_cuts

    waiting: list[float] = []
    told = time.monotonic()
    for found in find_cuts(film, cancel=cancel):
        waiting += found.cuts
        if time.monotonic() - told >= TELL_SECONDS:
            tell({"seconds": found.seconds, "cuts": waiting})
            waiting, told = [], time.monotonic()
        while not free.wait(0.1):
            cancel.check()
    tell({"seconds": film.info.duration_seconds, "cuts": waiting})
    tell({"done": True})


def read_film(source: BinaryIO) -> Film | None:
    """The film that the caller packed; None if the caller went away."""
    head = source.read(4)
    data = source.read(int.from_bytes(head, "big"))
    film = pickle.loads(data) if data else None
    return film if isinstance(film, Film) else None


def listen(source: BinaryIO, free: threading.Event, cancel: CancelToken) -> None:
    """Rest and go on as told; end with the caller."""
    for line in source:
        free.clear() if line.strip() == b"rest" else free.set()
    cancel.cancel()
    free.set()


def tell(word: dict[str, object]) -> None:
    """One line."""
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


def yield_to_others() -> None:
    """The lowest priority for computing. Not for the disk: who waits there without end cannot be ended either."""
    import psutil

    process = psutil.Process()
    try:
        process.nice(psutil.IDLE_PRIORITY_CLASS if os.name == "nt" else 19)
    except (OSError, psutil.Error):  # not allowed here: then at the usual one
        return


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the listener waits in a read that holds the lock of stdin: Python's own end would be a crash
