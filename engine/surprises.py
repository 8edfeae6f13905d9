"""Errors that nobody raised on purpose, turned into plain sentences in one place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import OutOfMemoryError, TempoError

log = logging.getLogger(__name__)

OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "failed to allocate")


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Let `TempoError` pass and raise every other error as one. The original goes to the log and stays its cause."""
    try:
        yield
    except TempoError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise OutOfMemoryError(
                "The device ran out of memory.",
                advice="Sample fewer frames, ask about a shorter range, or choose a smaller precision.",
            ) from error
        log.info("a surprise", exc_info=True)
        told = (str(error).splitlines() or [""])[0].rstrip(". ")
        raise TempoError(f"Something unexpected went wrong ({type(error).__name__}: {told}).") from error


def is_out_of_memory(error: Exception) -> bool:
    """True for what Python and PyTorch raise when memory is gone; PyTorch on the CPU raises a plain RuntimeError."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in OUT_OF_MEMORY)
