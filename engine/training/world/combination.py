"""Which combinations belong to training, validation and test: those of the other two are never met in training.

A combination is two things shown together, a thing and its setting or colour, or a word and its number. Almost every
scene of validation and test holds one of its own; what else it holds may be of the training.
"""

from __future__ import annotations

import zlib
from functools import cache

TRAIN, VALIDATION, TEST = SPLITS = ("train", "validation", "test")
FOLDS = 40  # of which one each is kept for validation and test: of ten, "never shown" was a rule worth learning


@cache
def split_of(one: object, other: object) -> str:
    """The split that the combination belongs to."""
    first, second = sorted((str(one), str(other)))
    fold = zlib.crc32(f"{first}|{second}".encode()) % FOLDS
    return {0: TEST, 1: VALIDATION}.get(fold, TRAIN)
