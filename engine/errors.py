"""What can go wrong, as a tree. Every message is one plain sentence for the person at the screen.

    TempoError
    ├── VideoError          the film cannot be read                exit 3
    ├── ModelError          the model cannot be had or is wrong    exit 4
    ├── QuestionError       the request makes no sense as asked    exit 2
    │   └── BudgetError     the token budget cannot hold the film
    ├── OutOfMemoryError    the device ran out of memory           exit 4
    ├── SubtitleError       the subtitles cannot be read           (a note, the film plays on)
    ├── StoreError          the disk does not take the index       (a note, never a failed question)
    └── Cancelled           somebody pressed stop                  exit 130

`advice`, where set, is a second sentence: what the person can do about it.
"""

from __future__ import annotations


class TempoError(Exception):
    """Root of everything the engine raises on purpose."""

    exit_code = 1

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class VideoError(TempoError):
    """The film is missing, is not a film, or cannot be decoded."""

    exit_code = 3


class ModelError(TempoError):
    """The model is missing, incomplete, or not in the published layout."""

    exit_code = 4


class QuestionError(TempoError):
    """An option is out of bounds or contradicts another."""

    exit_code = 2


class BudgetError(QuestionError):
    """More segments than tokens: not even one token a segment fits."""


class OutOfMemoryError(TempoError):
    """The device ran out of memory in spite of the plan."""

    exit_code = 4


class SubtitleError(TempoError):
    """A file or track holds no subtitles that can be shown. The film plays without them."""


class StoreError(TempoError):
    """The index of a film cannot be kept on disk. Questions are answered without it."""


class Cancelled(TempoError):  # noqa: N818 - stopping is no error
    """Raised inside the engine when the cancel token is set."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("Stopped.")
