"""A film's chapters: a path in, named spans on the film's own clock out. Nothing is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.ingest.timetable import container_start
from engine.ingest.video import open_container

_LEAST_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of film."""

    start_seconds: float
    end_seconds: float
    title: str  # never empty


def read_chapters(path: Path, *, duration_seconds: float) -> tuple[Chapter, ...]:
    """In the order of the film, each ending where the next begins. Raises `VideoError` if the file cannot be opened."""
    with open_container(path) as container:
        found, start = container.chapters(), float(container_start(container))
    return arrange([_moments(chapter, start) for chapter in found], duration_seconds)


def arrange(found: list[tuple[float, float, str]], duration_seconds: float) -> tuple[Chapter, ...]:
    """Sorted, inside the film, without gaps that only rounding made; of several that begin together the last."""
    inside = {round(max(start, 0.0), 3): (end, title) for start, end, title in sorted(found) if end > 0 or start >= 0}
    starts = [start for start in inside if start < duration_seconds]
    made = []
    for number, start in enumerate(starts, start=1):
        following = starts[number] if number < len(starts) else duration_seconds
        end, title = inside[start]
        if not start < end <= following or following - end < 0.1:
            end = following
        if end - start >= _LEAST_SECONDS:
            made.append(Chapter(start, end, title or f"Chapter {number}"))
    return tuple(made)


def _moments(chapter: Any, start: float) -> tuple[float, float, str]:
    base = chapter["time_base"]
    title = "".join(sign for sign in str(chapter["metadata"].get("title", "")) if sign.isprintable())
    return float(chapter["start"] * base) - start, float(chapter["end"] * base) - start, title.strip()
