"""Engine events in, progress bars and the answer's words out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

from engine.record_text import printable

if TYPE_CHECKING:
    from engine.events import Event


class Watcher:
    """Shows what happens: progress on stderr if that is a terminal, the answer's words as they come."""

    def __init__(self, words: TextIO | None) -> None:
        self._words = words
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Watcher:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True, redirect_stdout=False)
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def __call__(self, event: Event) -> None:
        """Take one event of the engine."""
        from engine.events import FramesRead, SegmentIndexed, SegmentScored, TokenDecoded

        match event:
            case FramesRead(done, total):
                self._advance("Reading", done, total)
            case SegmentIndexed(_, done, total):
                self._advance("Indexing", done, total)
            case SegmentScored(_, _, done, total):
                self._advance("Scoring", done, total)
            case TokenDecoded(text):
                self.__exit__()
                if self._words is not None:
                    self._words.write(printable(text))
                    self._words.flush()

    def _advance(self, stage: str, done: int, total: int) -> None:
        if self._progress is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._progress.add_task(stage, total=total)
            self._progress.update(self._tasks[stage], completed=done, total=total)
